"""The only writer of hours: weekly hours, extra hours and time off.

Every change is told in the history of the doctor or of the clinic, with who made it (`by`: an account, or
None for the clinic's own system) and when (`now`, aware). It answers with the visits that it strands: future
visits that stood in open time before and no longer do. None of them is cancelled or moved by it. `dry_run`
gives the same answer and changes nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from scheduling.booking import hours_lock, record_events, rules, stranding
from scheduling.booking.change import Change
from scheduling.booking.hours_problems import checked_span, date_problems, refuse_overlap, week_problems
from scheduling.booking.rules import Refused
from scheduling.booking.times_as_text import utc
from scheduling.booking.transactions import asked_again, in_one_transaction
from scheduling.clock import clinic_zone
from scheduling.models import Appointment, Doctor, ExtraHours, RecordEvent, TimeOff, WorkingHours
from scheduling.times import weeks
from scheduling.times.intervals import Interval
from scheduling.times.weeks import Weekly

__all__ = ["Refused", "Weekly"]

# The visits that a person saw and agreed to leave outside: uuid and version of each.
Agreed = Collection[tuple[UUID, int]]
Model = type[TimeOff] | type[ExtraHours]
EventKind = RecordEvent.Kind
ADDED: Final[Mapping[Model, EventKind]] = {
    TimeOff: EventKind.TIME_OFF_ADDED,
    ExtraHours: EventKind.EXTRA_HOURS_ADDED,
}
REMOVED: Final[Mapping[Model, EventKind]] = {
    TimeOff: EventKind.TIME_OFF_REMOVED,
    ExtraHours: EventKind.EXTRA_HOURS_REMOVED,
}


class HoursChanged(Exception):
    """Somebody changed the doctor's week after it was looked at. Nothing was written."""


class StrandsOthers(Exception):
    """The change would strand visits that nobody agreed to leave: all that it would are `visits`. Nothing was
    written."""

    def __init__(self, visits: list[Appointment]) -> None:
        super().__init__(f"{len(visits)} visits")
        self.visits = visits


def change_week(
    doctor: Doctor,
    week: Sequence[Weekly],
    *,
    first: date,
    last: date | None = None,
    seen: str | None = None,
    agreed: Agreed | None = None,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
) -> list[Appointment]:
    """Make this the doctor's week from the first to the last day (None: from then on); `week` has no dates.
    Other days keep the hours that they have.

    `seen`: the `weeks.token` of the hours that the person looked at. Raises `HoursChanged` if they are others
    by now, unless they are already as asked for (the form sent twice, an answer lost). `agreed`: the visits
    that the person agreed to leave outside; raises `StrandsOthers` if there are more. Raises `Refused`.
    """
    problems = [*week_problems(week), *date_problems(first, last, now)]
    if problems:
        raise Refused(*problems)

    def write() -> None:
        rows = _rows_of(doctor)
        wished = weeks.changed(rows, week, first=first, last=last)
        if set(wished) == set(rows):
            return
        if seen is not None and seen != weeks.token(rows):
            raise HoursChanged
        _write_week(doctor, wished, rows, Change(by=by, now=now))

    return _stranding(doctor, write, now=now, dry_run=dry_run, agreed=agreed)


def _rows_of(doctor: Doctor) -> dict[Weekly, int]:
    return {
        Weekly(row.weekday, row.starts, row.ends, row.valid_from, row.valid_until): row.pk
        for row in WorkingHours.objects.filter(doctor=doctor)
    }


def _write_week(doctor: Doctor, week: Sequence[Weekly], rows: dict[Weekly, int], change: Change) -> None:
    kept = [rows[stretch] for stretch in week if stretch in rows]
    WorkingHours.objects.filter(doctor=doctor).exclude(pk__in=kept).delete()
    new = [WorkingHours(doctor=doctor, **asdict(stretch)) for stretch in week if stretch not in rows]
    WorkingHours.objects.bulk_create(new)
    gone = [_stretch_facts(stretch) for stretch in rows if stretch not in week]
    come = [_stretch_facts(stretch) for stretch in week if stretch not in rows]
    if gone or come:
        record_events.record_event(
            doctor, EventKind.WEEK_CHANGED, change, before={"week": gone}, after={"week": come}
        )


def _stretch_facts(stretch: Weekly) -> dict[str, Any]:
    return {name: record_events.plain(value) for name, value in asdict(stretch).items()}


def add_time_off(
    doctor: Doctor | None,
    span: Interval,
    *,
    reason: str,
    by: User | None,
    now: datetime,
    uuid: UUID | None = None,
    agreed: Agreed | None = None,
    is_block: bool = False,
    dry_run: bool = False,
) -> list[Appointment]:
    """Time off (aware, half-open) of a doctor, or of the whole clinic for None. Raises `Refused`.

    `uuid` is the new row's, made with the form: sent twice, nothing more is written, and the visits that
    stand in it are named again. Without one, a second time off at the same time is refused as overlapping.
    `agreed`: as for `change_week`. `is_block`: made at the desk, which may remove it.
    """
    span = checked_span(span, now)
    values = {"doctor": doctor, **_times(span), "reason": reason, "is_block": is_block}
    change = Change(by=by, now=now, reason=reason)
    return _adding(TimeOff, doctor, values, change, uuid=uuid, dry_run=dry_run, agreed=agreed)


