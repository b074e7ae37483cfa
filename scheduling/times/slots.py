"""Starts that fit into free time."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from scheduling.times.intervals import Interval


def starts(free: Iterable[Interval], minutes: int, *, step: int, earliest: datetime) -> Iterator[datetime]:
    """Every start, from each free interval's beginning in steps of `step` minutes, where `minutes` fit.

    Starts before `earliest` are left out without shifting the others, so that what is offered at 10:40 is
    still offered in the same rhythm at 10:41.
    """
    length, stride = timedelta(minutes=minutes), timedelta(minutes=step)
    for interval in free:
        start = interval.start
        while start + length <= interval.end:
            if start >= earliest:
                yield start
            start += stride
