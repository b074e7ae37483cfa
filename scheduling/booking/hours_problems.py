"""What is wrong with hours as somebody wants them, in words: before anything is written."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from scheduling.booking.rules import Problem, Refused
from scheduling.clock import clinic_today, clinic_zone
from scheduling.models import ExtraHours, TimeOff
from scheduling.times import clinic_day, grid, possible
from scheduling.times.intervals import Interval
from scheduling.times.weeks import Weekly
from scheduling.times_in_words import day_and_time, day_in_words, time_in_figures

# Minutes of a session that goes on past midnight. What would be longer was meant otherwise: 14:00 to 09:00.
LONGEST_NIGHT: Final = 16 * 60


def date_problems(first: date, last: date | None, now: datetime) -> Iterator[Problem]:
    """What is wrong with the days from which and until which a week is to hold."""
    if first < clinic_today(now):
        message = _("Hours of days that have passed stay as they were. Choose today or a later day.")
        yield Problem("in_the_past", "hours", message)
    if last is not None and last < first:
        yield Problem("inverted", "hours", _("The last day is before the first."))
    yield from _year_problems([first, *([last] if last else [])], now)


def _year_problems(days: Iterable[date], now: datetime) -> Iterator[Problem]:
    """What is wrong with the years of days that somebody typed."""
    furthest = possible.furthest(clinic_today(now))
    strange = [day for day in days if not possible.FIRST_DAY <= day <= furthest]
    if strange:
        said = {"year": f"{strange[0].year:04}", "furthest": furthest.year}
        text = _("Check the year: %(year)s. Hours are recorded until the end of %(furthest)s.") % said
        yield Problem("too_far_ahead", "hours", text)


def week_problems(week: Sequence[Weekly]) -> list[Problem]:
    """What is wrong with a week: inverted, overlapping, or off the five minutes; each said in words."""
    found = [problem for stretch in week for problem in stretch_problems(stretch)]
    ordered = sorted(week, key=lambda stretch: (stretch.weekday, stretch.starts, stretch.ends))
    for index, stretch in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if stretch.overlaps(other):
                texts = {"a": f"{stretch.starts:%H:%M}", "b": f"{other.starts:%H:%M}"}
                message = _("The hours from %(a)s and from %(b)s overlap.") % texts
                found.append(Problem("overlap", "hours", message))
    return found


def stretch_problems(stretch: Weekly) -> list[Problem]:
    """What is wrong with one stretch alone."""
    found: list[Problem] = []
    text = {"from": f"{stretch.starts:%H:%M}", "to": f"{stretch.ends:%H:%M}"}
    if stretch.minutes_next_day and stretch.minutes > LONGEST_NIGHT:
        message = _("%(from)s to %(to)s ends before it begins.") % text
        found.append(Problem("inverted", "hours", message))
    if stretch.first > stretch.last:
        message = _("%(from)s to %(to)s: the first day is after the last.") % text
        found.append(Problem("inverted", "hours", message))
    if any(
        at.minute % grid.GRAIN_MINUTES or at.second or at.microsecond for at in (stretch.starts, stretch.ends)
    ):
        message = _("%(from)s to %(to)s: hours begin and end on full five minutes.") % text
        found.append(Problem("off_the_grid", "hours", message))
    return found


def checked_span(span: Interval, now: datetime) -> Interval:
    """The span (aware, half-open) in UTC. Raises `Refused` where it is inverted, off the five minutes, or
    in a year that nobody can mean."""
    if span.start.tzinfo is None or span.end.tzinfo is None:
        raise ValueError("hours off and extra hours need aware times")
    span = span.in_utc()
    if span.start >= span.end:
        raise Refused(Problem("inverted", "hours", _("It ends before it begins.")))
    if not (grid.on_grid(span.start) and grid.on_grid(span.end)):
        raise Refused(Problem("off_the_grid", "hours", _("It begins and ends on full five minutes.")))
    zone, last = clinic_zone(), span.end - timedelta(minutes=1)
    if problems := list(_year_problems([clinic_day.day_of(at, zone) for at in (span.start, last)], now)):
        raise Refused(*problems)
    return span


def refuse_overlap(same: "Iterable[TimeOff | ExtraHours]") -> None:
    """Raises `Refused` if there is any of these rows, which touch the time of a new one."""
    for row in same:
        shown = {"from": _moment(row.starts_at), "to": _moment(row.ends_at)}
        text = _("It overlaps %(from)s to %(to)s, which is there already.") % shown
        raise Refused(Problem("overlap", "hours", text))


def _moment(at: datetime) -> str:
    """Tue 3 March 2026, 10:20"""
    on_clocks = at.astimezone(clinic_zone())
    return day_and_time(day_in_words(on_clocks.date(), "short_with_year"), time_in_figures(on_clocks.time()))
