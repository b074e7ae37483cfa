"""What is due is done, once, and what came of it is kept."""

import logging
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import OperationalError, ProgrammingError, connection

from scheduling.jobs import asking, leases
from scheduling.jobs.failed import JobFailed
from scheduling.jobs.registry import JOBS, Job
from scheduling.jobs.running import Runner
from scheduling.jobs.schedules import Every
from scheduling.models import Job as JobState
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def goes_on(self, **more):
        self.now += timedelta(**more)


class Work:
    """Notes when it was done; `fails` with what is set."""

    def __init__(self, clock):
        self.clock, self.done, self.fails = clock, [], None

    def __call__(self, now):
        assert now == self.clock.now
        self.done.append(now)
        if self.fails is not None:
            raise self.fails
        return "Swept."


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def work(clock):
    return Work(clock)


@pytest.fixture
def runner(clock, work):
    return Runner([Job("sweep", "Sweep", Every(HOUR), work)], clock=clock)


def state():
    return JobState.objects.get(name="sweep")


def test_a_job_is_done_when_it_is_due(runner, clock, work):
    assert [runner.run_due(), runner.run_due()] == [1, 0]
    clock.goes_on(minutes=59, seconds=59)
    assert runner.run_due() == 0
    clock.goes_on(seconds=1)
    assert runner.run_due() == 1
    assert work.done == [NOW, NOW + HOUR]
    assert (state().succeeded, state().result, state().due_at) == (True, "Swept.", NOW + 2 * HOUR)
    assert (state().holder, state().lease_ends_at) == ("", None)


def test_what_was_due_while_nothing_ran_is_done_once(runner, clock, work):
    runner.run_due()
    clock.goes_on(days=3)
    assert [runner.run_due(), runner.run_due()] == [1, 0]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (JobFailed("The disk is full."), "The disk is full."),
        (ValueError("Ana Souza, 600 555 482"), "Failed: ValueError. The log says more."),
    ],
)
def test_a_failure_is_kept_without_what_a_fault_says(runner, work, error, told):
    work.fails = error
    runner.run_due()
    assert (state().succeeded, state().result, state().failures) == (False, told, 1)


def test_after_a_failure_it_is_tried_again_soon_and_later_more_rarely(runner, clock, work):
    work.fails = JobFailed("No.")
    pauses = []
    for _ in range(8):
        runner.run_due()
        pauses.append(state().due_at - clock.now)
        clock.now = state().due_at
    assert pauses == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32, 60, 60)]
    work.fails = None
    runner.run_due()
    assert (state().succeeded, state().failures, state().due_at) == (True, 0, clock.now + HOUR)


def test_when_it_was_done_at_last_outlives_a_failure(runner, clock, work):
    runner.run_due()
    clock.goes_on(hours=1)
    work.fails = JobFailed("No.")
    runner.run_due()
    assert (state().succeeded_at, state().finished_at) == (NOW, NOW + HOUR)


def test_a_failure_of_one_job_keeps_no_other_from_being_done(clock, work):
    broken = Work(clock)
    broken.fails = ValueError()
    jobs = [Job("break", "Break", Every(HOUR), broken), Job("sweep", "Sweep", Every(HOUR), work)]
    assert Runner(jobs, clock=clock).run_due() == 2
    assert work.done == [NOW]


def test_what_the_clinic_does_not_want_is_not_done(clock, work):
    off = Runner([Job("sweep", "Sweep", Every(HOUR), work, is_on=lambda: False)], clock=clock)
    assert off.run_due() == 0
    assert not state().is_on


def test_what_the_clinic_wants_from_now_on_is_done(runner, clock, work):
    Runner([Job("sweep", "Sweep", Every(HOUR), work, is_on=lambda: False)], clock=clock).run_due()
    assert runner.run_due() == 1
    assert state().is_on


def test_a_clock_that_ran_ahead_and_was_put_right_stops_nothing(runner, clock, work):
    clock.goes_on(days=3650)
    runner.run_due()
    clock.now = NOW
    assert [runner.run_due(), runner.run_due()] == [1, 0]
    assert state().due_at == NOW + HOUR


