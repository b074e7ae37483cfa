"""Hours in words and as strips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from scheduling.forms.hours import DayOfWeek, WeekForm
from scheduling.models.hours import Weekday
from scheduling.templatetags.clinic import clock, long_date
from scheduling.times.weeks import Period, Weekly

# The strip shows these hours, and more where somebody works earlier or later.
FIRST_HOUR, LAST_HOUR = 7, 19
STEPS: Final = 12  # of five minutes, in an hour


@dataclass(frozen=True)
class Bar:
    """A stretch on a strip, in steps of five minutes."""

    x: int
    width: int


@dataclass(frozen=True)
class Strip:
    """From which to which hour all strips of a page run."""

    first: int
    last: int

    @property
    def width(self) -> int:
        return (self.last - self.first) * STEPS

    def bars(self, stretches: Iterable[Weekly]) -> list[Bar]:
        return [Bar(_steps(one.starts) - self.first * STEPS, one.minutes // 5) for one in stretches]


@dataclass(frozen=True)
class DayLine:
    """One day of a week."""

    name: str
    texts: Sequence[str]  # one for each stretch
    bars: Sequence[Bar]


@dataclass(frozen=True)
class TypedDay:
    """One day of the form."""

    day: DayOfWeek
    bars: Sequence[Bar]
    was: str


@dataclass(frozen=True)
class Line:
    """Days of a week that have the same hours."""

    days: str
    text: str


def strip_of(week: Iterable[Weekly]) -> Strip:
    week = list(week)
    first = min([FIRST_HOUR, *(one.starts.hour for one in week)])
    last = max([LAST_HOUR, *(one.ends.hour + bool(one.ends.minute) for one in week)])
    return Strip(first, last)


def hours_as_text(stretches: Iterable[Weekly]) -> str:
    """09:00 to 13:00, 14:00 to 18:00"""
    return ", ".join(_texts(stretches))


def _texts(stretches: Iterable[Weekly]) -> list[str]:
    texts = [
        _("%(from)s to %(to)s") % {"from": clock(one.starts), "to": clock(one.ends)} for one in stretches
    ]
    return texts or [_("Not in")]


def lines(period: Period) -> list[Line]:
    """Mon to Fri: 09:00 to 14:00. Days without hours are left out."""
    found: list[Line] = []
    run: list[int] = []
    for weekday in range(8):
        if run and (weekday == 7 or period.on(weekday) != _as_on(period.on(run[0]), weekday)):
            if period.on(run[0]):
                found.append(Line(_days(run), hours_as_text(period.on(run[0]))))
            run = []
        run.append(weekday)
    return found


def days_of(week: Period, strip: Strip) -> list[DayLine]:
    """The seven days."""
    return [
        DayLine(str(label), _texts(week.on(day)), strip.bars(week.on(day))) for day, label in Weekday.choices
    ]


def holds(first: date, last: date | None) -> str:
    """From when until when, in our words: the date input beside it says it in the browser's."""
    if last is None:
        return _("These hours would hold from %(first)s on.") % {"first": long_date(first)}
    said = {"first": long_date(first), "last": long_date(last)}
    return _("These hours would hold from %(first)s until %(last)s.") % said


def typed(form: WeekForm, before: Period | None, strip: Strip) -> list[TypedDay]:
    """The form's days with their strips; compared with the week `before` where there is one."""
    found = []
    for day in form.days:
        stretches = sorted(day.stretches, key=lambda one: one.starts)
        was = before.on(day.number) if before else stretches
        found.append(TypedDay(day, strip.bars(stretches), hours_as_text(was) if stretches != was else ""))
    return found


def hours_a_week(period: Period) -> str:
    """34 or 34.5"""
    return f"{period.minutes / 60:.2f}".rstrip("0").rstrip(".")


def _as_on(stretches: Sequence[Weekly], weekday: int) -> list[Weekly]:
    return [Weekly(weekday, one.starts, one.ends) for one in stretches]


def _days(run: Sequence[int]) -> str:
    first, last = str(WEEKDAYS_ABBR[run[0]]), str(WEEKDAYS_ABBR[run[-1]])
    if len(run) == 1:
        return first
    if len(run) == 2:
        return _("%(first)s and %(last)s") % {"first": first, "last": last}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _steps(at: time) -> int:
    return at.hour * STEPS + at.minute // 5
