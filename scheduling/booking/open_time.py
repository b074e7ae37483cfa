"""When doctors work: weekly hours and extra hours, less time off, as UTC intervals. Reads, never writes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduling.booking import facts
from scheduling.booking.facts import Extra, Off, Weekly
from scheduling.clock import clinic_zone
from scheduling.times import clinic_day, possible
from scheduling.times.intervals import Interval, merged, subtracted

EVERYBODY = None  # the key of time off for the whole clinic


@dataclass
class Hours:
    """The rules of some doctors (by key) around a span; `open(...)` turns them into open time."""

    zone: ZoneInfo
    weekly: dict[int, list[Weekly]] = field(default_factory=lambda: defaultdict(list))
    extra: dict[int, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    off: dict[int | None, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    absences: list[Off] = field(default_factory=list)  # the same as `off`, for people to read

    def add(self, fact: Weekly | Extra | Off) -> None:
        """Take in a row of hours."""
        match fact:
            case Weekly():
                self.weekly[fact.doctor_id].append(fact)
            case Extra():
                self.extra[fact.doctor_id].append(fact.time)
            case Off():
                self.off[fact.doctor_id].append(fact.time)
                self.absences.append(fact)

    def known(self, doctor: int) -> bool:
        """Whether the doctor has weekly hours (valid or not), or extra hours around the span."""
        return bool(self.weekly.get(doctor) or self.extra.get(doctor))

    def worked(self, doctor: int, days: Iterable[date]) -> list[Interval]:
        """Weekly and extra hours of the days, merged and ascending; time off is still in them."""
        found = list(self.extra.get(doctor, ()))
        of_weekday: dict[int, list[Weekly]] = defaultdict(list)
        for rule in self.weekly.get(doctor, ()):
            of_weekday[rule.weekday].append(rule)
        for day in days:
            for rule in of_weekday.get(day.weekday(), ()):
                if (opened := self._on(rule, day)) is not None:
                    found.append(opened)
        return merged(found)

    def away(self, doctor: int) -> list[Interval]:
        """Time off of the doctor and of the whole clinic, merged and ascending."""
        return merged([*self.off.get(doctor, ()), *self.off.get(EVERYBODY, ())])

    def open(self, doctor: int, days: Iterable[date]) -> list[Interval]:
        """What can be booked of the days, apart from what is taken."""
        worked, away = self.worked(doctor, days), self.away(doctor)
        return subtracted(worked, away) if away else worked

    def _on(self, rule: Weekly, day: date) -> Interval | None:
        """A rule of this weekday, on the day."""
        begun = rule.valid_from is None or rule.valid_from <= day
        over = rule.valid_until is not None and rule.valid_until < day
        if not begun or over:
            return None
        return clinic_day.span(day, rule.starts, rule.ends, self.zone)


def days_of(span: Interval, zone: ZoneInfo) -> list[date]:
    """Every calendar day that the half-open span touches. Raises ValueError where that is years of them."""
    return possible.days(*_ends_of(span, zone))


def session_days(span: Interval, zone: ZoneInfo) -> list[date]:
    """The days on which a session may begin that reaches into the span: one more, for those past midnight."""
    first, last = _ends_of(span, zone)
    return possible.days(first - timedelta(days=1), last)


def weekdays_of(span: Interval, zone: ZoneInfo) -> list[int]:
    """The weekdays of `session_days`, each once."""
    first, last = _ends_of(span, zone)
    first -= timedelta(days=1)
    week = possible.days(first, min(last, first + timedelta(days=6)))
    return [day.weekday() for day in week]


def days_around(span: Interval, zone: ZoneInfo) -> Interval:
    """The clinic days that the span touches, whole, and one more on either side: a visit that begins in the
    span ends in it, and so does any session that it could stand in."""
    first, last = _ends_of(span, zone)
    first, last = first - timedelta(days=1), last + timedelta(days=1)
    return Interval(clinic_day.whole_day(first, zone).start, clinic_day.whole_day(last, zone).end)


def _ends_of(span: Interval, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day that the span touches."""
    last = span.end - timedelta(microseconds=1)
    return clinic_day.day_of(span.start, zone), clinic_day.day_of(last, zone)


def load(doctors: Collection[int], span: Interval) -> Hours:
    """The rules of these doctors (keys) that matter around the span: 1 query for any number of them."""
    hours = Hours(clinic_zone())
    for row in facts.of_hours(doctors, days_around(span, hours.zone)) if doctors else ():
        hours.add(row)
    return hours
