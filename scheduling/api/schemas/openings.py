"""Free times."""

from typing import Final
from uuid import UUID

from pydantic import Field

from scheduling.api.schemas.base import Answer, Asked, Paged, Reason, next_page
from scheduling.api.schemas.values import Day, Moment, Reference, Said
from scheduling.models.visit_types import LONGEST_VISIT, SHORTEST_VISIT

LONGEST_SEARCH: Final = 365  # days


class Opening(Answer):
    doctor_uuid: UUID = Field(alias="doctor.uuid")
    appointment_datetime: Said = Field(alias="start", description="When it begins, on the clinic's clocks.")
    minutes: int


class OpeningPage(Answer):
    items: list[Opening]
    next: str | None = next_page()
    searched_until: Said = Field(
        description="Up to when was looked: what is free before is on this page or on those before it."
    )


class WishedOpenings(Paged):
    """Which free times: of one doctor, of a specialty, or of any doctor."""

    doctor: Reference | None = Field(None, description="The uuid of a doctor.")
    specialty: Reference | None = Field(
        None, description="The uuid of a specialty: any of its doctors. Not together with `doctor`."
    )
    visit_type: Reference | None = Field(
        None, description="The uuid of a visit type: its minutes and its buffer have to be free."
    )
    minutes: int | None = Field(
        None, ge=SHORTEST_VISIT, le=LONGEST_VISIT, description="Instead of the visit type's, or without one."
    )
    patient: Reference | None = Field(
        None, description="The uuid of a patient: only times at which type and doctor are for that age."
    )
    from_: Day | None = Field(None, alias="from", description="The first day at the clinic; left out, today.")
    days: int = Field(7, ge=1, le=LONGEST_SEARCH, description="How many days are looked at.")


class OneTime(Asked):
    """One time of one doctor: may it be booked, and why not?"""

    doctor: Reference = Field(description="The uuid of a doctor.")
    at: Moment
    visit_type: Reference | None = Field(
        None, description="The uuid of a visit type. This or `minutes`, or both."
    )
    minutes: int | None = Field(
        None, ge=SHORTEST_VISIT, le=LONGEST_VISIT, description="Instead of the visit type's, or without one."
    )
    patient: Reference | None = Field(
        None,
        description="The uuid of a patient: then also whether they have another visit, and the age.",
    )


class Verdict(Answer):
    """Whether one time may be booked; if not, why, and the nearest times that may."""

    doctor_uuid: UUID
    appointment_datetime: Said = Field(description="The time that was asked for, on the clinic's clocks.")
    minutes: int
    is_free: bool
    problems: list[Reason] = Field(description="Every reason against it; empty where it is free.")
    nearest: list[Opening] = Field(description="Free times near it, where another time helps.")
