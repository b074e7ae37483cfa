"""When somebody is in again: what a day on which nobody is says of itself."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from scheduling.booking import open_time
from scheduling.booking.openings import windows
from scheduling.times.day_rows import within
from scheduling.times.intervals import Interval

AHEAD: Final = timedelta(days=120)


def next_open(doctors: Collection[int], after: datetime) -> datetime | None:
    """When the first of these doctors (keys) is in after a moment (aware UTC), whether or not there is a free
    time; None where nobody is for 120 days. 1 query.
    """
    span = Interval(after, after + AHEAD)
    hours = open_time.load(doctors, span)
    for window in windows(span, hours):
        days = open_time.session_days(window, hours.zone)
        opened = (within(hours.open(doctor, days), window) for doctor in doctors)
        if starts := [intervals[0].start for intervals in opened if intervals]:
            return min(starts)
    return None
