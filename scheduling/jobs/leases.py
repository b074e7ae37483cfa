"""One process does a job at a time, on however many machines they run: who has its lease.

It is taken by a conditional UPDATE that must touch one row, and renewed while the work goes on. Where its
holder is gone it runs out, and the next process takes it. The machines' clocks may differ by some seconds.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import Error, connection
from django.db.models import Case, F, Q, Value, When

from scheduling.models import Job

LEASE: Final = timedelta(minutes=2)
RENEWALS: Final = 4  # tries within the time of a lease

logger = logging.getLogger(__name__)


def take(name: str, holder: str, *, due_at: datetime, now: datetime, lease: timedelta = LEASE) -> bool:
    """Whether the job, which was seen to be due at `due_at`, is this holder's from now on: nobody has done it
    since, and nobody does it."""
    free = Q(lease_ends_at=None) | Q(lease_ends_at__lte=now)
    due = Job.objects.filter(free, name=name, due_at=due_at)
    return due.update(holder=holder, lease_ends_at=now + lease, started_at=now, due_at=now) == 1


@dataclass(frozen=True)
class Outcome:
    """How a job went."""

    succeeded: bool
    failures: int  # in a row, this one included
    result: str


def give_back(name: str, holder: str, outcome: Outcome, *, now: datetime, due_at: datetime) -> bool:
    """The job is done, and due again at `due_at`, unless somebody has asked for it meanwhile. False where
    somebody else had taken it over."""
    values: dict[str, Any] = {"holder": "", "lease_ends_at": None, "finished_at": now}
    values["due_at"] = Case(When(due_at__lte=F("started_at"), then=Value(due_at)), default=F("due_at"))
    values |= {"succeeded": outcome.succeeded, "failures": outcome.failures}
    values["result"] = outcome.result[: Job._meta.get_field("result").max_length]
    if outcome.succeeded:
        values["succeeded_at"] = now
    return Job.objects.filter(name=name, holder=holder).update(**values) == 1


@contextmanager
def renewed(
    name: str, holder: str, clock: Callable[[], datetime], lease: timedelta = LEASE
) -> Iterator[None]:
    """While the block runs, a thread renews the lease."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(lease.total_seconds() / RENEWALS):
                try:
                    Job.objects.filter(name=name, holder=holder).update(lease_ends_at=clock() + lease)
                except Error as error:  # the next time, perhaps
                    logger.warning("The lease of %s was not renewed: %s", name, type(error).__name__)
                    connection.close()
        finally:
            connection.close()  # the thread's own

    thread = threading.Thread(target=renew, name=f"lease-{name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
