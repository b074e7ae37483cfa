"""One action, one transaction: run again as a whole where the database asks for it."""

import logging
import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from scheduling import metrics
from scheduling.database import breaker, deadline, outages

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS: Final = 6
FIRST_PAUSE: Final = 0.02  # seconds; doubles each time, with jitter
LONGEST_PAUSE: Final = 0.64

logger = logging.getLogger(__name__)


def may_run_again(error: OperationalError) -> bool:
    """Whether the same transaction, run from its beginning, can succeed."""
    return outages.is_conflict(error) or outages.is_lost(error)


def in_one_transaction(action: Callable[P, T]) -> Callable[P, T]:
    """Run the action in a transaction of its own, up to six times; in a request, for as long as its deadline
    allows.

    The action must be idempotent: it asks whether its work is already done, or writes what a unique key
    refuses a second time (an appointment's uuid), so that running it again after a lost COMMIT answer finds
    the first result instead of repeating it.
    Raises the last OperationalError when the attempts are used up.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        def once() -> T:
            with transaction.atomic(durable=True):
                done = action(*args, **kwargs)
            if (serving := deadline.serving()) is not None:
                serving.may_have_written = True
            return done

        return _tried(once, action.__name__)

    return run


def asked_again(read: Callable[[], T]) -> T:
    """What the database says, asked again where the connection was lost. Inside a transaction only the whole
    of it may run again, so there it is asked once."""
    return read() if connection.in_atomic_block else _tried(read, "a question")


def _tried(once: Callable[[], T], name: str) -> T:
    attempt = 0
    while True:
        attempt += 1
        try:
            return once()
        except OperationalError as error:
            serving = deadline.serving()
            if not may_run_again(error):
                raise
            if serving is not None:
                serving.last = error
                breaker.note(error, serving)
            # A request has its deadline: a cluster takes seconds to change its writer, a deadlock none.
            if not deadline.allows_another() or (serving is None and attempt == ATTEMPTS):
                raise
            metrics.ran_again("lost" if outages.is_lost(error) else "conflict")
            if attempt == 1 or not outages.is_lost(error):  # an outage is many attempts of everybody
                logger.info("%s runs again (attempt %s, code %s)", name, attempt, outages.code(error))
            if outages.is_lost(error):
                connection.close()
            pause = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
            time.sleep(random.uniform(0.5, 1) * pause)  # noqa: S311  (no secret)
