"""How full days are: the same as walking over every claim, whatever the hours, in two statements."""

from datetime import date, time, timedelta

import pytest
from django.db import connection

from bench.plans import full_reads
from bench.timing import Asked
from scheduling.booking import fullness
from scheduling.booking.fullness import Fullness
from scheduling.booking.openings import free_starts
from scheduling.models import Claim, Doctor, Status, TimeOff
from scheduling.times import clinic_day, grid
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.asking import booked
from tests.conftest import MADRID, NOW, madrid, works

pytestmark = pytest.mark.django_db

MARCH = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]


def of(doctors, days=MARCH, **asked):
    return fullness.of_days(doctors, days, **{"minutes": 30, "now": NOW, **asked})


def test_a_day_says_its_open_and_booked_minutes_and_its_free_starts(osei, ana, checkup):
    """Dr Osei works from 9 to 14, Monday to Friday."""
    booked(osei, ana, checkup, "2026-03-03 10:10")
    found = of([osei])
    assert list(found) == MARCH
    assert found[date(2026, 3, 3)] == Fullness(300, 30, 8)  # 9:00, 9:30; from 10:40 on 6 more
    assert found[date(2026, 3, 4)] == Fullness(300, 0, 10)
    assert found[date(2026, 3, 8)] == Fullness()
    assert found[date(2026, 3, 8)].is_closed
    assert (found[date(2026, 3, 3)].percent, found[date(2026, 3, 8)].percent) == (10, 0)


def test_all_doctors_count_together_and_one_who_is_switched_off_does_not(osei, lind, ana, checkup):
    booked(osei, ana, checkup, "2026-03-03 09:00")
    assert of([osei, lind])[date(2026, 3, 3)] == Fullness(600, 30, 19)
    Doctor.objects.filter(pk=lind.pk).update(is_active=False)
    lind.refresh_from_db()
    assert of([osei, lind])[date(2026, 3, 3)] == Fullness(300, 30, 9)
    assert of([])[date(2026, 3, 3)] == Fullness()


def test_what_is_past_is_not_free_and_today_counts_from_now_on(osei, lind):
    noon = madrid("2026-03-04 12:10")
    found = of([osei], now=noon)
    assert found[date(2026, 3, 3)] == Fullness(300, 0, 0)
    assert found[date(2026, 3, 4)] == Fullness(300, 0, 3)
    assert not fullness.is_too_far(date(2028, 3, 3), noon)
    assert fullness.is_too_far(date(2028, 3, 4), noon)


def test_time_off_closes_and_what_is_booked_in_it_is_not_counted(osei, ana, checkup):
    booked(osei, ana, checkup, "2026-03-03 10:00")
    start = madrid("2026-03-03 09:30")
    TimeOff.objects.create(doctor=None, starts_at=start, ends_at=start + timedelta(hours=2), reason="Feast")
    assert of([osei])[date(2026, 3, 3)] == Fullness(180, 0, 6)


def test_hours_past_midnight_are_cut_there(cardiology, ana, checkup):
    night = factories.DoctorFactory(specialty=cardiology)
    works(night, time(22), time(2), weekdays=[1])  # Tuesdays
    booked(night, ana, checkup, "2026-03-03 23:45")
    found = of([night])
    assert found[date(2026, 3, 3)] == Fullness(120, 15, 3)
    assert found[date(2026, 3, 4)] == Fullness(120, 15, 3)


def test_the_nights_of_summer_time_have_their_own_length(cardiology):
    always = factories.DoctorFactory(specialty=cardiology)
    works(always, time(0), time(0), weekdays=range(7))
    found = of([always])
    assert found[date(2026, 3, 28)].open_minutes == 24 * 60
    assert found[date(2026, 3, 29)].open_minutes == 23 * 60


