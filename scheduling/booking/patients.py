"""The only writer of patients: each change takes the record and the words by which it is found along.

Changes by people carry the version that they saw. Records of one person are made one by `merge`, and two
again by `unmerge` (`booking.merging`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from scheduling.booking import flags, record_events, search_words
from scheduling.booking.change import Change
from scheduling.booking.proposal import NewPatient
from scheduling.booking.requests import Made, once
from scheduling.booking.seen import Seen
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import DifferentPeople, Flag, Patient, RecordEvent, Source
from scheduling.models.attention import ABOUT_THE_NAME

# The columns of a record that the desk may change, or take from either of two, in the order of its page.
FIELDS: Final = (
    "patient_name",
    "patient_lastname",
    "date_of_birth",
    "phone",
    "phone_label",
    "second_phone",
    "second_phone_label",
    "email",
    "language",
    "may_contact",
    "contact_by",
    "wants_reminders",
    "alerts",
    "note",
)


class StalePatient(Exception):
    """Somebody changed the record since it was looked at: it as it is now."""

    def __init__(self, current: Patient) -> None:
        super().__init__(f"version {current.version}")
        self.current = current


@transaction.atomic
def record(
    new: NewPatient, *, by: User | None, now: datetime, channel: Source = Source.DESK, **more: Any
) -> Patient:
    """Put a new patient on record, and say in the history who did. `more`: columns that a booking does not
    ask for."""
    return recorded(new, Change(by=by, now=now, channel=channel), **more)


def recorded(new: NewPatient, change: Change, **more: Any) -> Patient:
    """The same, as a part of a change that is under way, in its transaction."""
    values = asdict(new)
    others = values.pop("others")
    patient = add(Patient(**{**values, **more}, created_at=change.now), change)
    for other in Patient.objects.filter(uuid__in=others).order_by("pk"):
        _tell_apart(patient, other, change)
    return patient


def record_once(
    uuid: UUID, new: NewPatient, *, fingerprint: str, by: User | None, now: datetime
) -> Made[Patient]:
    """The same for a program, which may ask again (`booking.requests`). Raises `Refused`."""
    make = partial(record, new, by=by, now=now, channel=Source.API, uuid=uuid)
    return once(Patient, uuid, fingerprint, make, now=now)


@transaction.atomic
def add(patient: Patient, change: Change) -> Patient:
    """Store an unsaved record with its search words and its first event."""
    save(patient)
    record_events.record_event(
        patient, RecordEvent.Kind.RECORDED, change, after=record_events.values_of(patient)
    )
    return patient


@transaction.atomic
def save(patient: Patient) -> Patient:
    """Save a record as it is, new or changed, whatever version it had. The caller writes the event."""
    if patient._state.adding:
        patient.save()
        search_words.add([patient])
    else:
        patient.version += 1
        patient.save()
        search_words.write([patient])
    return patient


@in_one_transaction
def change(
    seen: Seen,
    values: Mapping[str, Any],
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    channel: Source = Source.DESK,
) -> Patient:
    """Give a record these values {column: value}, all or none; the record as it is then.

    Raises `StalePatient`, unless it has them already, and Patient.DoesNotExist.
    """
    patient = lock(seen.uuid)
    if all(getattr(patient, name) == value for name, value in values.items()):
        return patient
    if patient.version != seen.version:
        raise StalePatient(patient)
    return _written(patient, values, Change(by=by, now=now, reason=reason, channel=channel))


@in_one_transaction
def end_reminders(uuid: UUID, *, now: datetime) -> None:
    """A patient wants no more reminders: of the record that stands for this one. Asked twice, it changes
    nothing the second time. Raises Patient.DoesNotExist."""
    patient = lock(standing(Patient.objects.get(uuid=uuid)).uuid)
    if patient.wants_reminders:
        _written(patient, {"wants_reminders": False}, Change(by=None, now=now, channel=Source.PATIENT))


def overwrite(patient: Patient, columns: Collection[str], change: Change) -> Patient:
    """Give the record as stored now these columns of this one, whatever version that was read in; in a
    transaction of the caller. All other columns stay as somebody may have left them meanwhile; one that
    became a part of another stays switched off."""
    stored = lock(patient.uuid)
    kept = {"is_active"} if stored.merged_into_id is not None else set()
    return _written(stored, {name: getattr(patient, name) for name in columns if name not in kept}, change)


def _written(patient: Patient, values: Mapping[str, Any], change: Change) -> Patient:
    """Write the values into a locked record, and what they changed into its history."""
    before = record_events.values_of(patient, values)
    for name, value in values.items():
        setattr(patient, name, value)
    save(patient)
    record_events.record_change(patient, change, before, record_events.values_of(patient, values))
    return patient


@in_one_transaction
def confirm(patients: Sequence[UUID], *, by: User, now: datetime) -> int:
    """A person has looked at these names and they are right: settle the doubts about them.

    Answers how many records or doubts were open. Asked twice, it changes nothing the second time.
    """
    found = Patient.objects.filter(uuid__in=patients)
    doubts = Flag.objects.filter(patient__in=list(found), kind__in=ABOUT_THE_NAME)
    in_doubt = [patient for patient in found if patient.needs_review]
    settled = flags.resolve(doubts, by=by, now=now)
    confirmed = found.filter(needs_review=True).order_by().update(needs_review=False)
    change = Change(by=by, now=now)
    for patient in in_doubt:
        record_events.record_event(
            patient,
            RecordEvent.Kind.CONFIRMED,
            change,
            before={"needs_review": True},
            after={"needs_review": False},
        )
    return max(confirmed, settled)


def doubt_again(patients: Collection[int], *, by: User, now: datetime) -> int:
    """Mark these records (keys) as to be looked at again; how many were not. In the caller's transaction."""
    found = list(Patient.objects.select_for_update().filter(pk__in=patients, needs_review=False))
    Patient.objects.filter(pk__in=[patient.pk for patient in found]).order_by().update(needs_review=True)
    change = Change(by=by, now=now)
    for patient in found:
        record_events.record_event(
            patient,
            RecordEvent.Kind.DOUBTED,
            change,
            before={"needs_review": False},
            after={"needs_review": True},
        )
    return len(found)


@in_one_transaction
def tell_apart(one: Patient, other: Patient, *, by: User, now: datetime) -> None:
    """They look alike and are two people: never ask again."""
    _tell_apart(one, other, Change(by=by, now=now))


def _tell_apart(one: Patient, other: Patient, change: Change) -> None:
    first, second = sorted((one.pk, other.pk))
    _row, is_new = DifferentPeople.objects.get_or_create(
        first_id=first, second_id=second, defaults={"by": change.by, "at": change.now}
    )
    if is_new:
        kind = RecordEvent.Kind.TOLD_APART
        record_events.record_event(one, kind, change, after={"from": str(other.uuid)})
        record_events.record_event(other, kind, change, after={"from": str(one.uuid)})


def lock(uuid: UUID) -> Patient:
    """The record as stored now, kept by this transaction until it ends. Raises Patient.DoesNotExist."""
    return Patient.objects.select_for_update().get(uuid=uuid)


def standing(patient: Patient) -> Patient:
    """The record that stands for this one: itself, or the one that it was made a part of. As stored now."""
    current = Patient.objects.get(pk=patient.pk)
    while current.merged_into_id is not None:
        current = Patient.objects.get(pk=current.merged_into_id)
    return current
