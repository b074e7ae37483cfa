"""When doctors work: weekly hours and extra hours, less time off, as UTC intervals. Reads, never writes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q, Value

from scheduling.models import Doctor, ExtraHours, TimeOff, WorkingHours
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval, merged, subtracted

EVERYBODY = None  # the key of time off for the whole clinic


def clinic_zone() -> ZoneInfo:
    return ZoneInfo(settings.CLINIC_TIME_ZONE)


class Rule(NamedTuple):
    """A row of weekly hours, without what a model instance costs."""

    doctor_id: int
    weekday: int
    starts: time
    ends: time
    valid_from: date | None
    valid_until: date | None


class Absence(NamedTuple):
    """A row of time off, with its reason; of the whole clinic where `doctor_id` is None."""

    doctor_id: int | None
    time: Interval
    reason: str


@dataclass
class Hours:
    """The rules of some doctors (by key) around a span; `open(...)` turns them into open time."""

    zone: ZoneInfo
    weekly: dict[int, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    extra: dict[int, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    off: dict[int | None, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    absences: list[Absence] = field(default_factory=list)  # the same as `off`, for people to read

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

    def _on(self, rule: Rule, day: date) -> Interval | None:
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


def around(span: Interval, zone: ZoneInfo) -> Interval:
    """The clinic days that the span touches, whole, and one more on either side: a visit that begins in the
    span ends in it, and so does any session that it could stand in."""
    days = days_of(span, zone)
    first, last = days[0] - timedelta(days=1), days[-1] + timedelta(days=1)
    return Interval(clinic_day.whole_day(first, zone).start, clinic_day.whole_day(last, zone).end)


def load(doctors: Collection[int], span: Interval) -> Hours:
    """The rules of these doctors (keys) that matter `around` the span: 2 queries for any number of them."""
    hours = Hours(clinic_zone())
    span = around(span, hours.zone)
    weekly = WorkingHours.objects.filter(doctor_id__in=doctors).order_by()
    for row in weekly.values_list(*Rule._fields):
        hours.weekly[row[0]].append(Rule(*row))
    columns = ("doctor_id", "starts_at", "ends_at", "is_off", "why")
    # One statement for both tables; the order of rows does not matter, and may not be asked for in a union.
    off = TimeOff.objects.touching(span).filter(Q(doctor_id__in=doctors) | Q(doctor=None))
    extra = ExtraHours.objects.touching(span).filter(doctor_id__in=doctors)
    rows = off.order_by().annotate(is_off=Value(1), why=F("reason")).values_list(*columns)
    none = Value("")
    rows = rows.union(extra.order_by().annotate(is_off=Value(0), why=none).values_list(*columns), all=True)
    for doctor, starts_at, ends_at, is_off, why in rows:
        (hours.off if is_off else hours.extra)[doctor].append(Interval(starts_at, ends_at))
        if is_off:
            hours.absences.append(Absence(doctor, Interval(starts_at, ends_at), why))
    return hours


def open_hours(
    doctors: Sequence[Doctor], span: Interval, *, hours: Hours | None = None
) -> Mapping[int, list[Interval]]:
    """Open time of each doctor (by key) that touches the span, not cut at its ends; merged and ascending. 2
    queries, or none where the `hours` around it were read before."""
    hours = hours or load([doctor.pk for doctor in doctors], span)
    days = days_of(span, hours.zone)
    return {
        doctor.pk: [i for i in hours.open(doctor.pk, days) if i.start < span.end and span.start < i.end]
        for doctor in doctors
    }
