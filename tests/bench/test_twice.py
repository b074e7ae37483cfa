"""The check after each row that books: it sees one that stands twice, or was lost, or holds no time."""

from uuid import uuid4

import pytest

from bench.twice import check
from scheduling.models import Appointment, Claim
from tests.booking.asking import booked
from tests.conftest import madrid

MORNING = madrid("2026-03-03 09:00")


@pytest.fixture
def visits(osei, ana, ben, checkup):
    return [booked(osei, ana, checkup, "2026-03-03 10:00"), booked(osei, ben, checkup, "2026-03-03 11:00")]


def test_what_is_booked_once_is_well(visits):
    check(MORNING, [visit.uuid for visit in visits])


def test_two_visits_of_a_doctor_at_the_same_time(visits):
    first, second = visits
    Appointment.objects.filter(pk=second.pk).update(appointment_datetime=first.appointment_datetime)
    with pytest.raises(AssertionError, match=f"booked twice: .*doctor {first.doctor_id}"):
        check(MORNING, [])


def test_a_visit_that_a_client_was_told_of_and_that_is_not_there(visits):
    with pytest.raises(AssertionError, match="lost: 1"):
        check(MORNING, [uuid4()])


def test_a_visit_that_does_not_hold_its_time(visits):
    Claim.objects.filter(appointment=visits[0]).delete()
    with pytest.raises(AssertionError, match="missing"):
        check(MORNING, [])
