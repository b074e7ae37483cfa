"""The nights on which the clocks change: hours, openings, bookings and moves on them, zone by zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.booking import integrity
from scheduling.booking.actions import move
from scheduling.booking.hours import add_time_off
from scheduling.booking.openings import free_starts
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.models import Claim, WorkingHours
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.asking import booked, refusal

# Weeks before any of the changes below, so that "too far ahead" stays out of it.
NOW = datetime(2026, 2, 2, tzinfo=UTC)

# Zone, day, its hours, and the starts of an hour as the clocks show them.
SPRING = [
    ("Europe/Madrid", date(2026, 3, 29), 23, ["00+01:00", "01+01:00", "03+02:00", "04+02:00"]),
    ("America/New_York", date(2026, 3, 8), 23, ["00-05:00", "01-05:00", "03-04:00", "04-04:00"]),
    ("America/Santiago", date(2026, 9, 6), 23, ["01-03:00", "02-03:00", "03-03:00", "04-03:00"]),
]
AUTUMN = [
    ("Europe/Madrid", date(2026, 10, 25), 25, ["00+02:00", "01+02:00", "02+02:00", "02+01:00", "03+01:00"]),
    ("America/New_York", date(2026, 11, 1), 25, ["00-04:00", "01-04:00", "01-05:00", "02-05:00", "03-05:00"]),
]
NEVER = [
    ("Asia/Kathmandu", date(2026, 3, 29), 24, ["00+05:45", "01+05:45", "02+05:45", "03+05:45", "04+05:45"]),
    ("UTC", date(2026, 3, 29), 24, ["00+00:00", "01+00:00", "02+00:00", "03+00:00", "04+00:00"]),
]


@pytest.fixture
def night(cardiology, settings):
    """A doctor who works from midnight to five, every day, in a clinic of that zone."""

    def make(zone):
        settings.CLINIC_TIME_ZONE = zone
        doctor = factories.DoctorFactory(specialty=cardiology)
        WorkingHours.objects.bulk_create(
            WorkingHours(doctor=doctor, weekday=day, starts=time(0), ends=time(5)) for day in range(7)
        )
        return doctor, ZoneInfo(zone)

    return make


def starts_of(doctor, day, zone, minutes):
    span = clinic_day.whole_day(day, zone)
    found = free_starts([doctor], minutes=minutes, span=span, now=NOW)[doctor.pk]
    return [start.astimezone(zone) for start in found]


@pytest.mark.parametrize(("zone", "day", "hours", "expected"), SPRING + AUTUMN + NEVER)
def test_openings_of_the_night_follow_the_clocks_and_all_can_be_booked(night, zone, day, hours, expected):
    doctor, zone = night(zone)
    whole = clinic_day.whole_day(day, zone)
    assert whole.end - whole.start == timedelta(hours=hours)
    offered = starts_of(doctor, day, zone, 60)
    assert [f"{start:%H}{start.isoformat()[-6:]}" for start in offered][: len(expected)] == expected
    assert {start.date() for start in offered} == {day}
    patient, hour = factories.PatientFactory(), factories.VisitTypeFactory(minutes=60)
    visits = [booked(doctor, patient, hour, start, now=NOW) for start in offered]
    assert Claim.objects.count() == 12 * len(visits)
    assert starts_of(doctor, day, zone, 5) == []
    assert integrity.problems(now=NOW) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 4), ["00:00+10:30", "00:30+10:30", "01:00+10:30", "01:30+10:30", "02:30+11:00"]),
        (date(2026, 4, 5), ["00:00+11:00", "00:30+11:00", "01:00+11:00", "01:30+11:00", "01:30+10:30"]),
    ],
)
def test_lord_howe_changes_by_half_an_hour(night, day, expected):
    doctor, zone = night("Australia/Lord_Howe")
    offered = [
        start.isoformat()[11:16] + start.isoformat()[-6:] for start in starts_of(doctor, day, zone, 30)
    ]
    assert offered[:5] == expected
    assert len(offered) == (9 if day.month == 10 else 11)


def test_santiago_has_its_last_hour_of_the_evening_twice(night):
    doctor, zone = night("America/Santiago")
    WorkingHours.objects.update(starts=time(22), ends=time(23, 55))
    offered = starts_of(doctor, date(2026, 4, 4), zone, 30)
    assert [start.isoformat()[11:16] + start.isoformat()[-6:] for start in offered] == [
        "22:00-03:00",
        "22:30-03:00",
        "23:00-03:00",
        "23:30-03:00",
        "23:00-04:00",
    ]


def test_both_half_past_twos_of_an_autumn_night_are_booked_by_one_patient(night, checkup):
    doctor, zone = night("Europe/Madrid")
    ana = factories.PatientFactory()
    wall = datetime(2026, 10, 25, 2, 30)
    first, second = clinic_day.instants(wall, zone)
    visits = [booked(doctor, ana, checkup, start, now=NOW) for start in (first, second)]
    shown = [visit.appointment_datetime.astimezone(zone) for visit in visits]
    assert [start.replace(tzinfo=None, fold=0) for start in shown] == [wall, wall]
    assert [f"{start:%z}" for start in shown] == ["+0200", "+0100"]
    assert refusal(booked, doctor, ana, checkup, second, now=NOW) == {"doctor_taken", "patient_taken"}


def test_a_visit_through_the_repeated_hour_takes_its_minutes_and_no_more(night):
    doctor, zone = night("Europe/Madrid")
    (start,) = clinic_day.instants(datetime(2026, 10, 25, 1, 30), zone)
    visit = booked(
        doctor, factories.PatientFactory(), factories.VisitTypeFactory(minutes=120), start, now=NOW
    )
    assert f"{visit.ends_at.astimezone(zone):%H:%M%z}" == "02:30+0100"
    assert Claim.objects.count() == 24


@pytest.mark.parametrize(
    ("zone", "before", "after", "apart"),
    [
        ("Europe/Madrid", datetime(2026, 3, 28, 2, 30), datetime(2026, 3, 30, 2, 30), 47),
        ("Europe/Madrid", datetime(2026, 10, 24, 2, 30), datetime(2026, 10, 26, 2, 30), 49),
        ("America/New_York", datetime(2026, 3, 7, 2, 30), datetime(2026, 3, 9, 2, 30), 47),
        ("America/Santiago", datetime(2026, 9, 5, 0, 30), datetime(2026, 9, 7, 0, 30), 47),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 1, 30), datetime(2026, 4, 6, 1, 30), 48.5),
        ("Asia/Kathmandu", datetime(2026, 3, 28, 2, 30), datetime(2026, 3, 30, 2, 30), 48),
    ],
)
def test_a_visit_moves_across_the_change_to_the_same_time_on_the_wall(
    night, checkup, zone, before, after, apart
):
    doctor, zone = night(zone)
    (old,), (new,) = clinic_day.instants(before, zone), clinic_day.instants(after, zone)
    assert new - old == timedelta(hours=apart)
    visit = booked(doctor, factories.PatientFactory(), checkup, old, now=NOW)
    moved = move(Seen.of(visit), doctor=doctor, start=new, by=None, now=NOW)
    assert moved.appointment_datetime.astimezone(zone).replace(tzinfo=None) == after
    assert moved.minutes == 30
    assert integrity.problems(now=NOW) == []


@pytest.mark.parametrize("zone", [zone for zone, *_ in SPRING + NEVER] + ["Australia/Lord_Howe"])
def test_hours_are_the_same_on_the_wall_every_week_of_the_year(night, zone):
    doctor, zone = night(zone)
    WorkingHours.objects.update(starts=time(9), ends=time(10))
    offsets = set()
    for week in range(52):
        day = date(2026, 2, 3) + timedelta(weeks=week)
        (start,) = starts_of(doctor, day, zone, 60)
        assert (start.date(), start.time()) == (day, time(9))
        offsets.add(start.utcoffset())
    assert len(offsets) == (1 if zone.key in {"Asia/Kathmandu", "UTC"} else 2)


def test_time_off_through_the_repeated_hour_is_an_hour(night, checkup):
    """From 02:00 to 02:00 on the wall: Python compares two times of one zone by what the clocks show."""
    doctor, zone = night("Europe/Madrid")
    first, second = (datetime(2026, 10, 25, 2, tzinfo=zone, fold=fold) for fold in (0, 1))
    with pytest.raises(Refused) as caught:
        add_time_off(doctor, Interval(second, first), reason="", by=None, now=NOW)
    assert caught.value.codes == {"inverted"}
    add_time_off(doctor, Interval(first, second), reason="", by=None, now=NOW)
    patient = factories.PatientFactory()
    assert refusal(booked, doctor, patient, checkup, first, now=NOW) == {"time_off"}
    assert booked(doctor, patient, checkup, second, now=NOW).appointment_datetime == second.astimezone(UTC)
    with pytest.raises(ValueError, match="aware"):
        add_time_off(
            doctor, Interval(datetime(2026, 3, 3), datetime(2026, 3, 4)), reason="", by=None, now=NOW
        )
