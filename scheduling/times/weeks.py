"""A doctor's week, and how one week follows another: "new hours from Monday 9 March"."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

ONE_DAY = timedelta(days=1)
A_DAY = 24 * 60  # minutes
A_WEEK = 7 * A_DAY


@dataclass(frozen=True)
class Weekly:
    """One stretch of a week: weekday 0 is Monday; local wall-clock times; the days are the first and last.

    One that ends no later than it begins ends on the next day; `ends` at 00:00 is the end of its own.
    """

    weekday: int
    starts: time
    ends: time
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def first(self) -> date:
        return self.valid_from or date.min

    @property
    def last(self) -> date:
        return self.valid_until or date.max

    @property
    def first_minute(self) -> int:
        """Of the day, by the clock."""
        return self.starts.hour * 60 + self.starts.minute

    @property
    def end_minute(self) -> int:
        """Counted from the midnight before: more than those of a day where it goes on into the next one."""
        end = self.ends.hour * 60 + self.ends.minute
        return end + A_DAY if self.ends <= self.starts else end

    @property
    def minutes(self) -> int:
        return self.end_minute - self.first_minute

    @property
    def minutes_next_day(self) -> int:
        return max(0, self.end_minute - A_DAY)

    def overlaps(self, other: "Weekly") -> bool:
        """Whether there is a time in both; that of a Sunday night may be another week's Monday."""
        same_days = self.first <= other.last and other.first <= self.last
        start = (other.weekday - self.weekday) * A_DAY + other.first_minute
        at_once = any(
            self.first_minute < begins + other.minutes and begins < self.end_minute
            for begins in (start - A_WEEK, start, start + A_WEEK)
        )
        return same_days and at_once

    def undated(self) -> "Weekly":
        return replace(self, valid_from=None, valid_until=None)


@dataclass(frozen=True)
class Period:
    """Days, first and last, on which one and the same week holds; the week has no dates of its own."""

    first: date | None
    last: date | None
    week: tuple[Weekly, ...]

    def on(self, weekday: int) -> list[Weekly]:
        return [stretch for stretch in self.week if stretch.weekday == weekday]

    def before(self, weekday: int) -> list[Weekly]:
        """The stretches of the day before, some of which may go on into this one."""
        return self.on((weekday - 1) % 7)

    @property
    def minutes(self) -> int:
        """Of a whole week."""
        return sum(stretch.minutes for stretch in self.week)

    def holds_on(self, day: date) -> bool:
        return (self.first or date.min) <= day <= (self.last or date.max)


def periods(rows: Iterable[Weekly]) -> list[Period]:
    """The weeks that follow each other, from the first to the last day there is; some may be empty."""
    rows = list(rows)
    begins = {row.valid_from for row in rows if row.valid_from and row.valid_from > date.min}
    begins |= {row.valid_until + ONE_DAY for row in rows if row.valid_until and row.valid_until < date.max}
    firsts: list[date | None] = [None, *sorted(begins)]
    found: list[Period] = []
    for index, first in enumerate(firsts):
        after = firsts[index + 1] if index + 1 < len(firsts) else None
        last = after - ONE_DAY if after else None
        day = first or date.min
        week = _in_order(row.undated() for row in rows if row.first <= day <= row.last)
        if found and found[-1].week == week:
            found[-1] = replace(found[-1], last=last)
        else:
            found.append(Period(first, last, week))
    return found


def on_day(rows: Iterable[Weekly], day: date) -> Period:
    """The week that holds on this day, and since and until when."""
    return next(period for period in periods(rows) if period.holds_on(day))


def changed(
    rows: Iterable[Weekly], week: Iterable[Weekly], *, first: date, last: date | None
) -> list[Weekly]:
    """The rows after this week holds from the first to the last day (None: from then on). What was recorded
    for the days before and after stays. A stretch that goes on as it was is one row, not two."""
    kept: list[Weekly] = []
    for row in rows:
        if row.first < first:
            kept.append(replace(row, valid_until=min(row.last, first - ONE_DAY)))
        if last is not None and row.last > last:
            begins = max(row.first, last + ONE_DAY)
            kept.append(replace(row, valid_from=begins))
    kept.extend(replace(stretch, valid_from=first, valid_until=last) for stretch in week)
    return _joined(kept)


def token(rows: Iterable[Weekly]) -> str:
    """The same for the same hours: tells whether somebody changed them meanwhile."""
    said = "\n".join(sorted(repr(row) for row in rows))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _in_order(week: Iterable[Weekly]) -> tuple[Weekly, ...]:
    return tuple(sorted(week, key=lambda one: (one.weekday, one.starts, one.ends)))


def _joined(rows: Sequence[Weekly]) -> list[Weekly]:
    """Rows of the same hours whose days follow each other, as one; in the order of the week."""
    alike: dict[Weekly, list[Weekly]] = defaultdict(list)
    for row in rows:
        alike[row.undated()].append(row)
    result: list[Weekly] = []
    for stretch in _in_order(alike):
        runs: list[Weekly] = []
        for row in sorted(alike[stretch], key=lambda one: one.first):
            if runs and runs[-1].last < date.max and row.first <= runs[-1].last + ONE_DAY:
                longest = max(runs[-1], row, key=lambda one: one.last)
                runs[-1] = replace(runs[-1], valid_until=longest.valid_until)
            elif not runs or runs[-1].last < date.max:
                runs.append(row)
        result.extend(runs)
    return result
