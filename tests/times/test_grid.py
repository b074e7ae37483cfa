from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.times import grid

instants = st.datetimes(datetime(1999, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_visit_on_the_grid_takes_as_many_grains_as_it_has_five_minutes():
    taken = grid.grains(utc("2026-03-02 10:00"), 30)
    assert len(taken) == 6
    assert grid.instant_of(taken[0]) == utc("2026-03-02 10:00")
    assert grid.instant_of(taken[-1]) == utc("2026-03-02 10:25")


def test_a_visit_off_the_grid_takes_the_grains_that_it_cuts():
    taken = grid.grains(utc("2026-03-02 10:08:37"), 30)
    assert grid.instant_of(taken[0]) == utc("2026-03-02 10:05")
    assert grid.instant_of(taken[-1]) == utc("2026-03-02 10:35")


def test_a_naive_time_has_no_grain():
    with pytest.raises(ValueError, match="aware"):
        grid.grain_of(datetime(2026, 3, 2, 10))


@pytest.mark.parametrize(("text", "expected"), [("10:05:00", True), ("10:04:00", False), ("10:05:01", False)])
def test_visits_begin_on_full_five_minutes(text, expected):
    assert grid.on_grid(utc(f"2026-03-02 {text}")) is expected


@settings(max_examples=30)
@given(instants, st.integers(5, 720))
def test_the_grains_cover_the_visit_and_nothing_that_it_does_not_touch(start, minutes):
    end = start + timedelta(minutes=minutes)
    taken = grid.grains(start, minutes)
    assert grid.instant_of(taken[0]) <= start < grid.instant_of(taken[0] + 1)
    assert grid.instant_of(taken[-1]) < end <= grid.instant_of(taken[-1] + 1)


@settings(max_examples=30)
@given(instants, st.integers(5, 720), st.integers(5, 720))
def test_neighbours_on_the_grid_share_no_grain(start, minutes, next_minutes):
    start = grid.instant_of(grid.grain_of(start))
    minutes -= minutes % 5
    following = grid.grains(start + timedelta(minutes=minutes), next_minutes)
    assert set(grid.grains(start, minutes)).isdisjoint(following)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_said_in_a_zone_takes_the_grains_of_its_instant_even_in_the_night_of_the_change(fold):
    """In a zone, Python adds and compares on the wall clock, and in the repeated hour nothing is equal."""
    wall = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"), fold=fold)
    assert grid.on_grid(wall)
    assert grid.grains(wall, 60) == grid.grains(wall.astimezone(UTC), 60)
    before = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Madrid"))
    assert len(grid.grains(before, 60)) == 12
