"""Where the adoption of this database stands, read from the database itself."""

from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from enum import Enum
from typing import Final

from django.apps import apps
from django.db import DatabaseError, connection, models

from scheduling.legacy.schema import EXPECTED, OLD_TABLES, PREFIX, VERSION_TABLE
from scheduling.legacy.stopped import AdoptionError
from scheduling.models import Appointment, AppointmentEvent, Doctor, Patient, Specialty

UNDONE: Final = "undone_"  # what an undo sets aside before it drops it
PATIENCE_SECONDS = 30  # how long RENAME waits for a forgotten old application, instead of a day
LOCK_SECONDS = 10  # how long to wait until the server has noticed that an earlier run was killed

# The new model of each old table.
MODELS: Final[dict[str, type[models.Model]]] = {
    "specialties": Specialty,
    "doctors": Doctor,
    "patients": Patient,
    "appointments": Appointment,
}


class Place(Enum):
    """Where the old tables are."""

    HERE = "under their own names"
    ASIDE = "kept under legacy_ names"
    PARTLY_DROPPED = "partly dropped"
    ABSENT = "not here"


def refuse_other_engines() -> None:
    """Raises AdoptionError unless the database is MySQL or MariaDB."""
    if connection.vendor != "mysql":
        raise AdoptionError(
            "adopt_legacy works on the old MySQL or MariaDB database itself, and this is "
            f"{connection.display_name}: set DATABASE_URL to mysql://..."
        )


@contextmanager
def alone() -> Iterator[None]:
    """No second adoption, undo or drop at the same time. The server frees the lock of a killed process."""
    name = f"adopt_legacy.{connection.settings_dict['NAME']}"[:64]
    with connection.cursor() as cursor:
        cursor.execute("SELECT GET_LOCK(%s, %s)", [name, LOCK_SECONDS])
        if cursor.fetchone()[0] != 1:
            raise AdoptionError("Another adopt_legacy is at work on this database. Wait until it ends.")
        cursor.execute("SET SESSION lock_wait_timeout = %s", [PATIENCE_SECONDS])
    try:
        yield
    finally:
        # A connection that broke has freed the lock, and its own error is the one to tell.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT RELEASE_LOCK(%s)", [name])


def place(tables: Set[str]) -> Place:
    """Where the old tables are, by the names of all tables. Raises AdoptionError where both are there."""
    aside = {PREFIX + table for table in OLD_TABLES} & tables
    if VERSION_TABLE in tables:
        if aside:
            names = ", ".join(sorted(aside))
            raise AdoptionError(
                "Nothing was touched: the old tables are here, and their place is taken.",
                [f"Rename or remove {names} first."],
            )
        return Place.HERE
    if not aside:
        return Place.ABSENT
    return Place.ASIDE if len(aside) == len(OLD_TABLES) else Place.PARTLY_DROPPED


def own_models(label: str) -> list[type[models.Model]]:
    """An app's models that have a table, the automatic many-to-many ones included."""
    config = apps.get_app_config(label)
    return [m for m in config.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]


def scheduling_tables() -> list[str]:
    """The tables that this application keeps its book in."""
    return [model._meta.db_table for model in own_models("scheduling")]


def has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM `{table}`)")  # noqa: S608
        return bool(cursor.fetchone()[0])


def adopted_without_originals(tables: Set[str]) -> bool:
    """Whether the new book came from an old one whose tables are gone by now."""
    if AppointmentEvent._meta.db_table not in tables:
        return False
    return AppointmentEvent.objects.filter(kind=AppointmentEvent.Kind.ADOPTED).exists()


def matching_rows() -> int:
    """How many rows of the kept originals are in the new tables, by id and uuid."""
    count = 0
    with connection.cursor() as cursor:
        for table in EXPECTED:
            cursor.execute(
                f"SELECT COUNT(*) FROM `{table}` n JOIN `{PREFIX}{table}` o ON n.`id` = o.`id`"  # noqa: S608
                " AND n.`uuid` = LOWER(CONVERT(o.`uuid` USING utf8mb4)) COLLATE utf8mb4_unicode_ci"
            )
            count += int(cursor.fetchone()[0])
    return count


def is_copied(tables: Set[str]) -> bool:
    """Whether the copy is done. It is one transaction: one row of it means all of it.

    Raises AdoptionError where the new tables hold rows that did not come from the copy.
    """
    if not set(EXPECTED) <= tables:
        return False
    if matching_rows():
        return True
    foreign = [table for table in scheduling_tables() if table in tables and has_rows(table)]
    # Kinds of visit may be recorded before; all else hangs on the rows to be copied.
    foreign = [table for table in foreign if table != "visit_types"]
    if foreign:
        raise AdoptionError(
            "The copy was not made: someone has used the new tables since they were made.",
            [f"{table} holds rows that are not from the old book." for table in foreign]
            + ["`adopt_legacy --undo --discard-changes` throws them away and puts the old tables back."],
        )
    return False


def nothing_here(tables: Set[str]) -> AdoptionError:
    """What to say of a database without the old book."""
    missing = [f"The table {table} is missing." for table in OLD_TABLES if table not in tables]
    name = connection.settings_dict["NAME"]
    return AdoptionError(f"Nothing was touched: the database {name} does not hold the old book.", missing)
