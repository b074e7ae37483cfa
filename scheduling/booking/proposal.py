"""What someone asks to book."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from scheduling.models import Appointment, Doctor, Patient, Series, Source, Status, VisitType
from scheduling.times import grid
from scheduling.times.intervals import Interval

AS_THE_TYPE_SAYS = -1


@dataclass(frozen=True, kw_only=True)
class NewPatient:
    """A patient not yet on record; recorded in the same transaction as the visit, or not at all."""

    patient_name: str
    patient_lastname: str = ""  # of people with one name
    date_of_birth: date | None = None
    email: str = ""
    phone: str = ""
    phone_label: str = ""
    second_phone: str = ""
    second_phone_label: str = ""
    may_contact: bool | None = None  # None: nobody has asked yet
    others: frozenset[UUID] = frozenset()  # records that look alike, and were said to be of somebody else

    @property
    def full_name(self) -> str:
        return f"{self.patient_name} {self.patient_lastname}".strip()


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One visit as asked for, from any door. `uuid` is the new appointment's: a repeat is recognised.

    `accepted` holds the codes of problems that the asker knows of and overrides; only those count for which
    the asker has the right that the problem names. `fingerprint` is that of a program's request, by which its
    repeat is recognised (`booking.requests`); a form's is recognised by its content.
    """

    uuid: UUID
    doctor: Doctor
    patient: Patient | NewPatient
    visit_type: VisitType | None
    start: datetime  # aware, in any zone; kept in UTC
    minutes: int = AS_THE_TYPE_SAYS
    buffer_minutes: int = AS_THE_TYPE_SAYS
    description: str = ""
    status: Status = Status.CONFIRMED
    source: Source = Source.DESK
    accepted: frozenset[str] = frozenset()
    fingerprint: str = ""
    stands: Appointment | None = None  # the visit that is moved or corrected
    series: Series | None = None  # that it is booked with

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise ValueError("a proposal needs an aware start")
        # In a zone, `+` and `<` follow the wall clock: wrong in the nights in which it changes.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        kind = self.visit_type
        for name in ("minutes", "buffer_minutes"):
            if getattr(self, name) == AS_THE_TYPE_SAYS:
                object.__setattr__(self, name, getattr(kind, name) if kind else 0)

    @property
    def kind(self) -> VisitType | None:
        """The type that the visit would have; `visit_type` is the one that is asked for anew."""
        return self.stands.visit_type if self.visit_type is None and self.stands else self.visit_type

    @property
    def time(self) -> Interval:
        """The visit itself, without its buffer."""
        return Interval(self.start, self.start + timedelta(minutes=self.minutes))

    @property
    def visit_grains(self) -> range:
        """What doctor and patient need."""
        return grid.grains(self.start, self.minutes)

    @property
    def grains(self) -> range:
        """What the doctor needs: the visit and its buffer."""
        return grid.grains(self.start, self.minutes + self.buffer_minutes)


def at_another_time(
    appointment: Appointment,
    *,
    doctor: Doctor,
    start: datetime,
    source: Source = Source.DESK,
    accepted: frozenset[str] = frozenset(),
) -> Proposal:
    """A visit as it would stand elsewhere. Its type may have been switched off since: no matter."""
    return Proposal(
        uuid=appointment.uuid,
        doctor=doctor,
        patient=appointment.patient,
        visit_type=None,
        start=start,
        minutes=appointment.minutes,
        buffer_minutes=appointment.buffer_minutes,
        source=source,
        accepted=accepted,
        stands=appointment,
    )
