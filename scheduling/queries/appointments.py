"""One appointment with everything that its page says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from scheduling.models import Appointment, AppointmentEvent, Flag


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
