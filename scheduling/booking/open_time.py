"""When doctors work: weekly hours and extra hours, less time off, as UTC intervals. Reads, never writes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduling.booking import facts
from scheduling.booking.facts import Extra, Off, Weekly
from scheduling.clock import clinic_zone
from scheduling.times import clinic_day
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
        rules = self.weekly.get(doctor, ())
        for day in days:
            found.extend(opened for rule in rules if (opened := self._on(rule, day)) is not None)
        return merged(found)

    def away(self, doctor: int) -> list[Interval]:
        """Time off of the doctor and of the whole clinic, merged and ascending."""
        return merged([*self.off.get(doctor, ()), *self.off.get(EVERYBODY, ())])

    def open(self, doctor: int, days: Iterable[date]) -> list[Interval]:
        """What can be booked of the days, apart from what is taken."""
        return subtracted(self.worked(doctor, days), self.away(doctor))

    def _on(self, rule: Weekly, day: date) -> Interval | None:
        begun = rule.valid_from is None or rule.valid_from <= day
        over = rule.valid_until is not None and rule.valid_until < day
        if rule.weekday != day.weekday() or not begun or over:
            return None
        return clinic_day.span(day, rule.starts, rule.ends, self.zone)


def days_of(span: Interval, zone: ZoneInfo) -> list[date]:
    """Every calendar day that the half-open span touches."""
    first = clinic_day.day_of(span.start, zone)
    last = clinic_day.day_of(span.end - timedelta(microseconds=1), zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def weekdays_of(span: Interval, zone: ZoneInfo) -> list[int]:
    """Those of the days that the span touches, each once."""
    return list({day.weekday(): None for day in days_of(span, zone)})


def days_around(span: Interval, zone: ZoneInfo) -> Interval:
    """The clinic days that the span touches, whole, and one more on either side: a visit that begins in the
    span ends in it, and so does any session that it could stand in."""
    days = days_of(span, zone)
    first, last = days[0] - timedelta(days=1), days[-1] + timedelta(days=1)
    return Interval(clinic_day.whole_day(first, zone).start, clinic_day.whole_day(last, zone).end)


def load(doctors: Collection[int], span: Interval) -> Hours:
    """The rules of these doctors (keys) that matter around the span: 1 query for any number of them."""
    hours = Hours(clinic_zone())
    for row in facts.of_hours(doctors, days_around(span, hours.zone)) if doctors else ():
        hours.add(row)
    return hours
