"""Half-open intervals of aware UTC time: [09:00, 09:30) and [09:30, 10:00) are neighbours."""

import bisect
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """From `start` (in it) to `end` (not in it); empty or inverted ones are never made by this module."""

    start: datetime
    end: datetime

    def in_utc(self) -> "Interval":
        """The same time, where it was said in a zone: there, comparing and adding follow the wall clock."""
        return Interval(self.start.astimezone(UTC), self.end.astimezone(UTC))

    def holds(self, other: "Interval") -> bool:
        """Whether the other interval lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as few ascending intervals; neighbours are joined."""
    result: list[Interval] = []
    for interval in sorted(i for i in intervals if i.start < i.end):
        if result and interval.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, interval.end))
        else:
            result.append(interval)
    return result


def subtracted(keep: Iterable[Interval], take: Iterable[Interval]) -> list[Interval]:
    """What is in `keep` and not in `take`, ascending. Both are walked once."""
    result: list[Interval] = []
    taken = merged(take)
    first = 0  # the first hole that may still reach into what follows
    for interval in merged(keep):
        start = interval.start
        while first < len(taken) and taken[first].end <= start:
            first += 1
        for index in range(first, len(taken)):
            hole = taken[index]
            if hole.start >= interval.end:
                break
            if hole.start > start:
                result.append(Interval(start, hole.start))
            start = max(start, hole.end)
        if start < interval.end:
            result.append(Interval(start, interval.end))
    return result


def held(interval: Interval, among: Sequence[Interval]) -> bool:
    """Whether the interval lies wholly inside one of `among`, merged and ascending: a binary search."""
    last = bisect.bisect_right(among, interval.start, key=lambda one: one.start) - 1
    return last >= 0 and among[last].holds(interval)