def remove_time_off(
    uuid: UUID, *, by: User | None, now: datetime, dry_run: bool = False
) -> list[Appointment]:
    """Work after all. Strands nothing, but answers alike. Removed before: nothing happens."""
    return _removing(TimeOff, uuid, Change(by=by, now=now), dry_run=dry_run)


def add_extra_hours(
    doctor: Doctor,
    span: Interval,
    *,
    by: User | None,
    now: datetime,
    uuid: UUID | None = None,
    dry_run: bool = False,
) -> list[Appointment]:
    """A one-off session (aware, half-open) beside the weekly hours. Raises `Refused`. `uuid`: as above."""
    span = checked_span(span, now)
    values = {"doctor": doctor, **_times(span)}
    return _adding(ExtraHours, doctor, values, Change(by=by, now=now), uuid=uuid, dry_run=dry_run)


def remove_extra_hours(
    uuid: UUID,
    *,
    by: User | None,
    now: datetime,
    agreed: Agreed | None = None,
    dry_run: bool = False,
) -> list[Appointment]:
    """Take a one-off session back. Removed before: nothing happens. `agreed`: as for `change_week`."""
    return _removing(ExtraHours, uuid, Change(by=by, now=now), dry_run=dry_run, agreed=agreed)


def _times(span: Interval) -> dict[str, Any]:
    return {"starts_at": span.start, "ends_at": span.end, "time_zone": clinic_zone().key}


def _adding(
    model: Model,
    doctor: Doctor | None,
    values: dict[str, Any],
    change: Change,
    *,
    uuid: UUID | None,
    dry_run: bool,
    agreed: Agreed | None = None,
) -> list[Appointment]:
    key = uuid or uuid4()  # the transaction may run again, and must know its own row
    span = Interval(values["starts_at"], values["ends_at"])
    saved_before = uuid is not None and asked_again(model.objects.filter(uuid=uuid).exists)

    def write() -> None:
        earlier = model.objects.filter(uuid=key).first()
        if earlier is None:
            refuse_overlap(model.objects.filter(doctor=doctor).touching(span))
            # Another sending of the same form may be quicker: then its row is the one.
            earlier, is_new = model.objects.get_or_create(uuid=key, defaults=values)
            if is_new:
                record_events.record_event(doctor, ADDED[model], change, after=span_facts(earlier))
        if (earlier.doctor, Interval(earlier.starts_at, earlier.ends_at)) != (doctor, span):
            raise Refused(rules.already_saved())

    before: set[int] | None = set() if saved_before else None
    return _stranding(
        doctor, write, now=change.now, dry_run=dry_run, within=span, before=before, agreed=agreed
    )


def _removing(
    model: Model, uuid: UUID, change: Change, *, dry_run: bool, agreed: Agreed | None = None
) -> list[Appointment]:
    row = asked_again(model.objects.select_related("doctor").filter(uuid=uuid).first)
    if row is None:
        return []

    def write() -> None:
        # By query, not `row.delete()`: that forgets its key, and the transaction may run again.
        deleted, _rows = model.objects.filter(uuid=uuid).delete()
        if deleted:
            record_events.record_event(row.doctor, REMOVED[model], change, before=span_facts(row))

    within = Interval(row.starts_at, row.ends_at)
    return _stranding(row.doctor, write, now=change.now, dry_run=dry_run, within=within, agreed=agreed)


def span_facts(row: TimeOff | ExtraHours) -> dict[str, Any]:
    facts = {"uuid": str(row.uuid), "start": utc(row.starts_at), "end": utc(row.ends_at)}
    return facts | ({"reason": row.reason} if isinstance(row, TimeOff) else {})


def _stranding(
    doctor: Doctor | None,
    write: Callable[[], object],
    *,
    now: datetime,
    dry_run: bool,
    within: Interval | None = None,
    before: set[int] | None = None,
    agreed: Agreed | None = None,
) -> list[Appointment]:
    """Write, and tell which visits that stood in open time before do not stand there now.

    `before` is asked for outside the transaction: run again after a lost answer to COMMIT, it still is
    before.
    """

    everybody = Doctor.objects.order_by().values_list("pk", flat=True)
    doctors = [doctor.pk] if doctor else asked_again(lambda: list(everybody))

    def outside() -> list[int]:
        return stranding.outside(doctors, now=now, within=within)

    stood_outside = set(asked_again(outside)) if before is None else before

    def left() -> list[Appointment]:
        visits = stranding.named([key for key in outside() if key not in stood_outside])
        if agreed is not None and any((visit.uuid, visit.version) not in agreed for visit in visits):
            raise StrandsOthers(visits)
        return visits

    return _written(doctor, write, left, dry_run)


@in_one_transaction
def _written(
    doctor: Doctor | None,
    write: Callable[[], object],
    left: Callable[[], list[Appointment]],
    dry_run: bool,
) -> list[Appointment]:
    # Two managers who change the same hours at once do it one after the other; the clinic's are everybody's.
    hours_lock.take([doctor.pk] if doctor else list(Doctor.objects.order_by().values_list("pk", flat=True)))
    write()
    visits = left()
    if dry_run:
        transaction.set_rollback(True)
    return visits
