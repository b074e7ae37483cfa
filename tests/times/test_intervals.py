import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.times.intervals import Interval, held, merged, subtracted

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(minute):
    return DAY + timedelta(minutes=minute)


def between(first, last):
    return Interval(at(first), at(last))


def minutes_in(intervals):
    """The model: the same time as a plain set of minutes."""
    return {m for i in intervals for m in range((i.start - DAY).seconds // 60, (i.end - DAY).seconds // 60)}


some = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda pair: between(*pair)), max_size=8
)


def test_neighbours_are_joined_and_gaps_kept():
    assert merged([between(60, 90), between(0, 30), between(30, 45)]) == [between(0, 45), between(60, 90)]


def test_a_visit_in_the_middle_leaves_the_time_on_both_sides():
    assert subtracted([between(0, 60)], [between(20, 30)]) == [between(0, 20), between(30, 60)]


def test_an_interval_holds_itself_and_no_longer_one():
    assert between(0, 30).holds(between(0, 30))
    assert not between(0, 30).holds(between(0, 31))
    assert not between(1, 30).holds(between(0, 30))


@settings(max_examples=30)
@given(some)
def test_merging_keeps_the_time_and_leaves_no_overlap(intervals):
    result = merged(intervals)
    assert minutes_in(result) == minutes_in(i for i in intervals if i.start < i.end)
    assert all(a.end < b.start for a, b in itertools.pairwise(result))


@settings(max_examples=30)
@given(some, some)
def test_subtracting_is_the_difference_of_the_minutes(keep, take):
    proper = [[i for i in intervals if i.start < i.end] for intervals in (keep, take)]
    assert minutes_in(subtracted(keep, take)) == minutes_in(proper[0]) - minutes_in(proper[1])


@settings(max_examples=30)
@given(some, st.integers(0, 200), st.integers(1, 60))
def test_an_interval_is_held_where_one_of_the_others_holds_it(others, start, minutes):
    among, one = merged(others), between(start, start + minutes)
    assert held(one, among) == any(other.holds(one) for other in among)


def test_many_holes_in_many_days_are_taken_out_in_one_walk():
    """Ten years of days and of closings: each against each would be thirteen million comparisons."""

    class Counted(datetime):
        seen = 0

        def __le__(self, other):
            Counted.seen += 1
            return super().__le__(other)

        def __ge__(self, other):
            Counted.seen += 1
            return super().__ge__(other)

    def days(hour):
        first = Counted(2026, 1, 1, hour)
        return [Interval(first + timedelta(n), first + timedelta(n, hours=4)) for n in range(3650)]

    assert len(subtracted(days(9), days(11))) == 3650
    assert 0 < Counted.seen < 10 * 3650


def test_an_interval_said_in_a_zone_is_the_same_time_in_utc():
    madrid = ZoneInfo("Europe/Madrid")
    night = Interval(
        datetime(2026, 10, 25, 2, tzinfo=madrid), datetime(2026, 10, 25, 2, tzinfo=madrid, fold=1)
    )
    assert night.start == night.end  # Python's own comparison, on the wall clock
    utc = night.in_utc()
    assert utc.end - utc.start == timedelta(hours=1)
