"""One deadline for all that a request asks of the database, over all its attempts.

Outside of a request there is none: commands take the time that they need.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from django.db import OperationalError

from scheduling.database.outages import Reason

# Seconds; with less left nothing is begun. What is begun may wait as long as `limits` says.
SHORTEST: Final = 1.0


class DeadlineOver(OperationalError):
    """The request has waited long enough: this was not asked."""

    reason = Reason.HUNG


@dataclass
class Serving:
    """A request that is being served. Moments are `time.monotonic`'s."""

    began: float
    ends: float
    # Something was done, or may have been whose answer never came: what else fails, that may stand.
    may_have_written: bool = False
    last: Exception | None = None  # what the last attempt of several met
    in_database: float = 0.0  # seconds of waiting for its answers
    met: Exception | None = None  # what ended the request: nothing more is asked in it


_serving: ContextVar[Serving | None] = ContextVar("serving", default=None)


@contextmanager
def within(seconds: float, began: float | None = None) -> Iterator[Serving]:
    """For one request, which has waited since `began`: nothing is asked of the database later than this."""
    began = time.monotonic() if began is None else began
    serving = Serving(began, began + seconds)
    token = _serving.set(serving)
    try:
        yield serving
    finally:
        _serving.reset(token)


def serving() -> Serving | None:
    """The request that this thread serves."""
    return _serving.get()


def check() -> None:
    """Before anything is asked. Raises DeadlineOver."""
    now = _serving.get()
    if now is not None and (now.met is not None or not allows_another()):
        raise DeadlineOver("the time of this request is over")


def waited() -> float:
    """Seconds since the request began; 0 outside of one."""
    now = _serving.get()
    return 0.0 if now is None else time.monotonic() - now.began


def waited_for_the_database(since: float) -> None:
    """Note the time that a question took which was asked at this moment."""
    now = _serving.get()
    if now is not None:
        now.in_database += time.monotonic() - since


def allows_another() -> bool:
    """Whether there is time to begin anything; always outside of a request."""
    now = _serving.get()
    left = math.inf if now is None else now.ends - time.monotonic()
    return left >= SHORTEST
