"""Does the database answer, and would it let us write? Asked on a connection of its own, and not for long."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from scheduling.database import limits, outages
from scheduling.database.outages import Reason

PATIENCE: Final = 1  # seconds for each step


def ask() -> Reason | None:
    """Why the database cannot serve now; None where it can. Writes nothing, and changes nothing.

    What only shows when something is written (a full disk) is not seen here: `journal` has that.
    """
    try:
        with impatient() as connection:
            ask_for_writing(connection)
    except Error as error:
        return reason(error)
    return None


@contextmanager
def impatient() -> Iterator[BaseDatabaseWrapper]:
    """A connection on which nothing is waited for longer than `PATIENCE`, for as long as the block runs."""
    wrapper = limits.apart(connections["default"], seconds=PATIENCE)
    try:
        yield wrapper
    finally:
        with suppress(Error):
            wrapper.close()


def ask_for_writing(wrapper: BaseDatabaseWrapper) -> None:
    """Ask as who is about to write. Raises Django's errors."""
    with wrapper.cursor() as cursor:
        if wrapper.vendor == "mysql":
            cursor.execute("SELECT 1")
            cursor.fetchall()
            # Asks for the locks that every write needs, of no row.
            cursor.execute("UPDATE django_migrations SET name = name WHERE 1 = 0")
        else:
            cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")


def waits_for_migrations(wrapper: BaseDatabaseWrapper) -> bool:
    """Whether a migration is to come, asked over this connection and no other: Django's executor would ask
    over the one of the same name, and wait there as patiently as that does. Raises Django's errors."""
    if not MigrationRecorder(wrapper).has_table():
        return True
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    migrations = MigrationLoader(None).graph.nodes
    return any(
        key not in applied and not applied.issuperset(migration.replaces or [key])
        for key, migration in migrations.items()
    )


def reason(error: Error) -> Reason | None:
    """What an error on such a connection says of the database."""
    return outages.reason(error, waited=PATIENCE * outages.LONG)
