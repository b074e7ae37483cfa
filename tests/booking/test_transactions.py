"""Transactions that run again: asked of a real server where there is one."""

import multiprocessing
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction

from scheduling.booking import hours_lock, integrity, transactions
from scheduling.booking.actions import book, move
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Specialty
from scheduling.times import grid
from tests.booking.sound import assert_as_promised, assert_sound, state_of
from tests.booking.steps import COMMIT, another_connection, at_step, kill_own_connection
from tests.conftest import madrid

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    monkeypatch.setattr(transactions, "FIRST_PAUSE", 0)


def fails_first(times, error):
    """An action that writes a row and then fails, so often; and the list of its runs."""
    runs = []

    @in_one_transaction
    def action():
        runs.append(Specialty.objects.create(specialty_name="Cardiology").pk)
        if len(runs) <= times:
            raise error
        return runs[-1]

    return action, runs


@pytest.mark.parametrize(
    "error",
    [
        OperationalError(1213, "Deadlock found when trying to get lock"),
        OperationalError(1205, "Lock wait timeout exceeded"),
        OperationalError(1020, "Record has changed since last read"),
        OperationalError("database is locked"),
    ],
)
def test_a_conflict_runs_the_whole_transaction_again(error):
    action, runs = fails_first(2, error)
    assert action() == runs[-1]
    assert len(runs) == 3
    assert [s.pk for s in Specialty.objects.all()] == [runs[-1]]


def test_six_conflicts_are_enough():
    action, runs = fails_first(6, OperationalError(1213, "Deadlock found"))
    with pytest.raises(OperationalError, match="Deadlock"):
        action()
    assert len(runs) == 6
    assert not Specialty.objects.exists()


def test_any_other_error_is_not_tried_again():
    action, runs = fails_first(1, OperationalError(1146, "Table does not exist"))
    with pytest.raises(OperationalError, match="not exist"):
        action()
    assert len(runs) == 1


@pytest.fixture
def proposal(osei, ana, checkup):
    start = madrid("2026-03-03 10:00")
    return Proposal(uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=start)


@pytest.mark.mariadb
def test_a_killed_connection_is_replaced_and_the_visit_booked(proposal, now):
    kill_own_connection()  # found out by the first statement of the transaction
    visit = book(proposal, by=None, now=now)
    assert Appointment.objects.get() == visit
    assert integrity.problems(now=now) == []


# -- Quarrels with a second connection -------------------------------------------------------------


@pytest.fixture
def other():
    """A second connection, as of another desk, in a transaction of its own."""
    with closing(another_connection()) as connection_:
        yield connection_


@pytest.fixture
def visit(proposal, now):
    visit = book(proposal, by=None, now=now)
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION innodb_lock_wait_timeout = 1")
    return visit


@pytest.fixture
def reruns(monkeypatch):
    """The codes with which transactions were run again."""
    codes = []
    log = transactions.logger.info
    monkeypatch.setattr(transactions.logger, "info", lambda *args: (codes.append(args[-1]), log(*args)))
    return codes


def later(seconds, act):
    thread = threading.Thread(target=lambda: (time.sleep(seconds), act()))
    thread.start()
    return thread


def keep(other, visit):
    """Lock the visit's row, as a change on its way does."""
    other.query(f"UPDATE appointments SET updated_at = updated_at WHERE id = {visit.pk}")


def shift(visit, now, **minutes):
    start = visit.appointment_datetime + timedelta(**minutes)
    return move(Seen.of(visit), doctor=visit.doctor, start=start, by=None, now=now)


def assert_moved_once(visit, moved, now, *others):
    assert moved.version == 2
    assert moved.appointment_datetime != visit.appointment_datetime
    assert_as_promised([state_of(v) for v in (visit, moved, *others)], now)


@pytest.mark.mariadb
def test_a_lock_that_is_not_given_up_in_time_is_waited_for_again(visit, other, reruns, now):
    keep(other, visit)
    release = later(1.3, other.rollback)
    moved = shift(visit, now, minutes=15)
    release.join()
    assert reruns == [1205]
    assert_moved_once(visit, moved, now)


@pytest.mark.mariadb
def test_a_real_deadlock_is_resolved_by_running_again(visit, proposal, ben, other, reruns, now):
    """We hold the visit's row and want a grain; the other holds the grain and wants the row. The server ends
    the transaction that has written less: ours."""
    bens = replace(proposal, uuid=uuid4(), patient=ben, start=visit.appointment_datetime + timedelta(days=1))
    rival = book(bens, by=None, now=now)
    target = grid.grain_of(visit.appointment_datetime) + 12
    wanted = [f"({visit.doctor_id}, {grain}, 0, {rival.pk})" for grain in range(target, target + 60)]
    other.query(f"INSERT INTO claims (doctor_id, grain, lane, appointment_id) VALUES {', '.join(wanted)}")
    quarrels = []

    def quarrel(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO `claims`") and not quarrels:
            quarrels.append(later(0, lambda: (keep(other, visit), other.rollback())))
            time.sleep(0.3)  # until the other waits for our row
        return execute(sql, params, many, context)

    with connection.execute_wrapper(quarrel):
        moved = shift(visit, now, minutes=60)
    quarrels[0].join()
    assert reruns == [1213]
    assert_moved_once(visit, moved, now, rival)


@pytest.mark.mariadb
def test_a_connection_killed_while_it_waits_for_a_lock_is_replaced(visit, other, reruns, now):
    keep(other, visit)
    ours = connection.connection.thread_id()
    kill = later(0.3, lambda: (other.query(f"KILL {ours}"), other.rollback()))
    moved = shift(visit, now, minutes=15)
    kill.join()
    assert reruns == [2013]
    assert_moved_once(visit, moved, now)


def test_who_waits_for_a_worker_that_is_killed_gets_the_time(proposal, ben, now):
    """It had written everything and was about to commit; until then its locks stood in the way."""
    reached = multiprocessing.get_context("fork").Event()
    with transaction.atomic():
        hours_lock.take([proposal.doctor.pk])  # its row is made once

    def hang():
        reached.set()
        time.sleep(600)

    commit = number_of(
        COMMIT, replace(proposal, uuid=uuid4(), start=proposal.start + timedelta(hours=1)), now
    )
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(
        target=_book_until, args=(commit, hang, proposal, now)
    )
    child.start()
    assert reached.wait(300)
    kill = later(0.3, child.kill)
    visit = book(replace(proposal, uuid=uuid4(), patient=ben), by=None, now=now)
    kill.join()
    child.join()
    assert not Appointment.objects.filter(uuid=proposal.uuid).exists()
    assert visit.patient == ben
    assert_sound(now)


def number_of(name, proposal, now):
    connections.close_all()  # what a connection says first is counted too
    with at_step(0, None) as steps:
        book(proposal, by=None, now=now)
    return steps.index(name) + 1


def _book_until(step, act, proposal, now):
    with at_step(step, act):
        book(proposal, by=None, now=now)
