"""A zone's clock as a calendar file tells it (VTIMEZONE), for programs that don't know the zone by its name.

Not icalendar's own: its spring change comes an hour late, for it writes by the new clock what RFC 5545
(3.6.5) reads by the old one; and it writes all changes since 1970, which would be most of the file.
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from scheduling.times import clinic_day
from scheduling.times.clinic_day import ClockChange
from scheduling.times.intervals import Interval


@lru_cache(maxsize=32)
def about(year: int, zone: ZoneInfo) -> Timezone:
    """With every change of the clock in this year and the two beside it."""
    year = min(max(year, 3), 9996)  # an old book has visits of the year 1
    first, last = (datetime.combine(date(at, 1, 1), time.min, UTC) for at in (year - 1, year + 2))
    before = first.astimezone(zone).utcoffset()
    component = Timezone()
    component.add("tzid", zone.key)
    if before is not None:
        component.add_component(_clock(ClockChange(first, before, before), zone))
    for change in clinic_day.clock_changes(Interval(first, last), zone):
        component.add_component(_clock(change, zone))
    return component


def _clock(change: ClockChange, zone: ZoneInfo) -> TimezoneStandard | TimezoneDaylight:
    """How the clock goes from this change on."""
    begins = change.at.astimezone(zone)
    clock = TimezoneDaylight() if begins.dst() else TimezoneStandard()
    at = (change.at + change.before).replace(tzinfo=None)  # by the clock as it was
    clock.add("dtstart", at)
    clock.add("rdate", [at])  # some programs pass over a clock that says when it begins, and has no rule
    clock.add("tzoffsetfrom", change.before)
    clock.add("tzoffsetto", change.after)
    clock.add("tzname", begins.tzname() or "")
    return clock
