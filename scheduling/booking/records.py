"""The rows behind an action: appointment in its version, claims, event. Called in a transaction."""

from datetime import datetime
from typing import Any, Final

from django.db import connection

from scheduling.booking import outbox
from scheduling.booking.change import Change
from scheduling.booking.claims import grains_of, rows_for
from scheduling.booking.seen import Seen
from scheduling.booking.times_as_text import utc
from scheduling.models import NORMAL_LANE, Appointment, AppointmentEvent, Claim
from scheduling.models.statements import Insertion

APPOINTMENTS: Final = Insertion(Appointment)
CLAIMS: Final = Insertion(Claim)
EVENTS: Final = Insertion(AppointmentEvent)


class Stale(Exception):
    """Somebody changed the appointment since it was looked at: it as it is now, and what was done last."""

    def __init__(self, current: Appointment, last: AppointmentEvent | None) -> None:
        super().__init__(f"version {current.version}")
        self.current = current
        self.last = last


def look(seen: Seen) -> Appointment:
    """The appointment as stored now, with its people. Raises Appointment.DoesNotExist."""
    return Appointment.objects.with_people().get(uuid=seen.uuid)


def lock(seen: Seen) -> Appointment:
    """`look`, and keep the row until the transaction ends: whoever asks the same at the same moment waits
    here and then finds it done, instead of being told that somebody was quicker."""
    list(Appointment.objects.select_for_update().filter(uuid=seen.uuid).order_by().values_list("pk"))
    return look(seen)


def change(current: Appointment, seen: Seen, *, now: datetime, **values: Any) -> Appointment:
    """Write the values if the appointment still is in the version seen: one UPDATE that must touch one row.

    Raises `Stale`. Returns the appointment as it is afterwards.
    """
    changed = Appointment.objects.filter(pk=current.pk, version=seen.version).update(
        **values, version=seen.version + 1, updated_at=now
    )
    if changed != 1:
        raise stale(seen)
    return look(seen)


def compare(current: Appointment, seen: Seen) -> None:
    """Raises `Stale` where it is in another version than was looked at."""
    if current.version != seen.version:
        raise stale(seen)


def stale(seen: Seen) -> Stale:
    current = look(seen)
    return Stale(current, last_event(current))


def last_event(appointment: Appointment) -> AppointmentEvent | None:
    return AppointmentEvent.objects.filter(appointment=appointment).order_by("-version").first()


def add(appointment: Appointment) -> None:
    """Store a new one; a duplicate key means that one of its uuid is stored."""
    appointment.pk = APPOINTMENTS.one(vars(appointment))
    appointment._state.adding, appointment._state.db = False, connection.alias  # as `save` leaves it


def claim(appointment: Appointment, *, lane: int = NORMAL_LANE, patient_free: bool = False) -> None:
    """Take the appointment's time, as `rows_for` says; a duplicate key means that it is taken."""
    CLAIMS.many(rows_for(appointment, lane=lane, patient_free=patient_free))


def somebody_has_the_time_of(appointment: Appointment) -> bool:
    """Whether the doctor's time is taken, in any lane: nothing returns unasked beside an overbooked visit."""
    wanted = grains_of(appointment)
    claims = Claim.objects.filter(doctor_id=appointment.doctor_id, grain__in=wanted)
    return claims.exclude(appointment=appointment).exists()


def release(appointment: Appointment) -> None:
    Claim.objects.filter(appointment=appointment).delete()


def snapshot(appointment: Appointment) -> dict[str, Any]:
    """What an event keeps of an appointment: enough to tell later what was changed. No names."""
    return {
        "status": appointment.status,
        "start": utc(appointment.appointment_datetime),
        "minutes": appointment.minutes,
        "doctor": str(appointment.doctor.uuid),
    }


def record_event(
    appointment: Appointment,
    kind: AppointmentEvent.Kind,
    change: Change,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add to the history, and to the outbox what the patient has to know."""
    EVENTS.one(
        {
            **change.columns,
            "appointment_id": appointment.pk,
            "version": appointment.version,
            "kind": kind,
            "before": before or {},
            "after": after or {},
        }
    )
    outbox.write(appointment, snapshot(appointment), kind, change, before or {})
