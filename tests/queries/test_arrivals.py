"""When a patient came, whatever was taken back since."""

from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status
from scheduling.queries import arrivals
from tests.conftest import NOW, madrid

MORNING = NOW + timedelta(days=1, hours=2)  # Tuesday, 10:00


@pytest.fixture
def visit(osei, ana, checkup, rae):
    proposal = Proposal(
        uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=madrid("2026-03-03 10:00"),
        status=Status.CONFIRMED,
    )  # fmt: skip
    return actions.book(proposal, by=rae, now=NOW)


@pytest.fixture
def becomes(visit, max_):
    """`becomes("arrived", 10)`: 10 minutes past ten, by somebody who may take anything back."""

    def change(status, minute):
        current = Appointment.objects.get(pk=visit.pk)
        now = MORNING + timedelta(minutes=minute)
        if Status(status) in _back_from(current.status):
            actions.undo(Seen.of(current), to=Status(status), by=max_, now=now)
        else:
            actions.set_status(Seen.of(current), Status(status), by=max_, now=now)

    return change


def _back_from(status):
    from scheduling.booking.states import BACK

    return BACK[Status(status)]


def arrived_at():
    return Appointment.objects.annotate(arrived_at=arrivals.arrived_at()).get().arrived_at


def after(minute):
    return MORNING + timedelta(minutes=minute)


def test_nobody_has_arrived_before_it_was_said(visit, becomes):
    assert arrived_at() is None
    assert arrivals.since([visit.pk]) == {}


def test_an_arrival_counts_from_when_it_was_said(visit, becomes):
    becomes("arrived", 3)
    assert arrived_at() == after(3)
    assert arrivals.since([visit.pk]) == {visit.pk: after(3)}


def test_who_is_with_the_doctor_does_not_wait_and_is_known_to_have_come(visit, becomes):
    becomes("arrived", 3)
    becomes("in_progress", 9)
    assert arrived_at() is None
    assert arrivals.since([visit.pk]) == {visit.pk: after(3)}


def test_a_start_taken_back_leaves_the_first_arrival(visit, becomes):
    becomes("arrived", 3)
    becomes("in_progress", 9)
    becomes("arrived", 10)
    assert arrived_at() == after(3)


def test_an_arrival_taken_back_and_said_again_counts_from_the_second(visit, becomes):
    becomes("arrived", 3)
    becomes("confirmed", 4)
    assert arrived_at() is None
    becomes("arrived", 8)
    assert arrived_at() == after(8)


def test_who_was_called_a_no_show_and_came_waits_since_then(visit, becomes):
    becomes("no_show", 12)
    becomes("arrived", 15)
    assert arrived_at() == after(15)


@pytest.mark.parametrize("count", [1, 50])
def test_any_number_of_visits_costs_one_query(visit, becomes, count, django_assert_num_queries):
    becomes("arrived", 3)
    with django_assert_num_queries(1):
        assert arrivals.since([visit.pk] * count) == {visit.pk: after(3)}


def test_waiting_is_told_in_whole_minutes_and_never_below_none():
    assert arrivals.minutes_waited(None, MORNING, MORNING) is None
    assert arrivals.minutes_waited(MORNING, MORNING, after(12) + timedelta(seconds=59)) == 12
    assert arrivals.minutes_waited(after(1), MORNING, MORNING) == 0


def test_who_came_early_waits_from_the_time_of_the_visit_on():
    told = [arrivals.minutes_waited(MORNING, after(20), after(minutes)) for minutes in (0, 19, 20, 32)]
    assert told == [-20, -1, 0, 12]
    assert arrivals.minutes_waited(after(25), after(20), after(32)) == 7  # came late
