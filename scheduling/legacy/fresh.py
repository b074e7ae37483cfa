"""The new schema beside the kept originals: in utf8mb4, whole, also after a run that was killed inside it."""

from collections.abc import Set
from typing import Any, Final

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from scheduling.legacy import schema
from scheduling.legacy.reading import next_id
from scheduling.legacy.state import has_rows, own_models
from scheduling.legacy.stopped import AdoptionError, Say
from scheduling.models.fields import WordField

CHARSET: Final = "utf8mb4"
COLLATION: Final = "utf8mb4_unicode_ci"
MIGRATIONS: Final = "django_migrations"


def in_the_way() -> list[str]:
    """Tables and views of other people's with names of ours. Found before anything is touched."""
    tables = schema.tables(include_views=True)
    recorded = {label for label, _ in MigrationRecorder(connection).applied_migrations()}
    found: list[str] = []
    for config in apps.get_app_configs():
        if config.label in recorded:
            continue
        for table in _tables_of(config.label) & (tables - set(schema.OLD_TABLES)):
            # An empty one of another app may come from a `migrate` that failed on the old tables.
            if config.label == "scheduling" or has_rows(table):
                found.append(f"The table {table} is not of the old book, and its name is needed.")
    return sorted(found)


def make_schema(say: Say) -> None:
    """Bring the new tables about, whatever a killed run left. Raises AdoptionError where rows would go."""
    _set_charset(say)
    _clear_half_made(say)
    _convert_leftovers()
    try:
        # Also where every migration is recorded: it makes the permissions that a killed run may lack.
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        number = error.args[0] if error.args else ""
        raise AdoptionError(
            "The new tables could not be made; the old ones are kept aside as they were.",
            [f"The server answered: error {number}. A migration may have been cut off earlier."],
        ) from error
    _continue_ids()


def is_whole() -> bool:
    """Whether every migration is recorded and every table of ours is there."""
    tables = schema.tables()
    if MIGRATIONS not in tables or _pending():
        return False
    return all(_tables_of(config.label) <= tables for config in apps.get_app_configs())


def _tables_of(label: str) -> set[str]:
    return {model._meta.db_table for model in own_models(label)}


def _pending() -> set[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {migration.app_label for migration, _ in plan}


def _set_charset(say: Say) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@character_set_database, @@collation_database")
        if cursor.fetchone() == (CHARSET, COLLATION):
            return
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} CHARACTER SET {CHARSET} COLLATE {COLLATION}")
    say(f"  The database's default character set is now {CHARSET}.")


def _clear_half_made(say: Say) -> None:
    """DDL is not transactional: a migration that was cut off can't be run again. Where an app has
    migrations to come and its tables are empty, they are dropped, to be made afresh."""
    tables = schema.tables()
    if MIGRATIONS not in tables:
        MigrationRecorder(connection).ensure_schema()
    half = {label for label in _pending() | _without_tables(tables) if _is_made_and_empty(label, tables)}
    doomed = _with_dependents(half)
    full = [table for label in doomed - half for table in _tables_of(label) & tables if has_rows(table)]
    if full:
        raise AdoptionError(
            "An earlier run was cut off inside a migration, and tables that hang on it hold rows.",
            [f"{table} holds rows; nothing was dropped." for table in sorted(full)],
        )
    if not doomed:
        return
    say(f"  An earlier run was cut off: {len(doomed)} apps without any rows are made afresh.")
    forget_migrations(doomed)
    drop(sorted(table for label in doomed for table in _tables_of(label) & tables))


def _without_tables(tables: Set[str]) -> set[str]:
    """Apps of which migrations are recorded, but not all of their tables are there."""
    recorded = {label for label, _ in MigrationRecorder(connection).applied_migrations()}
    known = {config.label for config in apps.get_app_configs()}
    return {label for label in recorded & known if not _tables_of(label) <= tables}


def _is_made_and_empty(label: str, tables: Set[str]) -> bool:
    """Whether anything of the app was made (tables, or records of it) and no row is in it."""
    recorded = any(app == label for app, _ in MigrationRecorder(connection).applied_migrations())
    there = _tables_of(label) & tables
    return bool(there or recorded) and not any(has_rows(table) for table in there)


def _with_dependents(labels: Set[str]) -> set[str]:
    """The apps and those whose migrations need theirs: Django refuses a history with a hole in it."""
    graph = MigrationExecutor(connection).loader.graph
    nodes = [node for node in graph.nodes if node[0] in labels]
    return {label for node in nodes for label, _ in graph.backwards_plan(node)}


def forget_migrations(labels: Set[str]) -> None:
    """Un-record the apps' migrations. Before their tables go: killed in between, they count as half-made."""
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(app__in=labels).delete()


def drop(tables: list[str]) -> None:
    """Drop tables in one statement, whatever points at them. Only names that this program has made."""
    if not tables:
        return
    names = ", ".join(f"`{table}`" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION foreign_key_checks = 0")
        try:
            cursor.execute(f"DROP TABLE {names}")
        finally:
            cursor.execute("SET SESSION foreign_key_checks = 1")


def _convert_leftovers() -> None:
    """Tables of ours that a `migrate` on the old database made in its old character set."""
    ours = {MIGRATIONS}.union(*(_tables_of(config.label) for config in apps.get_app_configs()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
            " AND table_collation <> %s",
            [COLLATION],
        )
        found = {row[0] for row in cursor.fetchall()}
        for table in sorted(found & ours):
            cursor.execute(f"ALTER TABLE `{table}` CONVERT TO CHARACTER SET {CHARSET} COLLATE {COLLATION}")
            _set_own_collations(cursor, table)


def _set_own_collations(cursor: Any, table: str) -> None:
    """Search words are compared letter by letter; the conversion of the whole table has undone that."""
    for model in own_models("scheduling"):
        for field in model._meta.concrete_fields:
            if model._meta.db_table == table and isinstance(field, WordField):
                kind = f"{field.db_type(connection)} CHARACTER SET {CHARSET} COLLATE {CHARSET}_bin"
                cursor.execute(f"ALTER TABLE `{table}` MODIFY `{field.column}` {kind} NOT NULL")


def _continue_ids() -> None:
    """New rows get ids after those that the old database has given, also where the last rows were deleted."""
    with connection.cursor() as cursor:
        for table in schema.EXPECTED:
            after = next_id(schema.PREFIX, table)
            cursor.execute(f"ALTER TABLE `{table}` AUTO_INCREMENT = {after}")
