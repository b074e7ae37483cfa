"""One action, one transaction: run again as a whole where the database asks for it."""

import logging
import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS: Final = 6
FIRST_PAUSE: Final = 0.02  # seconds; doubles each time, with jitter

# MySQL and MariaDB: deadlock, lock wait timeout, record changed since the last read (Galera, MariaDB 11).
CONFLICTS: Final = frozenset({1213, 1205, 1020})
# Server has gone away, connection lost during the query: the answer to COMMIT may be among what was lost.
LOST_CONNECTION: Final = frozenset({2006, 2013})

logger = logging.getLogger(__name__)


def _code(error: OperationalError) -> int | None:
    return error.args[0] if error.args and isinstance(error.args[0], int) else None


def may_run_again(error: OperationalError) -> bool:
    """Whether the same transaction, run from its beginning, can succeed."""
    code = _code(error)
    return code in CONFLICTS or code in LOST_CONNECTION or "database is locked" in str(error)


def in_one_transaction(action: Callable[P, T]) -> Callable[P, T]:
    """Run the action in a transaction of its own, up to six times.

    The action must be idempotent: it asks whether its work is already done, or writes what a unique key
    refuses a second time (an appointment's uuid), so that running it again after a lost COMMIT answer finds
    the first result instead of repeating it.
    Raises the last OperationalError when the attempts are used up.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        def once() -> T:
            with transaction.atomic(durable=True):
                return action(*args, **kwargs)

        return _tried(once, action.__name__)

    return run


def asked_again(read: Callable[[], T]) -> T:
    """What the database says, asked again where the connection was lost. Inside a transaction only the whole
    of it may run again, so there it is asked once."""
    return read() if connection.in_atomic_block else _tried(read, "a question")


def _tried(once: Callable[[], T], name: str) -> T:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return once()
        except OperationalError as error:
            if attempt == ATTEMPTS or not may_run_again(error):
                raise
            logger.info("%s runs again (attempt %s, code %s)", name, attempt, _code(error))
            if _code(error) in LOST_CONNECTION:
                connection.close()
            time.sleep(random.uniform(0.5, 1) * FIRST_PAUSE * 2**attempt)  # noqa: S311  (no secret)
    raise AssertionError("unreachable")
