"""Which days a clinic can mean, and how far into the calendar time is counted at all.

Old books and slips of the keyboard have others: 9999-12-31 for "no date", 2206 for 2026. They are kept and
shown, but no hours, no claims and no list of what is to come reach there.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from scheduling.times.intervals import Interval

# Not the 1st of January 1970, nor 1900 or 0001: that is how programs write "no date".
FIRST_DAY: Final = date(1971, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)
INSTANTS: Final = Interval(datetime(1971, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
YEARS_AHEAD: Final = 10  # hours, extra hours and time off are not recorded for later than that
# Days are counted on and back from an instant, in any zone: at the very ends of the calendar that overflows.
EARLIEST: Final = datetime(1, 1, 11, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 21, tzinfo=UTC)
MOST_DAYS: Final = 1100  # listed at once: the two years of a booking, and the weeks around


def can_be(instant: datetime) -> bool:
    """Whether a clinic can mean this aware instant."""
    return INSTANTS.start <= instant < INSTANTS.end


def meant(instant: datetime, otherwise: datetime) -> datetime:
    """The aware instant, or the other one where no clinic can mean it."""
    return instant if can_be(instant) else otherwise


def within_calendar(instant: datetime) -> datetime:
    """The aware instant, or the nearest one with which can be counted."""
    return min(max(instant, EARLIEST), LATEST)


def furthest(today: date) -> date:
    """The last day for which hours are recorded."""
    return date(today.year + YEARS_AHEAD, 12, 31)


def days(first: date, last: date) -> list[date]:
    """Every day from the first to the last. Raises ValueError where nobody can have meant so many."""
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise ValueError(f"{count} days are never listed at once")
    return [first + timedelta(days=n) for n in range(count)]
