from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from scheduling.booking.actions import book
from scheduling.booking.openings import free_starts, nearest
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.models import WorkingHours
from scheduling.times import clinic_day
from tests import factories
from tests.conftest import MADRID, madrid, works

TUESDAY = clinic_day.whole_day(date(2026, 3, 3), MADRID)


@pytest.fixture
def visit(osei, ana, checkup):
    return Proposal(
        uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=madrid("2026-03-03 10:00")
    )


def said(starts):
    return [f"{start.astimezone(MADRID):%H:%M}" for start in starts]


def test_an_empty_day_offers_its_hours_in_steps_of_the_visit(osei, now):
    starts = free_starts([osei], minutes=60, span=TUESDAY, now=now)
    assert said(starts[osei.pk]) == ["09:00", "10:00", "11:00", "12:00", "13:00"]


def test_a_visit_takes_its_time_out_and_the_rest_follows_on_it(osei, visit, now):
    book(visit, by=None, now=now)
    starts = free_starts([osei], minutes=45, span=TUESDAY, now=now)
    assert said(starts[osei.pk]) == ["09:00", "10:30", "11:15", "12:00", "12:45"]


def test_time_that_has_passed_is_not_offered(osei):
    starts = free_starts([osei], minutes=60, span=TUESDAY, now=madrid("2026-03-03 11:20"))
    assert said(starts[osei.pk]) == ["12:00", "13:00"]


def test_hours_count_only_while_they_are_valid(osei, now):
    WorkingHours.objects.filter(doctor=osei).update(valid_from=date(2026, 3, 4))
    assert free_starts([osei], minutes=60, span=TUESDAY, now=now)[osei.pk] == []
    WorkingHours.objects.filter(doctor=osei).update(valid_from=None, valid_until=date(2026, 3, 3))
    assert len(free_starts([osei], minutes=60, span=TUESDAY, now=now)[osei.pk]) == 5


def test_a_break_is_not_offered(lind, now):
    works(lind, time(15), time(17))
    starts = free_starts([lind], minutes=120, span=TUESDAY, now=now)
    assert said(starts[lind.pk]) == ["09:00", "11:00", "15:00"]


def test_everything_that_is_offered_can_be_booked(osei, ana, checkup, visit, now):
    book(visit, by=None, now=now)
    for start in free_starts([osei], minutes=30, span=TUESDAY, now=now)[osei.pk]:
        book(
            Proposal(uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=start),
            by=None,
            now=now,
        )
    assert free_starts([osei], minutes=5, span=TUESDAY, now=now)[osei.pk] == []


@pytest.mark.parametrize("count", [1, 20])
def test_two_queries_serve_any_number_of_doctors(db, now, count, django_assert_num_queries):
    doctors = factories.DoctorFactory.create_batch(count)
    for doctor in doctors:
        works(doctor, time(9), time(14))
    with django_assert_num_queries(2):
        found = free_starts(doctors, minutes=60, span=TUESDAY, now=now)
    assert [len(starts) for starts in found.values()] == [5] * count


def test_nearest_times_are_of_the_doctor_first_then_of_colleagues_that_day(osei, lind, visit, now):
    """Dr Lind is free at 10:00 too, but Ana, who asks again, is with Dr Osei then."""
    other_specialty = factories.DoctorFactory()
    works(other_specialty, time(9), time(14))
    switched_off = factories.DoctorFactory(specialty=osei.specialty, is_active=False)
    works(switched_off, time(9), time(14))
    book(visit, by=None, now=now)
    found = nearest(visit, now=now)
    assert [(opening.doctor, said([opening.start])[0]) for opening in found] == [
        (osei, "09:00"),
        (osei, "09:30"),
        (osei, "10:30"),
        (osei, "11:00"),
        (lind, "09:30"),
        (lind, "10:30"),
    ]


def test_when_the_day_is_full_the_next_one_is_offered(osei, ana, visit, now):
    long = factories.VisitTypeFactory(minutes=300)
    book(
        Proposal(uuid=uuid4(), doctor=osei, patient=ana, visit_type=long, start=madrid("2026-03-03 09:00")),
        by=None,
        now=now,
    )
    first = nearest(visit, now=now)[0]
    assert first.start.astimezone(MADRID).date() in {date(2026, 3, 2), date(2026, 3, 4)}
    assert first.start - visit.start < timedelta(days=1)


def test_nearest_takes_four_queries_and_three_for_somebody_new(
    osei, lind, visit, now, django_assert_num_queries
):
    with django_assert_num_queries(4):
        assert len(nearest(visit, now=now)) == 6
    newcomer = NewPatient(patient_name="Eva", patient_lastname="Ruiz")
    with django_assert_num_queries(3):
        assert len(nearest(replace(visit, patient=newcomer), now=now)) == 6
