from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.times.grid import grain_of
from scheduling.times.intervals import Interval
from scheduling.times.slots import count, fitting, starts, whole_grains
from tests.booking.plain_search import plain_starts


def offered(within, taken, *, length, buffer=0, earliest=0):
    """The starts, where these grains are taken."""
    bits = sum(1 << grain - within.start for grain in set(taken) if grain >= within.start)
    fits = fitting(within, bits, length=length, buffer=buffer)
    found = list(starts(within, fits, step=length + buffer, earliest=earliest))
    if earliest <= within.start:
        assert count(fits, step=length + buffer) == len(found)
    return found


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "grains"),
    [("09:00", "10:00", 12), ("09:02", "10:00", 11), ("09:00", "09:58", 11), ("09:01", "09:04", 0)],
)
def test_only_whole_grains_can_be_offered(first, last, grains):
    found = whole_grains(Interval(utc(f"2026-03-02 {first}"), utc(f"2026-03-02 {last}")))
    assert len(found) == grains
    if first == "09:02":
        assert found.start == grain_of(utc("2026-03-02 09:05"))


def test_starts_keep_their_rhythm_while_time_passes():
    assert offered(range(20), [], length=6) == [0, 6, 12]
    assert offered(range(20), [], length=6, earliest=7) == [12]


def test_a_gap_that_is_too_short_offers_nothing():
    assert offered(range(14), [5, 6, 7], length=6) == [8]
    assert offered(range(10, 40), range(11, 40, 2), length=2) == []


def test_a_session_that_is_too_short_offers_nothing():
    assert offered(range(5), [], length=6) == []
    assert offered(range(0), [], length=1) == []


def test_a_buffer_may_reach_past_closing_time_but_not_into_a_visit():
    assert offered(range(6), [], length=6, buffer=2) == [0]
    assert offered(range(6), [7], length=6, buffer=2) == []
    assert offered(range(6), [8], length=6, buffer=2) == [0]
    assert offered(range(12), [7, 8, 9, 10, 11], length=6, buffer=2) == []
    assert offered(range(12), [8, 9, 10, 11], length=6, buffer=2) == [0]


@settings(max_examples=300)
@given(
    st.integers(0, 80),
    st.integers(0, 120),
    st.sets(st.integers(0, 220), max_size=150),
    st.integers(1, 12),
    st.integers(0, 9),
    st.integers(0, 200),
)
def test_bits_say_what_a_walk_over_the_grains_says(first, size, taken, length, buffer, earliest):
    within, asked = range(first, first + size), {"length": length, "buffer": buffer, "earliest": earliest}
    assert offered(within, taken, **asked) == list(plain_starts(within, taken, **asked))


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
    found = offered(within, taken, length=length, buffer=buffer, earliest=earliest)
    assert found == sorted(found)
    for start in found:
        assert start >= earliest
        assert set(range(start, start + length)) <= set(within)
        assert taken.isdisjoint(range(start, start + length + buffer))


@settings(max_examples=30)
@given(st.sets(st.integers(0, 100), max_size=40), st.integers(1, 10))
def test_where_something_fits_something_is_offered(taken, length):
    fits = any(taken.isdisjoint(range(g, g + length)) for g in range(101 - length))
    assert bool(offered(range(100), taken, length=length)) == fits
