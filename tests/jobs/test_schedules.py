"""When a job is due again, on the clinic's clock."""

from datetime import UTC, datetime, time, timedelta

import pytest

from scheduling.jobs.schedules import Daily, Every
from tests.conftest import madrid

NIGHTLY = Daily(time(4))


def test_again_and_again_begins_at_once():
    every, now = Every(timedelta(minutes=15)), madrid("2026-03-02 08:00")
    assert every.first(now) == now
    assert every.after(now) == madrid("2026-03-02 08:15")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-02 03:59", "2026-03-02 04:00"),
        ("2026-03-02 04:00", "2026-03-03 04:00"),  # done this minute: tomorrow
        ("2026-03-02 23:30", "2026-03-03 04:00"),
        ("2026-03-28 12:00", "2026-03-29 04:00"),  # the night is 23 hours long
        ("2026-10-24 12:00", "2026-10-25 04:00"),  # and this one 25
    ],
)
def test_once_a_day_is_at_a_time_of_the_clinics_clock(now, due):
    assert NIGHTLY.first(madrid(now)) == NIGHTLY.after(madrid(now)) == madrid(due)


def test_a_time_that_the_clock_leaves_out_is_when_it_goes_on():
    assert Daily(time(2, 30)).after(madrid("2026-03-28 12:00")) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_time_that_comes_twice_is_due_once():
    daily = Daily(time(2, 30))
    first = daily.after(madrid("2026-10-24 12:00"))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert daily.after(first) == madrid("2026-10-26 02:30")