def test_a_day_of_which_a_minute_is_left_is_not_said_to_be_full(osei, ana, checkup):
    day = clinic_day.span(date(2026, 3, 3), time(9), time(14), MADRID)
    visit = booked(osei, ana, checkup, "2026-03-04 09:00")
    grains = range(grid.grain_of(day.start), grid.grain_of(day.end) - 1)
    Claim.objects.bulk_create(Claim(doctor=osei, grain=grain, appointment=visit) for grain in grains)
    assert of([osei])[date(2026, 3, 3)].percent == 98
    assert of([osei], minutes=5)[date(2026, 3, 3)].free == 1


def test_the_time_of_the_visit_that_is_moved_counts_as_free(osei, ana, checkup):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00")
    assert of([osei], moving=visit)[date(2026, 3, 3)] == Fullness(300, 0, 10)


def test_who_does_not_give_the_type_of_a_moved_visit_has_nothing_free_for_it(osei, lind, ana, checkup):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00")
    assert of([osei, lind], moving=visit)[date(2026, 3, 3)] == Fullness(600, 0, 20)
    lind.visit_types.add(factories.VisitTypeFactory())
    assert of([osei, lind], moving=visit)[date(2026, 3, 3)] == Fullness(600, 0, 10)
    assert of([osei, lind])[date(2026, 3, 3)] == Fullness(600, 30, 19)


def test_nor_has_who_does_not_see_the_patients_age_on_that_day(osei, lind, ana, checkup):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00")
    type(ana).objects.filter(pk=ana.pk).update(date_of_birth=date(2008, 3, 11))
    type(lind).objects.filter(pk=lind.pk).update(oldest_age=17)
    for row in (visit, lind):
        row.refresh_from_db()
    found = of([osei, lind], moving=visit)
    assert [found[date(2026, 3, day)].free for day in (10, 11)] == [20, 10]


def test_it_offers_as_many_starts_as_the_board_does(crowd):
    days = MARCH[:14]
    span = Interval(clinic_day.whole_day(days[0], MADRID).start, clinic_day.whole_day(days[-1], MADRID).end)
    for asked in ({"minutes": 15}, {"minutes": 40, "buffer_minutes": 10}):
        found = of(crowd, days, **asked)
        every = free_starts(crowd, span=span, now=NOW, **asked)
        starts = [clinic_day.day_of(start, MADRID) for theirs in every.values() for start in theirs]
        assert starts
        assert {day: one.free for day, one in found.items()} == {day: starts.count(day) for day in days}


@pytest.fixture
def crowd(cardiology, ana, ben, checkup):
    """Ten doctors and some visits, one of them cancelled."""
    doctors = factories.DoctorFactory.create_batch(10, specialty=cardiology)
    for n, doctor in enumerate(doctors):
        works(doctor, time(8, 5 * n), time(13), range(7))
        works(doctor, time(20), time(1), range(n % 3, 7))
        booked(doctor, factories.PatientFactory(), checkup, f"2026-03-0{3 + n % 5} 10:{5 * n:02}")
        visit = booked(doctor, factories.PatientFactory(), checkup, "2026-03-09 09:00")
    type(visit).objects.filter(pk=visit.pk).update(status=Status.CANCELLED)
    visit.claims.all().delete()
    return doctors


def test_a_month_takes_two_statements_that_read_the_claims_key_alone(crowd):
    """However many visits there are: of the claims the primary key is read, between two bounds."""
    with Asked() as asked:
        of(crowd)
    assert asked.queries == 2
    assert full_reads(asked.statements) == []
    ((sql, parameters),) = [each for each in asked.statements if "claims" in each[0]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN' * (connection.vendor == 'sqlite')} {sql}", parameters)
        plan = [" ".join(map(str, row)) for row in cursor.fetchall()]
    steps = [step for step in plan if "claims" in step]
    key = "sqlite_autoindex_claims" if connection.vendor == "sqlite" else "PRIMARY"
    assert steps
    assert all(key in step for step in steps), plan
