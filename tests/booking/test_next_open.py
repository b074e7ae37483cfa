"""When somebody is in again."""

from datetime import time, timedelta

import pytest

from scheduling.booking.next_open import AHEAD, next_open
from scheduling.models import ExtraHours, TimeOff, WorkingHours
from tests.conftest import madrid, works

FRIDAY_NIGHT = madrid("2026-03-07 00:00")


def test_it_is_the_first_that_anybody_opens(osei, lind):
    works(lind, time(8), time(9), weekdays=[0])
    assert next_open([osei.pk, lind.pk], FRIDAY_NIGHT) == madrid("2026-03-09 08:00")
    assert next_open([osei.pk], FRIDAY_NIGHT) == madrid("2026-03-09 09:00")


def test_time_off_is_not_open_and_extra_hours_are(osei):
    start = madrid("2026-03-09 00:00")
    TimeOff.objects.create(doctor=osei, starts_at=start, ends_at=madrid("2026-03-09 11:15"))
    assert next_open([osei.pk], FRIDAY_NIGHT) == madrid("2026-03-09 11:15")
    TimeOff.objects.create(doctor=None, starts_at=start, ends_at=start + timedelta(days=2))
    assert next_open([osei.pk], FRIDAY_NIGHT) == madrid("2026-03-11 09:00")
    starts = madrid("2026-03-08 17:00")
    ExtraHours.objects.create(doctor=osei, starts_at=starts, ends_at=starts + timedelta(hours=1))
    assert next_open([osei.pk], FRIDAY_NIGHT) == starts


@pytest.mark.parametrize("days", [1, 40, 119])
def test_it_is_found_far_ahead_by_one_query(osei, django_assert_num_queries, days):
    WorkingHours.objects.all().delete()
    starts = madrid("2026-03-07 10:00") + timedelta(days=days)
    ExtraHours.objects.create(doctor=osei, starts_at=starts, ends_at=starts + timedelta(hours=1))
    with django_assert_num_queries(1):
        assert next_open([osei.pk], FRIDAY_NIGHT) == starts


def test_there_is_none_where_nobody_is_in_for_months(osei, lind):
    WorkingHours.objects.all().delete()
    starts = FRIDAY_NIGHT + AHEAD + timedelta(hours=1)
    ExtraHours.objects.create(doctor=osei, starts_at=starts, ends_at=starts + timedelta(hours=1))
    assert next_open([osei.pk, lind.pk], FRIDAY_NIGHT) is None
    assert next_open([], FRIDAY_NIGHT) is None
