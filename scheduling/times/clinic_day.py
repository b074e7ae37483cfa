"""Between the clinic's wall clock and UTC: the only code that knows of daylight saving.

Everything else computes in UTC. A wall-clock time may not exist (spring) or exist twice (autumn).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.times.intervals import Interval


def instants(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The aware UTC instants at which the zone's clocks show the naive `wall`: none, one or two, ascending.

    Follows PEP 495: both readings (`fold` 0 and 1) are tried, and kept if they read back the same.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall-clock time has no zone of its own")
    readings = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(i for i in readings if i.astimezone(zone).replace(tzinfo=None) == wall)


def first_instant_from(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at or after a wall-clock time; one in the spring gap means the end of the gap."""
    found = instants(wall, zone)
    if found:
        return found[0]
    # In the gap the two readings lie on both sides of the change: walk from the earlier to the change itself.
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def is_twice(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks show this instant's wall-clock time twice."""
    return len(instants(instant.astimezone(zone).replace(tzinfo=None), zone)) == 2


class ClockChange(NamedTuple):
    """The clocks are put forward or back at this instant (UTC), from one distance from UTC to another."""

    at: datetime
    before: timedelta
    after: timedelta


def clock_changes(span: Interval, zone: ZoneInfo) -> list[ClockChange]:
    """Every change of the zone's clocks in the half-open span, by time. None that lasts less than a day."""
    found, at, distance = [], span.start, _distance(span.start, zone)
    while at < span.end:
        early, late = at, min(at + timedelta(days=1), span.end)
        if _distance(late, zone) != distance:
            while late - early > timedelta(seconds=1):
                middle = early + (late - early) // 2
                early, late = (middle, late) if _distance(middle, zone) == distance else (early, middle)
            change = late.replace(microsecond=0)
            found.append(ClockChange(change, distance, _distance(change, zone)))
            distance = found[-1].after
        at += timedelta(days=1)
    return [change for change in found if change.at < span.end]


def _distance(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The clinic's calendar day of an aware instant."""
    return instant.astimezone(zone).date()


@lru_cache(maxsize=1024)  # a few days about today are asked for again and again
def whole_day(day: date, zone: ZoneInfo) -> Interval:
    """The day from its first instant to the next day's: 23, 24 or 25 hours, midnight or not."""
    return Interval(
        first_instant_from(datetime.combine(day, time.min), zone),
        first_instant_from(datetime.combine(day + timedelta(days=1), time.min), zone),
    )


@lru_cache(maxsize=8192)  # a clinic's doctors share most of their hours
def span(day: date, starts: time, ends: time, zone: ZoneInfo) -> Interval | None:
    """A rule such as "09:00 to 14:00" on one date, in UTC; None where the change swallows it whole. One that
    ends by an earlier time than it begins ends on the next day: "22:00 to 02:00"; until midnight is "00:00".

    A beginning that comes twice means the first, an end that comes twice means the second: the clinic is open
    through the repeated hour. A bound in the spring gap means the moment of the change.
    """
    last = day + timedelta(days=1) if ends <= starts else day
    return between(datetime.combine(day, starts), datetime.combine(last, ends), zone)


def between(starts: datetime, ends: datetime, zone: ZoneInfo) -> Interval | None:
    """From one naive wall-clock time to another, of this day or a later one, read as in `span`.

    An end at midnight is the end of the day before: the first midnight, where there are two.
    """
    start, end = first_instant_from(starts, zone), first_instant_from(ends, zone)
    if ends.time() != time.min:
        end = (instants(ends, zone) or [end])[-1]
    return Interval(start, end) if start < end else None
