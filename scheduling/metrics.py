"""What is counted for Prometheus, and nothing else: every layer may say that something happened.

No label is a name, a path or an identity, and each has few values: with several workers every one of them is
kept by each worker, in a file. Counting raises nothing and asks no database.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from typing import Final, Literal, ParamSpec

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

P = ParamSpec("P")

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What an alarm should see from its first time on is there from the start, as 0.
DOORS: Final = ("desk", "patient", "api")
OUTAGES: Final = ("away", "hung", "locked", "read_only", "full")
RERUNS: Final = ("conflict", "lost")

_writer: str | None = None


def written_by(name: str) -> None:
    """This process goes on with the numbers of an earlier one of that name, which has ended."""
    global _writer  # noqa: PLW0603  (a process has one)
    _writer = name


def _process() -> str:
    return _writer or f"process{os.getpid()}"


if FOLDER in os.environ:
    # A file for each place of a worker: by process there would be one more for each worker that ever was.
    values.ValueClass = values.MultiProcessValue(_process)  # type: ignore[no-untyped-call]

_own: Final = CollectorRegistry()

REQUESTS: Final = Counter(
    "clinic_requests", "Requests by page, method and status.", ["page", "method", "status"], registry=_own
)
REQUEST_SECONDS: Final = Histogram(
    "clinic_request_duration_seconds",
    "From its arrival to its answer.",
    ["page"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_own,
)
BOOKINGS: Final = Counter("clinic_bookings", "Visits that were booked.", ["door"], registry=_own)
REFUSALS: Final = Counter("clinic_refusals", "Reasons why something was refused.", ["code"], registry=_own)
RUN_AGAIN: Final = Counter("clinic_transactions_run_again", "And why.", ["why"], registry=_own)
DATABASE_SECONDS: Final = Histogram(
    "clinic_database_wait_seconds",
    "Of one request, for all that it asked the database.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_own,
)
MESSAGES: Final = Counter(
    "clinic_messages", "Messages to patients that were sent.", ["channel", "kind"], registry=_own
)
UNAVAILABLE: Final = Counter("clinic_unavailable", "Requests answered with 503.", ["reason"], registry=_own)
BREAKER: Final = Gauge(
    "clinic_breaker_open",
    "1 while requests are refused at once.",
    multiprocess_mode="livemax",
    registry=_own,
)

for _counter, _labels in ((BOOKINGS, DOORS), (UNAVAILABLE, OUTAGES), (RUN_AGAIN, RERUNS)):
    for _label in _labels:
        _counter.labels(_label)


def _counting(count: Callable[P, None]) -> Callable[P, None]:
    """A number that is lost harms nobody; a request that fails over one would."""

    @wraps(count)
    def counted(*args: P.args, **kwargs: P.kwargs) -> None:
        with suppress(Exception):
            count(*args, **kwargs)

    return counted


@_counting
def answered(page: str, method: str | None, status: int, seconds: float) -> None:
    """`page`: the name of its URL, never its address."""
    REQUESTS.labels(page, method if method in METHODS else "other", str(status)).inc()
    REQUEST_SECONDS.labels(page).observe(seconds)


@_counting
def booked(door: str) -> None:
    """After the commit."""
    BOOKINGS.labels(door).inc()


@_counting
def refused(codes: Iterable[str]) -> None:
    for code in codes:
        REFUSALS.labels(code).inc()


@_counting
def message_sent(channel: str, kind: str) -> None:
    MESSAGES.labels(channel, kind).inc()


@_counting
def ran_again(why: Literal["conflict", "lost"]) -> None:
    RUN_AGAIN.labels(why).inc()


@_counting
def waited_for_the_database(seconds: float) -> None:
    DATABASE_SECONDS.observe(seconds)


@_counting
def could_not_serve(reason: str) -> None:
    UNAVAILABLE.labels(reason).inc()


@_counting
def breaker_is(*, is_open: bool) -> None:
    BREAKER.set(is_open)


def registry() -> CollectorRegistry:
    """All of it, of all workers, for one page; more may be registered beside it."""
    found = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    else:
        found.register(_own)
    return found
