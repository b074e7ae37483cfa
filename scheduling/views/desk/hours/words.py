"""Hours in words and as strips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from scheduling.forms.hours import DayOfWeek, WeekForm, end_of
from scheduling.models.hours import Weekday
from scheduling.templatetags.clinic import clock, long_date
from scheduling.times.weeks import A_DAY, Period, Weekly

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

    def bars(self, stretches: Iterable[Weekly], before: Iterable[Weekly] = ()) -> list[Bar]:
        """Of a day: its stretches, and what those of the day `before` have after midnight."""
        rests = [(0, one.minutes_next_day) for one in before if one.minutes_next_day]
        own = [(one.first_minute, min(one.end_minute, A_DAY)) for one in stretches]
        return [Bar(start // 5 - self.first * STEPS, (end - start) // 5) for start, end in rests + own]


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
    rests: Sequence[str]  # what the day before leaves of this one


@dataclass(frozen=True)
class Line:
    """Days of a week that have the same hours."""

    days: str
    text: str


def strip_of(week: Iterable[Weekly]) -> Strip:
    week = list(week)
    first = min([FIRST_HOUR, *(0 if one.minutes_next_day else one.starts.hour for one in week)])
    last = max([LAST_HOUR, *(-(-min(one.end_minute, A_DAY) // 60) for one in week)])
    return Strip(first, last)


def hours_as_text(stretches: Iterable[Weekly]) -> str:
    """09:00 to 13:00, 14:00 to 18:00; 22:00 to 02:00 the next day"""
    return ", ".join(_texts(stretches))


def _texts(stretches: Iterable[Weekly], before: Iterable[Weekly] = ()) -> list[str]:
    """Of a day; `before` are the stretches of the day before, which may go on into it."""
    rests = [one for one in before if one.minutes_next_day]
    texts = [after_midnight(one) for one in rests] + [_text(one) for one in stretches]
    return texts or [_("Not in")]


def after_midnight(stretch: Weekly) -> str:
    """What a stretch of the day before leaves of this one: until 02:00, from Monday 22:00"""
    said = {"to": clock(stretch.ends), "day": Weekday(stretch.weekday).label, "from": clock(stretch.starts)}
    return _("until %(to)s, from %(day)s %(from)s") % said


def _text(stretch: Weekly) -> str:
    said = {"from": clock(stretch.starts), "to": clock(stretch.ends)}
    if stretch.minutes_next_day:
        return _("%(from)s to %(to)s the next day") % said
    return _("%(from)s to %(to)s") % (said | {"to": end_of(stretch)})


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
        DayLine(
            str(label), _texts(week.on(day), week.before(day)), strip.bars(week.on(day), week.before(day))
        )
        for day, label in Weekday.choices
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
        evening = form.days[day.number - 1].stretches
        stretches = sorted(day.stretches, key=lambda one: one.starts)
        was = before.on(day.number) if before else stretches
        rests = [after_midnight(one) for one in evening if one.minutes_next_day]
        said = hours_as_text(was) if stretches != was else ""
        found.append(TypedDay(day, strip.bars(stretches, evening), said, rests))
    return found


def hours_a_week(period: Period) -> str:
    """34 or 34.5; 34,5 where one writes it so"""
    return formats.number_format(f"{period.minutes / 60:.2f}".rstrip("0").rstrip("."))


def _as_on(stretches: Sequence[Weekly], weekday: int) -> list[Weekly]:
    return [Weekly(weekday, one.starts, one.ends) for one in stretches]


def _days(run: Sequence[int]) -> str:
    first, last = str(WEEKDAYS_ABBR[run[0]]), str(WEEKDAYS_ABBR[run[-1]])
    if len(run) == 1:
        return first
    if len(run) == 2:
        return _("%(first)s and %(last)s") % {"first": first, "last": last}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}
