"""Which errors say that the database cannot serve now, in one word each; all others are faults of ours."""

import shutil
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error

LEAST_ROOM: Final = 1024 * 1024  # bytes; with less on its disk an input/output error of SQLite is no riddle
LONG: Final = 4.0  # seconds; a connection that is lost after them was waited for in vain


class Reason(StrEnum):
    """The word for logs and for /readyz."""

    AWAY = "away"  # nobody answers, or lets us in
    HUNG = "hung"  # somebody is there, and says nothing
    LOCKED = "locked"  # somebody else holds what we need
    READ_ONLY = "read_only"
    FULL = "full"  # the disk has no room


# MySQL's and MariaDB's numbers (Galera's among them).
NUMBERS: Final = {
    2002: Reason.AWAY,  # no connection through the socket
    2003: Reason.AWAY,  # no connection to the host
    2005: Reason.AWAY,  # unknown host
    2006: Reason.AWAY,  # gone away
    2013: Reason.AWAY,  # lost during a query; HUNG where it was waited for
    2055: Reason.AWAY,  # lost, with the system's error
    1040: Reason.AWAY,  # too many connections
    1203: Reason.AWAY,  # too many of this user
    1042: Reason.AWAY,  # the server can't look up our host
    1047: Reason.AWAY,  # a node that is not in its cluster
    1053: Reason.AWAY,  # is shutting down
    1077: Reason.AWAY,
    1079: Reason.AWAY,
    1152: Reason.AWAY,  # aborted
    1158: Reason.AWAY,  # reading or writing packets failed
    1159: Reason.HUNG,
    1160: Reason.AWAY,
    1161: Reason.HUNG,
    1184: Reason.AWAY,  # aborted
    1927: Reason.AWAY,  # the connection was killed
    4031: Reason.AWAY,  # disconnected for having been idle
    1317: Reason.HUNG,  # the query was interrupted
    1969: Reason.HUNG,  # max_statement_time
    3024: Reason.HUNG,  # max_execution_time
    1020: Reason.LOCKED,  # changed since the last read
    1205: Reason.LOCKED,  # lock wait timeout
    1213: Reason.LOCKED,  # deadlock
    1223: Reason.LOCKED,  # a read lock of our own
    3572: Reason.LOCKED,  # NOWAIT
    1290: Reason.READ_ONLY,  # --read-only
    1792: Reason.READ_ONLY,  # a read-only transaction
    1836: Reason.READ_ONLY,  # running in read-only mode
    1015: Reason.LOCKED,  # can't lock the file
    1021: Reason.FULL,  # disk full
    1026: Reason.FULL,  # writing a file failed
    1041: Reason.AWAY,  # out of memory
    1114: Reason.FULL,  # the table is full
}
# Those after which the same may succeed on another connection; the first of a kind that COMMIT may have met.
LOST: Final = frozenset({2002, 2003, 2006, 2013, 2055, 1047, 1053, 1927})
CONFLICTS: Final = frozenset({1213, 1205, 1020})
ANSWER_LOST: Final = frozenset({2013, 2055})
# How SQLite's own names begin.
NAMES: Final = {
    "SQLITE_BUSY": Reason.LOCKED,
    "SQLITE_LOCKED": Reason.LOCKED,
    "SQLITE_READONLY": Reason.READ_ONLY,
    "SQLITE_FULL": Reason.FULL,
    "SQLITE_CANTOPEN": Reason.AWAY,
    "SQLITE_PROTOCOL": Reason.LOCKED,
}
MESSAGES: Final = {
    "is locked": Reason.LOCKED,
    "readonly database": Reason.READ_ONLY,
    "disk is full": Reason.FULL,
    "unable to open database file": Reason.AWAY,
}
# What the system said about a connection: "Resource temporarily unavailable", "Connection timed out".
TIMED_OUT: Final = ("(11)", "(110)", "error: 11", "error: 110")


def code(error: BaseException) -> int | None:
    """The server's number for an error; None on SQLite."""
    return error.args[0] if error.args and isinstance(error.args[0], int) else None


def reason(error: BaseException, waited: float = 0.0) -> Reason | None:
    """Why the database cannot serve; None for an error that says nothing of the kind.

    `waited`: seconds for which the request that met it had been served.
    """
    if not isinstance(error, Error):
        return None
    given: Reason | None = getattr(error, "reason", None)
    if given is not None:
        return given
    number = code(error)
    if number is None:
        return _of_sqlite(error)
    if number in (2002, 2003) and any(text in str(error) for text in TIMED_OUT):
        return Reason.HUNG
    if number in (2006, 2013) and waited >= LONG:
        return Reason.HUNG
    if number in (3, 1030) and "28" in str(error):  # the system's "no space left on device"
        return Reason.FULL
    if number == 0:  # a connection that was closed under our hands
        return Reason.AWAY
    return NUMBERS.get(number)


def is_lost(error: BaseException) -> bool:
    """Whether the connection is of no use any more, and the same may succeed on another."""
    return code(error) in LOST


def is_conflict(error: BaseException) -> bool:
    """Whether others stood in the way, and the same transaction from its beginning may succeed."""
    return code(error) in CONFLICTS or (code(error) is None and reason(error) is Reason.LOCKED)


def loses_the_answer(error: BaseException) -> bool:
    """Whether what was asked last may have been done all the same."""
    return code(error) in ANSWER_LOST


def _of_sqlite(error: Error) -> Reason | None:
    name = getattr(error.__cause__ or error, "sqlite_errorname", None) or ""
    if name.startswith("SQLITE_IOERR") or "disk I/O error" in str(error):
        return Reason.FULL if _is_disk_full() else Reason.AWAY
    for begins, word in NAMES.items():
        if name.startswith(begins):
            return word
    return next((word for text, word in MESSAGES.items() if text in str(error)), None)


def _is_disk_full() -> bool:
    folder = Path(str(settings.DATABASES["default"]["NAME"])).parent
    try:
        return shutil.disk_usage(folder).free < LEAST_ROOM
    except OSError:
        return False
