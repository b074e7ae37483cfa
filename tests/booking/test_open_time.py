"""Open time of a day, for those who show it."""

from datetime import date, time

import pytest

from scheduling.models import ExtraHours, TimeOff
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from tests import factories
from tests.conftest import MADRID, madrid, works
from tests.weeks import open_hours

TUESDAY = clinic_day.whole_day(date(2026, 3, 3), MADRID)


def between(first, last):
    return Interval(madrid(first), madrid(last))


def test_a_day_is_open_for_its_own_hours_less_time_off_and_not_for_those_of_its_neighbours(osei):
    for day in (2, 3, 4):
        evening = between(f"2026-03-0{day} 18:00", f"2026-03-0{day} 20:00")
        ExtraHours.objects.create(doctor=osei, starts_at=evening.start, ends_at=evening.end)
    noon = between("2026-03-03 12:00", "2026-03-03 12:30")
    TimeOff.objects.create(starts_at=noon.start, ends_at=noon.end)
    assert open_hours([osei], TUESDAY) == {
        osei.pk: [
            between("2026-03-03 09:00", "2026-03-03 12:00"),
            between("2026-03-03 12:30", "2026-03-03 14:00"),
            between("2026-03-03 18:00", "2026-03-03 20:00"),
        ]
    }


@pytest.mark.parametrize("count", [1, 20])
def test_one_query_serves_any_number_of_doctors(db, count, django_assert_num_queries):
    doctors = factories.DoctorFactory.create_batch(count)
    for doctor in doctors:
        works(doctor, time(9), time(14))
    with django_assert_num_queries(1):
        assert [len(open) for open in open_hours(doctors, TUESDAY).values()] == [1] * count
