"""Both daylight-saving nights, where they are hardest. Pure: no database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.times import clinic_day

MADRID = ZoneInfo("Europe/Madrid")
NEW_YORK = ZoneInfo("America/New_York")
SANTIAGO = ZoneInfo("America/Santiago")  # changes at midnight
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # changes by half an hour
KATHMANDU = ZoneInfo("Asia/Kathmandu")  # +05:45, never changes
ZONES = [MADRID, NEW_YORK, SANTIAGO, LORD_HOWE, KATHMANDU, ZoneInfo("UTC")]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "shown", "expected"),
    [
        (MADRID, "2026-03-02 09:00", ["2026-03-02 08:00"]),
        (MADRID, "2026-07-02 09:00", ["2026-07-02 07:00"]),
        (MADRID, "2026-03-29 02:00", []),
        (MADRID, "2026-03-29 02:55", []),
        (MADRID, "2026-03-29 03:00", ["2026-03-29 01:00"]),
        (MADRID, "2026-10-25 02:30", ["2026-10-25 00:30", "2026-10-25 01:30"]),
        (MADRID, "2026-10-25 03:00", ["2026-10-25 02:00"]),
        (NEW_YORK, "2027-03-14 02:30", []),
        (MADRID, "2027-03-14 02:30", ["2027-03-14 01:30"]),
        (SANTIAGO, "2026-09-06 00:00", []),
        (SANTIAGO, "2026-04-04 23:30", ["2026-04-05 02:30", "2026-04-05 03:30"]),
        (LORD_HOWE, "2026-10-04 02:15", []),
        (LORD_HOWE, "2026-10-04 02:30", ["2026-10-03 15:30"]),
        (LORD_HOWE, "2026-04-05 01:45", ["2026-04-04 14:45", "2026-04-04 15:15"]),
        (KATHMANDU, "2026-03-02 09:00", ["2026-03-02 03:15"]),
    ],
)
def test_a_wall_clock_time_is_no_one_or_two_instants(zone, shown, expected):
    assert clinic_day.instants(wall(shown), zone) == [utc(text) for text in expected]


def test_a_wall_clock_time_with_a_zone_is_refused():
    with pytest.raises(ValueError, match="no zone of its own"):
        clinic_day.instants(utc("2026-03-02 09:00"), MADRID)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (MADRID, date(2026, 3, 29), 23),
        (MADRID, date(2026, 10, 25), 25),
        (MADRID, date(2026, 3, 30), 24),
        (SANTIAGO, date(2026, 9, 6), 23),
        (SANTIAGO, date(2026, 4, 4), 25),
        (LORD_HOWE, date(2026, 10, 4), 23.5),
        (LORD_HOWE, date(2026, 4, 5), 24.5),
        (KATHMANDU, date(2026, 3, 29), 24),
    ],
)
def test_a_day_has_as_many_hours_as_the_clocks_give_it(zone, day, hours):
    span = clinic_day.whole_day(day, zone)
    assert span.end - span.start == timedelta(hours=hours)
    assert clinic_day.day_of(span.start, zone) == day
    assert clinic_day.day_of(span.end - timedelta(microseconds=1), zone) == day


@pytest.mark.parametrize(
    ("zone", "day", "starts", "ends", "expected"),
    [
        # An ordinary morning, either side of the change: the same on the wall, an hour apart in UTC.
        (MADRID, date(2026, 3, 27), time(9), time(14), ("2026-03-27 08:00", "2026-03-27 13:00")),
        (MADRID, date(2026, 3, 30), time(9), time(14), ("2026-03-30 07:00", "2026-03-30 12:00")),
        # Through the night of the change.
        (MADRID, date(2026, 3, 29), time(1), time(4), ("2026-03-29 00:00", "2026-03-29 02:00")),
        (MADRID, date(2026, 10, 25), time(1), time(4), ("2026-10-24 23:00", "2026-10-25 03:00")),
        # A bound in the gap is the moment of the change; one that comes twice is taken generously.
        (MADRID, date(2026, 3, 29), time(2, 30), time(4), ("2026-03-29 01:00", "2026-03-29 02:00")),
        (MADRID, date(2026, 3, 29), time(1), time(2, 30), ("2026-03-29 00:00", "2026-03-29 01:00")),
        (MADRID, date(2026, 10, 25), time(2, 15), time(2, 45), ("2026-10-25 00:15", "2026-10-25 01:45")),
        (SANTIAGO, date(2026, 9, 6), time(0), time(2), ("2026-09-06 04:00", "2026-09-06 05:00")),
        (LORD_HOWE, date(2026, 10, 4), time(2, 10), time(3), ("2026-10-03 15:30", "2026-10-03 16:00")),
    ],
)
def test_hours_on_the_wall_become_an_interval_in_utc(zone, day, starts, ends, expected):
    assert clinic_day.span(day, starts, ends, zone) == tuple(utc(text) for text in expected)


def test_hours_that_the_change_swallows_are_none():
    assert clinic_day.span(date(2026, 3, 29), time(2, 10), time(2, 50), MADRID) is None


def test_only_the_repeated_hour_comes_twice():
    assert clinic_day.is_twice(utc("2026-10-25 00:30"), MADRID)
    assert clinic_day.is_twice(utc("2026-10-25 01:30"), MADRID)
    assert not clinic_day.is_twice(utc("2026-10-25 02:30"), MADRID)


aware = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(ZONES)


@settings(max_examples=30)
@given(aware, zones)
def test_every_instant_is_among_those_that_its_wall_clock_time_means(instant, zone):
    shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    found = clinic_day.instants(shown, zone)
    assert instant in found
    assert len(found) in (1, 2)


@settings(max_examples=30)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), zones)
def test_days_follow_each_other_without_gap_or_overlap(day, zone):
    today, tomorrow = clinic_day.whole_day(day, zone), clinic_day.whole_day(day + timedelta(days=1), zone)
    assert today.end == tomorrow.start
    assert today.start < today.end


@settings(max_examples=30)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), zones)
def test_the_first_instant_from_a_time_is_never_before_it_and_close_behind(shown, zone):
    found = clinic_day.first_instant_from(shown, zone)
    read_back = found.astimezone(zone).replace(tzinfo=None)
    assert shown <= read_back <= shown + timedelta(hours=1)
    if read_back != shown:  # in the gap: a moment earlier the clocks showed a time before it
        before = (found - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < shown
