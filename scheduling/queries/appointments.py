"""One appointment with everything that its page says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from scheduling.models import Appointment, AppointmentEvent, Claim, Doctor, Flag


@dataclass(frozen=True)
class Record:
    appointment: Appointment
    events: Sequence[AppointmentEvent]  # the newest first
    flags: Sequence[Flag]  # unresolved


def find(uuid: UUID) -> Appointment | None:
    """With its people and who booked it: 1 query."""
    return Appointment.objects.with_people().select_related("created_by").filter(uuid=uuid).first()


def record(uuid: UUID) -> Record | None:
    """With its history and doubts: 3 queries."""
    appointment = find(uuid)
    if appointment is None:
        return None
    return Record(
        appointment,
        events=list(appointment.events.select_related("by").order_by("-version")),
        flags=list(appointment.flags.unresolved()),
    )


def exists(uuid: UUID) -> bool:
    return Appointment.objects.filter(uuid=uuid).exists()


def in_the_way(doctor: Doctor, grains: range) -> Appointment | None:
    """The visit (its buffer too) that takes the doctor's time, the latest booked first: 1 query."""
    rows = Appointment.objects.select_related("created_by", "patient").order_by("-created_at", "-pk")
    held = Claim.objects.filter(doctor=doctor, grain__gte=grains.start, grain__lt=grains.stop)
    return rows.filter(pk__in=held.values("appointment")).first()


def went_past(appointment: Appointment) -> list[str]:
    """The codes of what was knowingly gone past when it was booked: 1 query."""
    event = appointment.events.filter(kind=AppointmentEvent.Kind.BOOKED).order_by("version").first()
    return list(event.after.get("accepted", ())) if event else []
