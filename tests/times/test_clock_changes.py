"""When a zone's clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.times.clinic_day import ClockChange, clock_changes
from scheduling.times.intervals import Interval

HOUR = timedelta(hours=1)


def year(number):
    return Interval(datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC))


def test_madrid_has_two_a_year():
    assert clock_changes(year(2026), ZoneInfo("Europe/Madrid")) == [
        ClockChange(datetime(2026, 3, 29, 1, tzinfo=UTC), HOUR, 2 * HOUR),
        ClockChange(datetime(2026, 10, 25, 1, tzinfo=UTC), 2 * HOUR, HOUR),
    ]


def test_half_an_hour_counts_and_a_zone_may_have_none():
    changes = clock_changes(year(2026), ZoneInfo("Australia/Lord_Howe"))
    assert [change.after - change.before for change in changes] == [-HOUR / 2, HOUR / 2]
    assert clock_changes(year(2026), ZoneInfo("Asia/Kolkata")) == []


@pytest.mark.parametrize(("moved", "found"), [(timedelta(0), 1), (timedelta(seconds=1), 0)])
def test_the_span_holds_its_beginning_and_not_its_end(moved, found):
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    zone = ZoneInfo("Europe/Madrid")
    after = Interval(change - timedelta(seconds=1) + moved, change + 5 * HOUR)
    assert len(clock_changes(after, zone)) == found
    assert len(clock_changes(Interval(change - 5 * HOUR, change + moved), zone)) == 1 - found
