"""Records of one person made one, and two again: the transactions behind `merge` and `unmerge`.

A merge moves every visit with its claims and tells it in the visit's history. The record that goes stays
as it was, points at the one that is kept, and its old address leads there. The row of the merge keeps all
that is needed to take it back, whatever was done to the visits meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, Q

from accounts.models import User
from scheduling.booking import given_back, record_events, search_words
from scheduling.booking.change import Change
from scheduling.booking.conflicts import conflict_of
from scheduling.booking.patients import StalePatient, save, standing
from scheduling.booking.seen import Seen
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import (
    Appointment,
    AppointmentEvent,
    Claim,
    Flag,
    Patient,
    PatientMerge,
    RecordEvent,
)

EventKind = AppointmentEvent.Kind


class Unmergeable(Exception):
    """Nothing was written: one is a part of another record, both are the same, or a later merge is in the
    way."""


class Collision(Exception):
    """Nothing was written: the two have visits at the same time, and one person can't be in two places."""

    def __init__(self, visits: Sequence[tuple[Appointment, Appointment]]) -> None:
        super().__init__(f"{len(visits)} pairs of visits")
        self.visits = visits


@dataclass(frozen=True)
class Pair:
    """Two records, both as stored now and kept by this transaction."""

    kept: Patient
    gone: Patient


def merge(kept: Seen, gone: Seen, values: Mapping[str, Any], *, by: User, now: datetime) -> PatientMerge:
    """Make `gone` a part of `kept`, which gets the values (of `patients.FIELDS`) that were chosen.

    Raises `StalePatient`, `Collision` and `Unmergeable`. Asked twice, it answers with the first merge.
    """
    try:
        return _merge(kept, gone, values, by=by, now=now)
    except IntegrityError as error:
        if conflict_of(error) != "patient_taken":
            raise
        # A visit was booked between the look and the write: by now it can be seen.
        return _merge(kept, gone, values, by=by, now=now)


def collisions(kept: Patient, gone: Patient) -> list[tuple[Appointment, Appointment]]:
    """Visits of both at the same time: 2 queries."""
    of_gone = Claim.objects.filter(patient=gone).order_by("grain").values_list("grain", "appointment")
    grains = dict(of_gone)
    met: dict[tuple[int, int], None] = {}
    of_kept = Claim.objects.filter(patient=kept, grain__in=Claim.objects.filter(patient=gone).values("grain"))
    for grain, appointment in of_kept.order_by("grain").values_list("grain", "appointment"):
        met[appointment, grains[grain]] = None
    keys = {key for pair in met for key in pair}
    visits = Appointment.objects.with_people().in_bulk(keys) if keys else {}
    return [(visits[ours], visits[theirs]) for ours, theirs in met]


@in_one_transaction
def _merge(kept: Seen, gone: Seen, values: Mapping[str, Any], *, by: User, now: datetime) -> PatientMerge:
    pair = _locked_pair(kept.uuid, gone.uuid)
    if pair.gone.merged_into_id == pair.kept.pk:
        return PatientMerge.objects.get(kept=pair.kept, gone=pair.gone, undone_at=None)
    if pair.kept.merged_into_id or pair.gone.merged_into_id or pair.kept.pk == pair.gone.pk:
        raise Unmergeable
    for patient, seen in ((pair.kept, kept), (pair.gone, gone)):
        if patient.version != seen.version:
            raise StalePatient(patient)
    met = collisions(pair.kept, pair.gone)
    if met:
        raise Collision(met)
    change = Change(by=by, now=now)
    row = PatientMerge(kept=pair.kept, gone=pair.gone, at=now, by=by, gone_was_active=pair.gone.is_active)
    visits = _hand_over(Q(patient=pair.gone), pair.gone, pair.kept, EventKind.MERGED, change)
    row.visits = [str(visit.uuid) for visit in visits]
    row.flags = list(Flag.objects.unresolved().filter(patient=pair.gone).values_list("pk", flat=True))
    Flag.objects.filter(pk__in=row.flags).order_by().update(resolved_at=now, resolved_by=by)
    pair.gone.merged_into, pair.gone.is_active = pair.kept, False
    save(pair.gone)
    changed = {name: value for name, value in values.items() if getattr(pair.kept, name) != value}
    row.before = {name: _plain(getattr(pair.kept, name)) for name in changed}
    for name, value in changed.items():
        setattr(pair.kept, name, value)
    row.after = {name: _plain(value) for name, value in changed.items()}
    save(pair.kept)
    row.save()
    _tell_both(pair, RecordEvent.Kind.MERGED, change, before=row.before, after=row.after)
    return row


