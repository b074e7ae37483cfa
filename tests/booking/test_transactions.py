"""Transactions that run again: asked of a real server where there is one."""

from contextlib import closing
from unittest import mock
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from scheduling.booking import integrity, transactions
from scheduling.booking.actions import book
from scheduling.booking.proposal import Proposal
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Specialty
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


def kill_own_connection():
    """End the server's side of our connection, from another one."""
    import MySQLdb  # only where the tests run on it

    with connection.cursor() as cursor:
        cursor.execute("SELECT CONNECTION_ID()")
        (number,) = cursor.fetchone()
    with closing(MySQLdb.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        cursor.execute(f"KILL {number}")


@pytest.mark.mariadb
def test_a_killed_connection_is_replaced_and_the_visit_booked(proposal, now):
    kill_own_connection()  # found out by the first statement of the transaction
    visit = book(proposal, by=None, now=now)
    assert Appointment.objects.get() == visit
    assert integrity.problems(now=now) == []


@pytest.mark.mariadb
def test_a_lost_answer_to_commit_is_asked_for_by_uuid(proposal, now):
    commit, lost = connection._commit, []

    def commit_and_lose_the_answer():
        commit()
        if not lost:
            lost.append(True)
            kill_own_connection()
            raise OperationalError(2013, "Lost connection to server during query")

    with mock.patch.object(connection, "_commit", commit_and_lose_the_answer):
        visit = book(proposal, by=None, now=now)
    assert lost
    assert Appointment.objects.get() == visit
    assert visit.uuid == proposal.uuid
    assert integrity.problems(now=now) == []
