"""Does the database answer, and would it let us write? Asked on a connection of its own, and not for long."""

from contextlib import suppress
from typing import Final

from django.db import Error, connections

from scheduling.database import limits, outages
from scheduling.database.outages import Reason

PATIENCE: Final = 1  # seconds for each step


def ask() -> Reason | None:
    """Why the database cannot serve now; None where it can. Writes nothing, and changes nothing.

    What only shows when something is written (a full disk) is not seen here: `journal` has that.
    """
    wrapper = limits.apart(connections["default"], seconds=PATIENCE)
    try:
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
    except Error as error:
        return outages.reason(error, waited=PATIENCE * outages.LONG)
    finally:
        with suppress(Error):
            wrapper.close()
    return None
