"""Several tables renamed at once."""

from collections.abc import Iterable
from typing import Final

from django.db import OperationalError, connection

from scheduling.legacy.stopped import AdoptionError

LOCK_TIMED_OUT: Final = 1205


def rename(pairs: Iterable[tuple[str, str]]) -> None:
    """One RENAME TABLE, which the server does whole or not at all; foreign keys follow.

    Raises AdoptionError where another program has held a table for half a minute.
    """
    told = ", ".join(f"`{old}` TO `{new}`" for old, new in pairs)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"RENAME TABLE {told}")
    except OperationalError as error:
        if error.args and error.args[0] == LOCK_TIMED_OUT:
            raise AdoptionError(
                "Another program is using the tables. Stop the application, then run this again."
            ) from error
        raise