def test_a_job_that_somebody_has_is_left_to_them_until_their_lease_ends(runner, clock, work):
    runner.run_due()
    clock.goes_on(hours=1)
    assert leases.take("sweep", "another", due_at=state().due_at, now=clock.now)
    assert runner.run_due() == 0
    clock.now += leases.LEASE
    assert runner.run_due() == 1


def test_whoever_lost_the_job_meanwhile_does_not_overwrite_how_it_went(runner, clock, caplog):
    def slow(now):
        JobState.objects.update(
            holder="another"
        )  # as somebody does whose lease begins when this one has ended
        return "Swept."

    slowly = Runner([Job("sweep", "Sweep", Every(HOUR), slow)], clock=clock)
    with caplog.at_level(logging.WARNING):
        slowly.run_due()
    assert (state().holder, state().result) == ("another", "")
    assert "another process has taken it over" in caplog.text


def test_nothing_is_asked_but_what_is_due(runner, clock, django_assert_num_queries):
    runner.run_due()
    with django_assert_num_queries(1):
        runner.run_due()


def test_somebody_may_ask_for_it_sooner(runner, clock):
    runner.run_due()
    clock.goes_on(minutes=5)
    assert asking.ask(["sweep", "unknown"], now=clock.now) == 1
    assert runner.run_due() == 1


def test_what_a_clock_some_seconds_ahead_has_done_is_done(runner, clock, work):
    clock.goes_on(seconds=30)
    runner.run_due()
    clock.now = NOW
    assert runner.run_due() == 0


def test_who_asks_for_it_while_it_is_done_has_it_done_again(clock):
    done = []

    def asked_meanwhile(now):
        done.append(now)
        if len(done) == 1:
            clock.goes_on(minutes=1)
            asking.ask(["sweep"], now=clock.now)
        return "Swept."

    runner = Runner([Job("sweep", "Sweep", Every(HOUR), asked_meanwhile)], clock=clock)
    assert [runner.run_due(), runner.run_due(), runner.run_due()] == [1, 1, 0]


def test_what_is_off_is_not_promised(clock, work):
    Runner([Job("sweep", "Sweep", Every(HOUR), work, is_on=lambda: False)], clock=clock).run_due()
    assert asking.ask(["sweep"], now=clock.now) == 0


@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_lost_while_a_job_works_does_not_lose_how_it_went(clock):
    def cut_off(now):
        with connection.cursor() as cursor, suppress(OperationalError):
            cursor.execute("SELECT CONNECTION_ID()")
            cursor.execute("KILL %s", cursor.fetchone())
        return "Swept."

    def fails(now):
        cut_off(now)
        JobState.objects.count()

    for work, result in ((cut_off, "Swept."), (fails, "The database could not serve: away.")):
        JobState.objects.all().delete()
        Runner([Job("sweep", "Sweep", Every(HOUR), work)], clock=clock).run_due()
        assert (state().result, state().holder) == (result, "")


def test_an_outage_of_the_database_is_waited_for(runner, work, monkeypatch, caplog):
    over, tries = threading.Event(), []

    def away_twice(stopped):
        tries.append(1)
        if len(tries) <= 2:
            raise OperationalError(2002, "Can't connect")
        over.set()
        return 0

    monkeypatch.setattr(runner, "run_due", away_twice)
    monkeypatch.setattr("scheduling.jobs.running.close_old_connections", lambda: None)
    monkeypatch.setattr("scheduling.jobs.running.connection.close", lambda: None)
    runner.watch(over, poll=0.001)
    assert len(tries) == 3
    assert caplog.text.count("Jobs wait: the database cannot serve, away") == 1


def test_a_fault_of_our_own_is_not_waited_for(runner, monkeypatch):
    def broken(stopped):
        raise ProgrammingError("no such column: holder")

    monkeypatch.setattr(runner, "run_due", broken)
    with pytest.raises(ProgrammingError):
        runner.watch(threading.Event(), poll=0.001)


def test_names_are_as_they_are_stored():
    names = ["clear", "check_schedule", "find_reminders", "send_messages", "write_day_sheets", "back_up"]
    assert [job.name for job in JOBS] == names
