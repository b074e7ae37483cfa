"""Putting a backup in the place of what is stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from scheduling.backups import archive, of_mariadb, of_sqlite
from scheduling.backups.archive import Archive, Manifest
from scheduling.backups.failed import BackupFailed
from scheduling.database import probe
from scheduling.database.schema_lock import SchemaLocked, schema_lock

# A database in which none of these has a row holds nothing that anybody made.
MADE_BY_PEOPLE: Final = ("accounts_user", "patients", "appointments", "doctors", "specialties")
ENGINES: Final = {"sqlite": "SQLite", "mysql": "MariaDB or MySQL"}


def is_empty() -> bool:
    """Whether nothing would be lost: no tables, or those of a fresh installation."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if not tables & set(MADE_BY_PEOPLE):
            return not tables
        for table in tables.intersection(MADE_BY_PEOPLE):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return False
    return True


def restore(path: Path, *, tell: Callable[[str], object]) -> Manifest:
    """Put the backup in the place of everything that the database holds, and compare what it holds then with
    what the backup says; `tell` hears of each step. An older backup's tables are migrated to this version's.

    Raises `BackupFailed`; before anything was changed, unless it says otherwise.
    """
    with archive.opened(path) as opened:
        manifest = opened.manifest
        _fits(opened)
        opened.verify()
        tell("The backup is whole.")
        try:
            with schema_lock():
                load = of_mariadb.load if connection.vendor == "mysql" else of_sqlite.load
                load(opened.pieces())
        except SchemaLocked:
            raise BackupFailed(
                "This database is migrated, backed up or restored by somebody else now. Nothing was changed: "
                "try again when that is done."
            ) from None
    _compare(manifest)
    rows = sum(manifest.counts.values())
    tell(f"Restored: {rows} rows in {len(manifest.counts)} tables, as the backup says.")
    if probe.waits_for_migrations(connection):
        tell(f"Migrating from version {manifest.version}.")
        call_command("migrate", verbosity=0)
    return manifest


def _fits(opened: Archive) -> None:
    manifest = opened.manifest
    if manifest.vendor != connection.vendor:
        raise BackupFailed(
            f"This backup is of {ENGINES[manifest.vendor]}, and the database is "
            f"{ENGINES[connection.vendor]}. Nothing was changed."
        )
    known = {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.disk_migrations}
    if unknown := set(manifest.migrations) - known:
        raise BackupFailed(
            f"This backup is of version {manifest.version}, which has changes of the tables that this one "
            f"does not know ({min(unknown)}). Install that version first. Nothing was changed."
        )


def _compare(manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        for table, expected in manifest.counts.items():
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            (found,) = cursor.fetchone()
            if found != expected:
                raise BackupFailed(
                    f"Restored, but {table} has {found} rows and not {expected}, as the backup says. Do not "
                    "go on with this database."
                )
