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
from scheduling.booking import attention, patient_words
from scheduling.booking.proposal import NewPatient
from scheduling.booking.requests import Made, once
from scheduling.booking.seen import Seen
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import DifferentPeople, Flag, Patient
from scheduling.models.attention import ABOUT_THE_NAME

# The columns of a record that the desk may change, or take from either of two, in the order of its page.
FIELDS: Final = (
    "patient_name",
    "patient_lastname",
    "date_of_birth",
    "phone",
    "email",
    "language",
    "may_contact",
    "note",
)


class StalePatient(Exception):
    """Somebody changed the record since it was looked at: it as it is now."""

    def __init__(self, current: Patient) -> None:
        super().__init__(f"version {current.version}")
        self.current = current


def record(new: NewPatient, *, now: datetime, **more: Any) -> Patient:
    """Put a new patient on record. `more`: columns that a booking does not ask for."""
    return save(Patient(**{**asdict(new), **more}, created_at=now))


def record_once(uuid: UUID, new: NewPatient, *, fingerprint: str, now: datetime) -> Made[Patient]:
    """The same for a program, which may ask again (`booking.requests`). Raises `Refused`."""
    return once(Patient, uuid, fingerprint, partial(record, new, uuid=uuid, now=now), now=now)


@transaction.atomic
def save(patient: Patient) -> Patient:
    """Save a record as it is, new or changed, whatever version it had."""
    if patient._state.adding:
        patient.save()
        patient_words.add([patient])
    else:
        patient.version += 1
        patient.save()
        patient_words.write([patient])
    return patient


@in_one_transaction
def change(seen: Seen, values: Mapping[str, Any]) -> Patient:
    """Give a record these values, all or none. Raises `StalePatient`, unless it has them already."""
    patient = lock(seen.uuid)
    if all(getattr(patient, name) == value for name, value in values.items()):
        return patient
    if patient.version != seen.version:
        raise StalePatient(patient)
    for name, value in values.items():
        setattr(patient, name, value)
    return save(patient)


def overwrite(patient: Patient, columns: Collection[str]) -> Patient:
    """Give the record as stored now these columns of this one, whatever version that was read in; in a
    transaction of the caller. All other columns stay as somebody may have left them meanwhile."""
    current = lock(patient.uuid)
    for name in columns:
        setattr(current, name, getattr(patient, name))
    return save(current)


@in_one_transaction
def confirm(patients: Sequence[UUID], *, by: User, now: datetime) -> int:
    """A person has looked at these names and they are right: settle the doubts about them.

    Answers how many records or doubts were open. Asked twice, it changes nothing the second time.
    """
    found = Patient.objects.filter(uuid__in=patients)
    doubts = Flag.objects.filter(patient__in=list(found), kind__in=ABOUT_THE_NAME)
    settled = attention.resolve(doubts, by=by, now=now)
    return max(found.filter(needs_review=True).order_by().update(needs_review=False), settled)


@in_one_transaction
def tell_apart(one: Patient, other: Patient, *, by: User, now: datetime) -> None:
    """They look alike and are two people: never ask again."""
    first, second = sorted((one.pk, other.pk))
    DifferentPeople.objects.get_or_create(first_id=first, second_id=second, defaults={"by": by, "at": now})


def lock(uuid: UUID) -> Patient:
    """The record as stored now, kept by this transaction until it ends. Raises Patient.DoesNotExist."""
    return Patient.objects.select_for_update().get(uuid=uuid)


def standing(patient: Patient) -> Patient:
    """The record that stands for this one: itself, or the one that it was made a part of. As stored now."""
    current = Patient.objects.get(pk=patient.pk)
    while current.merged_into_id is not None:
        current = Patient.objects.get(pk=current.merged_into_id)
    return current
