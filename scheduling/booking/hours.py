"""The only writer of hours: weekly hours, extra hours and time off.

Every change answers with the visits that it strands: future visits that stood in open time before and no
longer do. None of them is cancelled or moved by it. `dry_run` gives the same answer and changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from scheduling.booking import open_time
from scheduling.booking.rules import Problem, Refused
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Doctor, ExtraHours, TimeOff, WorkingHours
from scheduling.times import grid
from scheduling.times.intervals import Interval


@dataclass(frozen=True, order=True)
class Weekly:
    """One stretch of a week: weekday 0 is Monday; local wall-clock times; the days are the first and last."""

    weekday: int
    starts: time
    ends: time
    valid_from: date | None = None
    valid_until: date | None = None

    def overlaps(self, other: "Weekly") -> bool:
        same_days = (self.valid_from or date.min) <= (other.valid_until or date.max) and (
            other.valid_from or date.min
        ) <= (self.valid_until or date.max)
        at_once = self.starts < other.ends and other.starts < self.ends
        return self.weekday == other.weekday and same_days and at_once


def replace_week(
    doctor: Doctor, week: Sequence[Weekly], *, now: datetime, dry_run: bool = False
) -> list[Appointment]:
    """Make these the doctor's weekly hours, in place of all that were."""
    problems = week_problems(week)
    if problems:
        raise Refused(*problems)

    def write() -> None:
        kept = {}
        for row in WorkingHours.objects.filter(doctor=doctor):
            key = Weekly(row.weekday, row.starts, row.ends, row.valid_from, row.valid_until)
            if key in week and key not in kept:
                kept[key] = row
            else:
                row.delete()
        new = [WorkingHours(doctor=doctor, **asdict(stretch)) for stretch in week if stretch not in kept]
        WorkingHours.objects.bulk_create(new)

    return _stranding([doctor], write, now=now, dry_run=dry_run)


def add_time_off(
    doctor: Doctor | None, span: Interval, *, reason: str, now: datetime, dry_run: bool = False
) -> list[Appointment]:
    """Time off (aware, half-open) of a doctor, or of the whole clinic for None."""
    _check(span, same=TimeOff.objects.filter(doctor=doctor).touching(span))

    def write() -> None:
        TimeOff.objects.create(doctor=doctor, starts_at=span.start, ends_at=span.end, reason=reason)

    return _stranding(_concerned(doctor), write, now=now, dry_run=dry_run)


def remove_time_off(uuid: UUID, *, now: datetime, dry_run: bool = False) -> list[Appointment]:
    """Work after all. Strands nothing, but answers alike. Removed before: nothing happens."""
    row = TimeOff.objects.select_related("doctor").filter(uuid=uuid).first()
    if row is None:
        return []
    return _stranding(_concerned(row.doctor), row.delete, now=now, dry_run=dry_run)


def add_extra_hours(
    doctor: Doctor, span: Interval, *, now: datetime, dry_run: bool = False
) -> list[Appointment]:
    """A one-off session (aware, half-open) beside the weekly hours."""
    _check(span, same=ExtraHours.objects.filter(doctor=doctor).touching(span))

    def write() -> None:
        ExtraHours.objects.create(doctor=doctor, starts_at=span.start, ends_at=span.end)

    return _stranding([doctor], write, now=now, dry_run=dry_run)


def remove_extra_hours(uuid: UUID, *, now: datetime, dry_run: bool = False) -> list[Appointment]:
    """Take a one-off session back. Removed before: nothing happens."""
    row = ExtraHours.objects.select_related("doctor").filter(uuid=uuid).first()
    if row is None:
        return []
    return _stranding([row.doctor], row.delete, now=now, dry_run=dry_run)


def stranded(doctors: Iterable[Doctor], *, now: datetime) -> list[Appointment]:
    """Visits from now on that stand outside open time, by time. 3 queries for any number of doctors."""
    keys = [doctor.pk for doctor in doctors]
    visits = list(
        Appointment.objects.holding_time()
        .filter(doctor_id__in=keys, appointment_datetime__gte=now)
        .with_people()
        .order_by("appointment_datetime", "pk")
    )
    if not visits:
        return []
    reach = Interval(visits[0].appointment_datetime, max(visit.ends_at for visit in visits))
    hours = open_time.load(keys, reach)
    found = []
    for visit in visits:
        span = Interval(visit.appointment_datetime, visit.ends_at)
        days = open_time.days_of(span, hours.zone)
        if not any(interval.holds(span) for interval in hours.open(visit.doctor_id, days)):
            found.append(visit)
    return found


@in_one_transaction
def _stranding(
    doctors: Sequence[Doctor], write: Callable[[], object], *, now: datetime, dry_run: bool
) -> list[Appointment]:
    before = {visit.pk for visit in stranded(doctors, now=now)}
    write()
    after = [visit for visit in stranded(doctors, now=now) if visit.pk not in before]
    if dry_run:
        transaction.set_rollback(True)
    return after


def _concerned(doctor: Doctor | None) -> list[Doctor]:
    return [doctor] if doctor is not None else list(Doctor.objects.all())


def week_problems(week: Sequence[Weekly]) -> list[Problem]:
    """What is wrong with a week: inverted, overlapping, or off the five minutes; each said in words."""
    found: list[Problem] = []
    for stretch in week:
        text = {"from": f"{stretch.starts:%H:%M}", "to": f"{stretch.ends:%H:%M}"}
        if stretch.starts >= stretch.ends:
            message = _("%(from)s to %(to)s ends before it begins.") % text
            found.append(Problem("inverted", "hours", message))
        if stretch.valid_from and stretch.valid_until and stretch.valid_from > stretch.valid_until:
            message = _("%(from)s to %(to)s: the first day is after the last.") % text
            found.append(Problem("inverted", "hours", message))
        if any(
            t.minute % grid.GRAIN_MINUTES or t.second or t.microsecond for t in (stretch.starts, stretch.ends)
        ):
            message = _("%(from)s to %(to)s: hours begin and end on full five minutes.") % text
            found.append(Problem("off_the_grid", "hours", message))
    ordered = sorted(week, key=lambda stretch: (stretch.weekday, stretch.starts, stretch.ends))
    for index, stretch in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if stretch.overlaps(other):
                texts = {"a": f"{stretch.starts:%H:%M}", "b": f"{other.starts:%H:%M}"}
                message = _("The hours from %(a)s and from %(b)s overlap.") % texts
                found.append(Problem("overlap", "hours", message))
    return found


def _check(span: Interval, *, same: "Iterable[TimeOff] | Iterable[ExtraHours]") -> None:
    if span.start >= span.end:
        raise Refused(Problem("inverted", "hours", _("It ends before it begins.")))
    if not (grid.on_grid(span.start) and grid.on_grid(span.end)):
        raise Refused(Problem("off_the_grid", "hours", _("It begins and ends on full five minutes.")))
    if any(True for _row in same):
        raise Refused(Problem("overlap", "hours", _("It overlaps one that is there already.")))
