"""What is right of a visit that was booked otherwise, and what of it that changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from scheduling.booking import patients
from scheduling.booking.proposal import Proposal
from scheduling.booking.states import RESIZABLE
from scheduling.booking.times_as_text import utc
from scheduling.models import Appointment, AppointmentEvent, Doctor, Patient, Source, VisitType

# What an event calls a column, where that is another name.
FACT_OF: Final[Mapping[str, str]] = {"appointment_datetime": "start"}
# Rows, which an event names by their public identity.
ROWS: Final[Mapping[str, type[Doctor | Patient | VisitType]]] = {
    "doctor": Doctor,
    "patient": Patient,
    "visit_type": VisitType,
}


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What is to be right of a visit; None is right as it stands.

    Another type brings its length and its buffer, unless `minutes` says otherwise; a visit that is over keeps
    those that it had. `doctor` and `start` (aware) are for one whose new length does not fit where it stands.
    """

    visit_type: VisitType | None = None
    minutes: int | None = None
    description: str | None = None
    patient: Patient | None = None
    doctor: Doctor | None = None
    start: datetime | None = None

    def changes(self, visit: Appointment) -> dict[str, Any]:
        """Column by column what would be written to the visit: nothing that it says already."""
        wished: dict[str, Any] = {
            "visit_type": self.visit_type,
            "minutes": self.minutes,
            "description": self.description,
            "patient": self.patient,
            "doctor": self.doctor,
            "appointment_datetime": self.start and self.start.astimezone(UTC),
        }
        kind = self.visit_type
        if kind is not None and kind != visit.visit_type and visit.status in RESIZABLE:
            wished["buffer_minutes"] = kind.buffer_minutes
            if self.minutes is None:
                wished["minutes"] = kind.minutes
        return {name: value for name, value in wished.items() if value not in (None, getattr(visit, name))}

    def only_new(self, visit: Appointment) -> "Edit":
        """Without what the visit says already: so others are changed in what it is changed."""
        new = self.changes(visit)
        said = {name: getattr(self, name) for name in ("visit_type", "description", "patient") if name in new}
        minutes = self.minutes if "minutes" in new else None
        return Edit(**said, minutes=minutes)

    def proposal(self, visit: Appointment, *, source: Source = Source.DESK) -> Proposal:
        """The visit as it would be."""
        return as_changed(visit, self.changes(visit), source=source)


def as_changed(
    visit: Appointment,
    changes: Mapping[str, Any],
    *,
    source: Source = Source.DESK,
    accepted: frozenset[str] = frozenset(),
) -> Proposal:
    """The visit as it would be. What it keeps may be no longer offered, such as its type: no matter."""

    def after(name: str) -> Any:
        return changes.get(name, getattr(visit, name))

    return Proposal(
        uuid=visit.uuid,
        doctor=after("doctor"),
        patient=after("patient"),
        visit_type=changes.get("visit_type"),
        start=after("appointment_datetime"),
        minutes=after("minutes"),
        buffer_minutes=after("buffer_minutes"),
        description=changes.get("description", ""),
        source=source,
        accepted=accepted,
        stands=visit,
    )


def facts(visit: Appointment, columns: Mapping[str, Any]) -> dict[str, Any]:
    """What an event keeps of these columns as they stand: enough to take the change back."""
    return {FACT_OF.get(name, name): _plain(getattr(visit, name)) for name in columns}


def changes_back(visit: Appointment, event: AppointmentEvent) -> dict[str, Any]:
    """What would be written to take that change of the visit back."""
    before: dict[str, Any] = {}
    for fact, value in event.before.items():
        if fact == "start":
            before["appointment_datetime"] = datetime.fromisoformat(value)
        elif fact in ROWS and value is not None:
            row = ROWS[fact]._default_manager.filter(uuid=value).first()
            before[fact] = patients.standing(row) if isinstance(row, Patient) else row
        else:
            before[fact] = value
    return {name: value for name, value in before.items() if value != getattr(visit, name)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc(value)
    return str(value.uuid) if isinstance(value, Doctor | Patient | VisitType) else value
