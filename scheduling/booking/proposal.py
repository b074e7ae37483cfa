"""What someone asks to book."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from scheduling.models import Doctor, Patient, Source, Status, VisitType
from scheduling.times.intervals import Interval


@dataclass(frozen=True, kw_only=True)
class NewPatient:
    """A patient not yet on record; recorded in the same transaction as the visit, or not at all."""

    patient_name: str
    patient_lastname: str
    date_of_birth: date | None = None
    email: str = ""
    phone: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.patient_name} {self.patient_lastname}".strip()


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One visit as asked for, from any door. `uuid` is the new appointment's: a repeat is recognised."""

    uuid: UUID
    doctor: Doctor
    patient: Patient | NewPatient
    visit_type: VisitType
    start: datetime  # aware
    description: str = ""
    status: Status = Status.CONFIRMED
    source: Source = Source.DESK

    @property
    def minutes(self) -> int:
        return self.visit_type.minutes

    @property
    def time(self) -> Interval:
        return Interval(self.start, self.start + timedelta(minutes=self.minutes))
