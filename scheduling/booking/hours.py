"""The only writer of hours: weekly hours, extra hours and time off.

Every change answers with the visits that it strands: future visits that stood in open time before and no
longer do. None of them is cancelled or moved by it. `dry_run` gives the same answer and changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from scheduling.booking import open_time, rules, stranding
from scheduling.booking.rules import Problem, Refused
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Doctor, ExtraHours, TimeOff, WorkingHours
from scheduling.times import grid
from scheduling.times.intervals import Interval

Model = type[TimeOff] | type[ExtraHours]


@dataclass(frozen=True)
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
    """Make these the doctor's weekly hours, in place of all that were. Raises `Refused`."""
    problems = week_problems(week)
    if problems:
        raise Refused(*problems)

    def write() -> None:
        rows = {
            Weekly(row.weekday, row.starts, row.ends, row.valid_from, row.valid_until): row.pk
            for row in WorkingHours.objects.filter(doctor=doctor)
        }
        kept = [rows[stretch] for stretch in week if stretch in rows]
        WorkingHours.objects.filter(doctor=doctor).exclude(pk__in=kept).delete()
        new = [WorkingHours(doctor=doctor, **asdict(stretch)) for stretch in week if stretch not in rows]
        WorkingHours.objects.bulk_create(new)

    return _stranding(doctor, write, now=now, dry_run=dry_run)


def add_time_off(
    doctor: Doctor | None,
    span: Interval,
    *,
    reason: str,
    now: datetime,
    uuid: UUID | None = None,
    dry_run: bool = False,
) -> list[Appointment]:
    """Time off (aware, half-open) of a doctor, or of the whole clinic for None. Raises `Refused`.

    `uuid` is the new row's, made with the form: sent twice, nothing more is written, and the visits that
    stand in it are named again. Without one, a second time off at the same time is refused as overlapping.
    """
    span = _checked(span)
    values = {"doctor": doctor, "starts_at": span.start, "ends_at": span.end, "reason": reason}
    return _adding(TimeOff, doctor, values, uuid=uuid, now=now, dry_run=dry_run)


def remove_time_off(uuid: UUID, *, now: datetime, dry_run: bool = False) -> list[Appointment]:
    """Work after all. Strands nothing, but answers alike. Removed before: nothing happens."""
    return _removing(TimeOff, uuid, now=now, dry_run=dry_run)


def add_extra_hours(
    doctor: Doctor, span: Interval, *, now: datetime, uuid: UUID | None = None, dry_run: bool = False
) -> list[Appointment]:
    """A one-off session (aware, half-open) beside the weekly hours. Raises `Refused`. `uuid`: as above."""
    span = _checked(span)
    values = {"doctor": doctor, "starts_at": span.start, "ends_at": span.end}
    return _adding(ExtraHours, doctor, values, uuid=uuid, now=now, dry_run=dry_run)


def remove_extra_hours(uuid: UUID, *, now: datetime, dry_run: bool = False) -> list[Appointment]:
    """Take a one-off session back. Removed before: nothing happens."""
    return _removing(ExtraHours, uuid, now=now, dry_run=dry_run)


def _adding(
    model: Model,
    doctor: Doctor | None,
    values: dict[str, Any],
    *,
    uuid: UUID | None,
    now: datetime,
    dry_run: bool,
) -> list[Appointment]:
    key = uuid or uuid4()  # the transaction may run again, and must know its own row
    span = Interval(values["starts_at"], values["ends_at"])
    saved_before = uuid is not None and model.objects.filter(uuid=uuid).exists()

    def write() -> None:
        earlier = model.objects.filter(uuid=key).first()
        if earlier is None:
            _alone(model.objects.filter(doctor=doctor).touching(span))
            # Another sending of the same form may be quicker: then its row is the one.
            earlier, _made = model.objects.get_or_create(uuid=key, defaults=values)
        if (earlier.doctor, Interval(earlier.starts_at, earlier.ends_at)) != (doctor, span):
            raise Refused(rules.already_saved())

    before: set[int] | None = set() if saved_before else None
    return _stranding(doctor, write, now=now, dry_run=dry_run, within=span, before=before)


def _removing(model: Model, uuid: UUID, *, now: datetime, dry_run: bool) -> list[Appointment]:
    row = model.objects.select_related("doctor").filter(uuid=uuid).first()
    if row is None:
        return []
    # By query, not `row.delete()`: that forgets its key, and the transaction may run again.
    write = model.objects.filter(uuid=uuid).delete
    within = Interval(row.starts_at, row.ends_at)
    return _stranding(row.doctor, write, now=now, dry_run=dry_run, within=within)


def _stranding(
    doctor: Doctor | None,
    write: Callable[[], object],
    *,
    now: datetime,
    dry_run: bool,
    within: Interval | None = None,
    before: set[int] | None = None,
) -> list[Appointment]:
    """Write, and tell which visits that stood in open time before do not stand there now.

    `before` is asked for outside the transaction: run again after a lost answer to COMMIT, it still is
    before.
    """
    doctors = [doctor.pk] if doctor else list(Doctor.objects.order_by().values_list("pk", flat=True))
    if before is None:
        before = set(stranding.outside(doctors, now=now, within=within))
    after = _written(doctor, write, lambda: stranding.outside(doctors, now=now, within=within), dry_run)
    return stranding.named([key for key in after if key not in before])


@in_one_transaction
def _written(
    doctor: Doctor | None, write: Callable[[], object], outside: Callable[[], list[int]], dry_run: bool
) -> list[int]:
    # Two managers who change the same hours at once do it one after the other; the clinic's are everybody's.
    concerned = Doctor.objects.filter(pk=doctor.pk) if doctor is not None else Doctor.objects.all()
    list(concerned.select_for_update().order_by("pk").values_list("pk"))
    write()
    found = outside()
    if dry_run:
        transaction.set_rollback(True)
    return found


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


def _checked(span: Interval) -> Interval:
    if span.start.tzinfo is None or span.end.tzinfo is None:
        raise ValueError("hours off and extra hours need aware times")
    span = span.in_utc()
    if span.start >= span.end:
        raise Refused(Problem("inverted", "hours", _("It ends before it begins.")))
    if not (grid.on_grid(span.start) and grid.on_grid(span.end)):
        raise Refused(Problem("off_the_grid", "hours", _("It begins and ends on full five minutes.")))
    return span


def _alone(same: "Iterable[TimeOff | ExtraHours]") -> None:
    for row in same:
        zone = open_time.clinic_zone()
        shown = {
            "from": f"{row.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "to": f"{row.ends_at.astimezone(zone):%Y-%m-%d %H:%M}",
        }
        text = _("It overlaps %(from)s to %(to)s, which is there already.") % shown
        raise Refused(Problem("overlap", "hours", text))
