"""Visits that stand outside open time: found in few queries and few steps, however many and however far."""

from datetime import time, timedelta

import pytest

from scheduling.booking import hours, stranding
from scheduling.models import Appointment, TimeOff
from scheduling.times.intervals import Interval
from tests import factories
from tests.conftest import NOW, madrid, works

FIRST = madrid("2026-03-03 10:00")


@pytest.fixture
def years(ana, checkup):
    """Five doctors with a visit and a day off a week for eight years; and one visit in 2099."""
    doctors = factories.DoctorFactory.create_batch(5)
    visits, off = [], []
    for doctor in doctors:
        works(doctor, time(9), time(14))
        for week in range(400):
            start = FIRST + timedelta(weeks=week)
            visits.append(unclaimed(doctor, ana, checkup, start))
            off.append(
                TimeOff(
                    doctor=doctor,
                    starts_at=start + timedelta(days=1),
                    ends_at=start + timedelta(days=1, hours=4),
                )
            )
    visits.append(unclaimed(doctors[0], ana, checkup, madrid("2099-03-03 10:00")))
    Appointment.objects.bulk_create(visits)
    TimeOff.objects.bulk_create(off)
    TimeOff.objects.create(starts_at=madrid("2098-01-01 00:00"), ends_at=madrid("2100-01-01 00:00"))
    return doctors


def unclaimed(doctor, patient, kind, start):
    values = {"appointment_datetime": start, "minutes": 30, "created_at": NOW, "updated_at": NOW}
    return Appointment(doctor=doctor, patient=patient, visit_type=kind, **values)


def test_closing_the_clinic_names_them_all_in_a_few_queries_and_steps(
    years, now, django_assert_num_queries, monkeypatch
):
    steps = []
    holds = Interval.holds
    monkeypatch.setattr(Interval, "holds", lambda *both: steps.append(1) or holds(*both))
    span = Interval(madrid("2026-03-01 00:00"), madrid("2034-01-01 00:00"))
    # Before: doctors, 3. Savepoint twice, lock (doctors, rows, doctors, rows, insert, update), uuid, overlap,
    # get or create (4), event. After: 3. Names: 4.
    with django_assert_num_queries(24):
        left = hours.add_time_off(None, span, reason="Sold", by=None, now=now)
    five_a_week = [FIRST + timedelta(weeks=n) for n in range(400)] * 5
    assert [visit.appointment_datetime for visit in left] == sorted(five_a_week)
    assert 0 < len(steps) <= 2 * 2001


def test_a_closing_of_one_morning_reads_that_morning(years, now, monkeypatch):
    seen = []
    visits = stranding._visits
    monkeypatch.setattr(stranding, "_visits", lambda *args: seen.append(visits(*args)) or seen[-1])
    assert (
        len(
            hours.add_time_off(None, Interval(FIRST, FIRST + timedelta(hours=1)), reason="", by=None, now=now)
        )
        == 5
    )
    assert [len(found) for found in seen] == [5, 5]
