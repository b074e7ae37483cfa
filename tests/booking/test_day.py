"""What the rules are told about a time: hours, time off, and whose grains are taken."""

from datetime import time, timedelta

import pytest

from scheduling.booking import day
from scheduling.booking.actions import overbook
from scheduling.booking.proposal import NewPatient
from scheduling.models import ExtraHours, TimeOff
from scheduling.times import grid
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.asking import booked, wish
from tests.conftest import madrid, works

TEN = madrid("2026-03-03 10:00")


def grains(text, minutes):
    return frozenset(grid.grains(madrid(text), minutes))


def between(first, last):
    return Interval(madrid(first), madrid(last))


def test_hours_and_extra_hours_are_open_and_time_off_is_told_beside_them(osei, lind, ana, checkup):
    works(osei, time(15), time(17))
    morning, evening = (
        between("2026-03-03 10:15", "2026-03-03 11:00"),
        between("2026-03-03 17:00", "2026-03-03 19:00"),
    )
    ExtraHours.objects.create(doctor=osei, starts_at=evening.start, ends_at=evening.end)
    ExtraHours.objects.create(doctor=lind, starts_at=TEN, ends_at=TEN + timedelta(hours=12))
    TimeOff.objects.create(doctor=osei, starts_at=morning.start, ends_at=morning.end)
    TimeOff.objects.create(doctor=lind, starts_at=TEN, ends_at=TEN + timedelta(hours=12))
    TimeOff.objects.create(doctor=None, starts_at=morning.end, ends_at=madrid("2026-03-03 11:30"))
    known = day.load(wish(osei, ana, checkup, TEN))
    assert known.has_hours
    assert [i for i in known.open if i.start.date() == TEN.date()] == [
        between("2026-03-03 09:00", "2026-03-03 14:00"),
        between("2026-03-03 15:00", "2026-03-03 19:00"),
    ]
    assert known.off == [between("2026-03-03 10:15", "2026-03-03 11:30")]


def test_a_doctor_nobody_gave_hours_has_none(ana, checkup, db):
    known = day.load(wish(factories.DoctorFactory(), ana, checkup, TEN))
    assert (known.has_hours, list(known.open)) == (False, [])


def test_taken_time_is_told_by_whom_and_only_where_the_wish_lies(osei, lind, ana, ben, rae, now):
    kind = factories.VisitTypeFactory(minutes=20, buffer_minutes=10)
    booked(osei, ben, kind, "2026-03-03 09:45")
    booked(lind, ana, kind, "2026-03-03 10:10")
    booked(osei, factories.PatientFactory(), kind, "2026-03-03 11:00")
    known = day.load(wish(osei, ana, kind, TEN))
    assert known.doctor_taken == grains("2026-03-03 10:00", 5)
    assert known.buffer_taken == grains("2026-03-03 10:05", 10)
    assert known.patient_taken == grains("2026-03-03 10:10", 20)


def test_time_in_any_lane_is_taken(osei, ana, ben, checkup, rae, now):
    booked(osei, ana, checkup, TEN)
    overbook(wish(osei, ben, checkup, "2026-03-03 10:15"), reason="Pain", by=rae, now=now)
    known = day.load(wish(osei, factories.PatientFactory(), checkup, "2026-03-03 10:30"))
    assert known.doctor_taken == grains("2026-03-03 10:30", 15)


def test_what_moves_does_not_stand_in_its_own_way(osei, lind, ana, checkup):
    visit = booked(osei, ana, checkup, TEN)
    known = day.load(wish(osei, ana, checkup, "2026-03-03 10:15"), moving=visit)
    assert (known.doctor_taken, known.patient_taken) == (frozenset(), frozenset())


@pytest.mark.parametrize("visits", [1, 10])
def test_a_fixed_number_of_queries_tells_it_all(osei, ana, checkup, visits, django_assert_num_queries):
    for n in range(visits):
        booked(osei, factories.PatientFactory(), checkup, TEN + timedelta(minutes=30 * (n % 8), days=n // 8))
    with django_assert_num_queries(1):
        day.load(wish(osei, ana, checkup, TEN, minutes=240))
    with django_assert_num_queries(1):
        day.load(wish(osei, NewPatient(patient_name="Eva", patient_lastname="Ruiz"), checkup, TEN))
    with django_assert_num_queries(2):  # a Sunday: has the doctor hours at all?
        assert day.load(wish(osei, ana, checkup, "2026-03-08 10:00")).has_hours


def test_who_works_by_extra_hours_alone_has_hours_on_other_days_too(lind, ana, checkup):
    lind.working_hours.all().delete()
    assert not day.load(wish(lind, ana, checkup, "2026-03-03 10:00")).has_hours
    ExtraHours.objects.create(
        doctor=lind, starts_at=madrid("2026-06-01 09:00"), ends_at=madrid("2026-06-01 10:00")
    )
    assert day.load(wish(lind, ana, checkup, "2026-03-03 10:00")).has_hours
