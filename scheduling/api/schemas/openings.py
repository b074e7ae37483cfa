"""Free times."""

from typing import Any
from uuid import UUID

from pydantic import Field

from scheduling.api.schemas.base import Answer, Asked, Paged, Reason
from scheduling.api.schemas.values import Day, Moment, Reference, Said


class Opening(Answer):
    doctor_uuid: UUID
    appointment_datetime: Said
    minutes: int

    @staticmethod
    def resolve_doctor_uuid(opening: Any) -> UUID:
        uuid: UUID = opening.doctor.uuid
        return uuid

    @staticmethod
    def resolve_appointment_datetime(opening: Any) -> Any:
        return opening.start


class OpeningPage(Answer):
    items: list[Opening]
    next: str | None = None


class WishedOpenings(Paged):
    """Which free times: of one doctor, of a specialty, or of any doctor."""

    doctor: Reference | None = None
    specialty: Reference | None = None
    visit_type: Reference | None = Field(None, description="Its minutes and buffer count.")
    minutes: int | None = Field(
        None, ge=5, le=720, description="Instead of the visit type's, or without one."
    )
    from_: Day | None = Field(None, alias="from", description="First day; today where it is left out.")
    days: int = Field(7, ge=1, le=62)


class OneTime(Asked):
    """One time of one doctor: may it be booked, and why not?"""

    doctor: Reference
    at: Moment
    visit_type: Reference | None = None
    minutes: int | None = Field(None, ge=5, le=720)
    patient: Reference | None = Field(None, description="Then also: is the patient elsewhere?")


class Verdict(Answer):
    """Whether one time may be booked; if not, why, and the nearest times that may."""

    doctor_uuid: UUID
    appointment_datetime: Said
    minutes: int
    is_free: bool
    problems: list[Reason]
    nearest: list[Opening]
