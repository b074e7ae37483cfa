"""Do what is due: once, or for as long as the process lives."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import Error, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext

from scheduling.booking.transactions import asked_again
from scheduling.database import outages
from scheduling.jobs import leases
from scheduling.jobs.failed import JobFailed
from scheduling.jobs.registry import Job
from scheduling.models import Job as JobState

POLL: Final = 5.0  # seconds between two looks at what is due
FIRST_RETRY: Final = timedelta(minutes=1)  # after a failure; doubles each time
LONGEST_RETRY: Final = timedelta(hours=1)
CLOCKS_DIFFER: Final = timedelta(minutes=10)  # at most; another process may have done it a moment ago
MINUTE: Final = 60.0  # seconds between two lines about a database that does not answer

logger = logging.getLogger(__name__)


def why_it_waits(error: Error) -> str | None:
    """The word for an outage, or for a table of jobs that is not there yet; None for a fault of our own."""
    if (reason := outages.reason(error)) is not None:
        return reason
    return None if JobState._meta.db_table in connection.introspection.table_names() else "migrations"


class Runner:
    """One process that does jobs, with a name of its own among all that do."""

    def __init__(
        self,
        jobs: Iterable[Job],
        *,
        clock: Callable[[], datetime] = timezone.now,
        lease: timedelta = leases.LEASE,
    ) -> None:
        self.jobs = {job.name: job for job in jobs}
        self.clock, self.lease = clock, lease
        self.holder = secrets.token_hex(16)
        self._has_said_what_is_on = False

    def run_due(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Do what is due, unless `stopped()`; how many jobs that were. 1 query where nothing is."""
        done = 0
        for state in self._due(self.clock()):
            if stopped():
                break
            now = self.clock()
            if leases.take(state.name, self.holder, due_at=state.due_at, now=now, lease=self.lease):
                self._do(self.jobs[state.name], state.failures)
                done += 1
        return done

    def watch(self, over: threading.Event, *, poll: float = POLL) -> None:
        """Do what is due until `over` is set; a job in hand is finished. An outage of the database is waited
        for."""
        told_at = float("-inf")
        while not over.is_set():
            try:
                close_old_connections()
                self.run_due(over.is_set)
            except Error as error:
                reason = why_it_waits(error)
                if reason is None:
                    raise
                if time.monotonic() - told_at >= MINUTE:
                    told_at = time.monotonic()
                    logger.error("Jobs wait: the database cannot serve, %s", reason)
                connection.close()
            over.wait(poll)

    def _due(self, now: datetime) -> list[JobState]:
        """Jobs that are due and that nobody does, what waits longest first."""
        states = [state for state in JobState.objects.all() if state.name in self.jobs]
        if not self._has_said_what_is_on:
            states = self._say_what_is_on(states, now)
        waiting = [state for state in states if self._is_due(state, now)]
        return sorted(waiting, key=lambda state: (state.due_at, state.name))

    def _is_due(self, state: JobState, now: datetime) -> bool:
        job = self.jobs[state.name]
        is_free = state.lease_ends_at is None or state.lease_ends_at <= now
        # Later than it can be: the clock ran ahead when it was done, by more than clocks of machines differ.
        is_too_far = state.due_at > job.schedule.after(now) + CLOCKS_DIFFER
        return job.is_on() and is_free and (state.due_at <= now or is_too_far)

    def _say_what_is_on(self, states: list[JobState], now: datetime) -> list[JobState]:
        """The rows of all jobs, with what this process has set."""
        known = {state.name for state in states}
        new = [
            JobState(name=job.name, is_on=job.is_on(), due_at=job.schedule.first(now))
            for job in self.jobs.values()
            if job.name not in known
        ]
        JobState.objects.bulk_create(new, ignore_conflicts=True)  # another process may do it now
        for state in states:
            if state.is_on != self.jobs[state.name].is_on():
                JobState.objects.filter(name=state.name).update(is_on=not state.is_on)
        self._has_said_what_is_on = True
        return list(JobState.objects.filter(name__in=self.jobs))

    def _do(self, job: Job, failures: int) -> None:
        succeeded, result = True, ""
        try:
            with leases.renewed(job.name, self.holder, self.clock, self.lease):
                result = job.work(self.clock())
        except JobFailed as failure:
            succeeded, result = False, str(failure)
            logger.error("Job %s failed: %s", job.name, result)
        except Exception as error:
            succeeded, result = False, self._told(job, error)
        else:
            if result:  # else nothing was to be done
                logger.info("Job %s: %s", job.name, result)
        if not connection.in_atomic_block:  # lost meanwhile: how it went is told all the same
            connection.close_if_unusable_or_obsolete()
        now = self.clock()
        failures = 0 if succeeded else failures + 1
        due_at = self._due_again(job, now, failures)

        outcome = leases.Outcome(succeeded, failures, result)
        kept = asked_again(lambda: leases.give_back(job.name, self.holder, outcome, now=now, due_at=due_at))
        if not kept:
            logger.warning("Job %s took longer than its lease: another process has taken it over", job.name)

    def _told(self, job: Job, error: Exception) -> str:
        """What is kept of a fault: an outage in its word, of anything else what kind it was."""
        if isinstance(error, Error) and (reason := outages.reason(error)) is not None:
            logger.error("Job %s failed: the database cannot serve, %s", job.name, reason)
            return gettext("The database could not serve: %(reason)s.") % {"reason": reason}
        logger.exception("Job %s failed", job.name)
        return gettext("Failed: %(kind)s. The log says more.") % {"kind": type(error).__name__}

    def _due_again(self, job: Job, now: datetime, failures: int) -> datetime:
        regular = job.schedule.after(now)
        if not failures:
            return regular
        pause: timedelta = min(FIRST_RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY)
        return min(regular, now + pause)