@in_one_transaction
def unmerge(merge: UUID, *, by: User, now: datetime) -> PatientMerge:
    """Take a merge back: the record that went stands again with its visits, wherever they were moved since,
    and the kept one gets back each value that nobody has changed since. What was booked later stays with it.

    Raises PatientMerge.DoesNotExist, and `Unmergeable` where the kept record became a part of another since.
    """
    row = PatientMerge.objects.select_related("kept", "gone").get(uuid=merge)
    pair = _locked_pair(row.kept.uuid, row.gone.uuid)
    row.refresh_from_db()
    if row.undone_at is not None:
        return row
    if pair.gone.merged_into_id != pair.kept.pk or pair.kept.merged_into_id is not None:
        raise Unmergeable
    theirs = Q(patient=pair.kept, uuid__in=row.visits)
    change = Change(by=by, now=now)
    visits = _hand_over(theirs, pair.kept, pair.gone, EventKind.SEPARATED, change)
    keys = [visit.pk for visit in visits]
    given_back.write(keys, pair.kept, pair.gone, since=row.at, change=change)
    Flag.objects.filter(pk__in=row.flags, resolved_at=row.at).order_by().update(
        resolved_at=None, resolved_by=None
    )
    pair.gone.merged_into, pair.gone.is_active = None, row.gone_was_active
    save(pair.gone)
    became = record_events.values_of(pair.kept, row.before)
    for name, value in row.before.items():
        if _plain(getattr(pair.kept, name)) == row.after[name]:
            column: Any = Patient._meta.get_field(name)
            setattr(pair.kept, name, column.to_python(value))
    save(pair.kept)
    row.undone_at, row.undone_by = now, by
    row.save()
    after = record_events.values_of(pair.kept, row.before)
    _tell_both(pair, RecordEvent.Kind.SEPARATED, change, before=became, after=after)
    return row


def _tell_both(
    pair: Pair, kind: RecordEvent.Kind, change: Change, *, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Tell in both histories which record the other one is, and what changed in the kept one."""
    kept, gone = str(pair.kept.uuid), str(pair.gone.uuid)
    record_events.record_event(pair.gone, kind, change, after={"kept": kept})
    after = {**after, "gone": gone}
    record_events.record_event(pair.kept, kind, change, before=before, after=after)


def left_behind() -> list[UUID]:
    """Visits of records that are a part of another: there should be none."""
    rows = Appointment.objects.exclude(patient__merged_into=None).order_by("pk")
    return list(rows.values_list("uuid", flat=True))


def fetch_left_behind(*, now: datetime) -> list[UUID]:
    """Hand them over where the time allows, and answer with those."""
    return [uuid for uuid in left_behind() if _fetched(uuid, now)]


def _fetched(uuid: UUID, now: datetime) -> bool:
    try:
        return _fetch(uuid, now)
    except IntegrityError:
        return False  # the kept record has another visit at that time: a person must choose


@in_one_transaction
def _fetch(uuid: UUID, now: datetime) -> bool:
    visit = Appointment.objects.select_related("patient").get(uuid=uuid)
    kept = standing(visit.patient)
    return bool(_hand_over(Q(pk=visit.pk), visit.patient, kept, EventKind.MERGED, Change(by=None, now=now)))


def _locked_pair(one: UUID, other: UUID) -> Pair:
    """Always in the same order, so that two merges wait for each other. Whoever books for one of them waits
    too: the foreign key of the visit asks for the same rows."""
    rows = Patient.objects.select_for_update().filter(uuid__in=(one, other)).order_by("pk")
    found = {patient.uuid: patient for patient in rows}
    if len(found) < len({one, other}):
        raise Patient.DoesNotExist
    return Pair(found[one], found[other])


def _hand_over(
    which: Q, giver: Patient, taker: Patient, kind: EventKind, change: Change
) -> list[Appointment]:
    """Give visits, with the time that they hold, to the other record; as they were before."""
    visits = list(Appointment.objects.select_for_update().filter(which).order_by("pk"))
    keys = [visit.pk for visit in visits]
    Claim.objects.filter(appointment__in=keys, patient=giver).update(patient=taker)
    Appointment.objects.filter(pk__in=keys).order_by().update(
        patient=taker, version=F("version") + 1, updated_at=change.now
    )
    AppointmentEvent.objects.bulk_create(
        [
            AppointmentEvent(
                appointment=visit,
                version=visit.version + 1,
                **change.columns,
                kind=kind,
                before={"patient": str(giver.uuid)},
                after={"patient": str(taker.uuid)},
            )
            for visit in visits
        ],
        batch_size=search_words.AT_ONCE,
    )
    return visits


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value if value is None or isinstance(value, bool) else str(value)
