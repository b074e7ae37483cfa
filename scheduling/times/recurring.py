"""Dates that follow a rule: every so many weeks, or the same weekday of each month. By the wall clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo

FEWEST: Final = 2  # dates of a series
MOST: Final = 52
LONGEST_INTERVAL: Final = 8  # weeks
LAST: Final = 5  # week of the month: the last one, be it the fourth or the fifth
A_DAY: Final = timedelta(days=1)
A_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Every 1 to 8 weeks, or one week (1 to 4, or LAST) of each month, on the weekday of the first date; that
    many times, the first one counted, or until a day, which is counted too."""

    every_weeks: int | None = None
    week_of_month: int | None = None
    count: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if (self.every_weeks is None) == (self.week_of_month is None):
            raise ValueError("a rule counts weeks or goes by the month")
        if (self.count is None) == (self.until is None):
            raise ValueError("a rule ends by a number or by a day")


def dates(first: date, rule: Rule) -> list[date]:
    """The dates from the first on, ascending; one more than MOST where a day lies too far ahead."""
    found: Iterator[date] = _weekly(first, rule.every_weeks) if rule.every_weeks else _monthly(first, rule)
    if (until := rule.until) is not None:
        found = takewhile(lambda day: day <= until, found)
    return list(islice(found, MOST + 1 if rule.count is None else rule.count))


def weeks_of_month(day: date) -> list[int]:
    """Which weeks of the month its weekday stands in: "the fourth Tuesday" may be the last one as well."""
    number = (day.day - 1) // 7 + 1
    is_last = (day + A_WEEK).month != day.month
    return [*([number] if number < LAST else []), *([LAST] if is_last else [])]


def wall_of(start: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks show (naive) at an aware instant."""
    return start.astimezone(zone).replace(tzinfo=None, fold=0)


def clock_changes(days: Sequence[date], zone: ZoneInfo) -> list[tuple[date, timedelta]]:
    """On which days between the first and the last of these (ascending) the clocks change, and how far they
    go forward; back is less than nothing."""
    found = []
    day = days[0]
    while day < days[-1]:
        before, after = (_offset(at, zone) for at in (day, day + A_DAY))
        if before != after:
            found.append((day + A_DAY, after - before))
        day += A_DAY
    return found


def _weekly(first: date, weeks: int) -> Iterator[date]:
    return (first + weeks * number * A_WEEK for number in count())


def _monthly(first: date, rule: Rule) -> Iterator[date]:
    week = rule.week_of_month or LAST
    if week not in weeks_of_month(first):
        raise ValueError("the first date is not one by the rule")
    for month in count(first.year * 12 + first.month - 1):
        yield _weekday_of(month, week, first.weekday())


def _weekday_of(month: int, week: int, weekday: int) -> date:
    """The first, ..., last such weekday of a month, which is counted from the year 0."""
    if week == LAST:
        end = date((month + 1) // 12, (month + 1) % 12 + 1, 1) - A_DAY
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    begin = date(month // 12, month % 12 + 1, 1)
    return begin + timedelta(days=(weekday - begin.weekday()) % 7) + (week - 1) * A_WEEK


def _offset(day: date, zone: ZoneInfo) -> timedelta:
    return datetime.combine(day, time(12), zone).utcoffset() or timedelta(0)
