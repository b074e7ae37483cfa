"""The only writer of doctors and specialties: for programs, the attention list and the back office."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from scheduling.booking import record_events, rules
from scheduling.booking.change import Change
from scheduling.booking.requests import Made, once
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Doctor, RecordEvent, Source, Specialty, VisitType

Row = TypeVar("Row", Doctor, Specialty)


def record_once(
    uuid: UUID,
    *,
    doctor_name: str,
    email: str,
    specialty: Specialty,
    fingerprint: str,
    by: User | None,
    now: datetime,
) -> Made[Doctor]:
    """A new doctor, without hours yet, or the one whom the same request made. Raises `Refused`."""

    def make() -> Doctor:
        # Also as the unique key compares: to MariaDB, ß is ss there, and not in LIKE.
        if Doctor.objects.filter(Q(email__iexact=email) | Q(email=email)).exists():
            raise rules.Refused(rules.email_taken())
        doctor = Doctor(uuid=uuid, doctor_name=doctor_name, email=email, specialty=specialty)
        return add(doctor, Change(by=by, now=now, channel=Source.API))

    return once(Doctor, uuid, fingerprint, make, now=now)


@in_one_transaction
def switch_on(uuid: UUID, *, by: User, now: datetime) -> Doctor:
    """Let a doctor be booked again. Asked twice, it changes nothing. Raises Doctor.DoesNotExist."""
    doctor = Doctor.objects.select_for_update().get(uuid=uuid)
    if not doctor.is_active:
        doctor.is_active = True
        overwrite(doctor, ["is_active"], Change(by=by, now=now))
    return doctor


def add(row: Row, change: Change) -> Row:
    """Store an unsaved doctor or specialty and its first event; in a transaction of the caller."""
    row.save()
    record_events.record_event(row, RecordEvent.Kind.RECORDED, change, after=record_events.values_of(row))
    return row


def overwrite(row: Row, columns: Collection[str], change: Change) -> Row:
    """Store these columns of a doctor or specialty, and what they were before; in a transaction of the
    caller. All other columns stay as somebody may have left them meanwhile."""
    if not columns:
        return row
    stored = type(row)._default_manager.select_for_update().get(pk=row.pk)
    before = record_events.values_of(stored, columns)
    row.save(update_fields=list(columns))
    record_events.record_change(row, change, before, record_events.values_of(row, columns))
    return row


def give(doctor: Doctor, kinds: Iterable[VisitType], change: Change) -> None:
    """Store which types of visit a doctor gives, none for all of them, and which they were before; in a
    transaction of the caller. Visits that are booked stay as they are."""
    list(Doctor.objects.select_for_update().filter(pk=doctor.pk).values_list("pk"))
    before = _uuids(doctor.visit_types.all())
    doctor.visit_types.set(kinds)
    after = _uuids(doctor.visit_types.all())
    record_events.record_change(doctor, change, {"visit_types": before}, {"visit_types": after})


def _uuids(kinds: Iterable[VisitType]) -> list[str]:
    return sorted(str(kind.uuid) for kind in kinds)


def delete(specialty: Specialty, change: Change) -> None:
    """Delete a specialty without doctors; in a transaction of the caller. Its history stays."""
    before = record_events.values_of(specialty)
    record_events.record_event(specialty, RecordEvent.Kind.DELETED, change, before=before)
    specialty.delete()
