from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.times.grid import grain_of
from scheduling.times.intervals import Interval
from scheduling.times.slots import free_runs, starts, whole_grains


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("09:00", "10:00", 12), ("09:02", "10:00", 11), ("09:00", "09:58", 11), ("09:01", "09:04", 0)],
)
def test_only_whole_grains_can_be_offered(first, last, count):
    found = whole_grains(Interval(utc(f"2026-03-02 {first}"), utc(f"2026-03-02 {last}")))
    assert len(found) == count
    if first == "09:02":
        assert found.start == grain_of(utc("2026-03-02 09:05"))


def test_what_is_taken_cuts_the_time_into_runs():
    assert list(free_runs(range(10, 20), [2, 10, 13, 14, 19, 40])) == [range(11, 13), range(15, 19)]
    assert list(free_runs(range(10, 20), [])) == [range(10, 20)]
    assert list(free_runs(range(10, 12), [10, 11])) == []


def test_starts_keep_their_rhythm_while_time_passes():
    assert list(starts(range(20), [], length=6)) == [0, 6, 12]
    assert list(starts(range(20), [], length=6, earliest=7)) == [12]


def test_a_gap_that_is_too_short_offers_nothing():
    assert list(starts(range(14), [5, 6, 7], length=6)) == [8]


def test_a_buffer_may_reach_past_closing_time_but_not_into_a_visit():
    assert list(starts(range(6), [], length=6, buffer=2)) == [0]
    assert list(starts(range(12), [7, 8, 9, 10, 11], length=6, buffer=2)) == []
    assert list(starts(range(12), [8, 9, 10, 11], length=6, buffer=2)) == [0]


@settings(max_examples=30)
@given(
    st.integers(0, 80),
    st.integers(0, 120),
    st.sets(st.integers(0, 200), max_size=60),
    st.integers(1, 12),
    st.integers(0, 4),
    st.integers(0, 200),
)
def test_every_start_has_its_visit_and_buffer_free(first, size, taken, length, buffer, earliest):
    within = range(first, first + size)
    found = list(starts(within, taken, length=length, buffer=buffer, earliest=earliest))
    assert found == sorted(found)
    for start in found:
        assert start >= earliest
        assert set(range(start, start + length)) <= set(within)
        assert taken.isdisjoint(range(start, start + length + buffer))


@settings(max_examples=30)
@given(st.sets(st.integers(0, 100), max_size=40), st.integers(1, 10))
def test_where_something_fits_something_is_offered(taken, length):
    fits = any(taken.isdisjoint(range(g, g + length)) for g in range(101 - length))
    assert bool(list(starts(range(100), taken, length=length))) == fits
