"""Appointments, and what can be done with them."""

from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field, ValidationInfo, field_validator

from scheduling.api.schemas.base import Answer, Asked, Paged, next_page
from scheduling.api.schemas.people import PatientParts
from scheduling.api.schemas.values import (
    Day,
    Description,
    Minutes,
    Moment,
    NewIdentity,
    Reason,
    Reference,
    Said,
    refusal,
)
from scheduling.booking.changing import Wish
from scheduling.matching.characters import is_visible
from scheduling.models import Appointment, Source, Status


class AppointmentList(Answer):
    """An appointment as a list has it."""

    uuid: UUID
    doctor_uuid: UUID = Field(alias="doctor.uuid")
    doctor_name: str = Field(alias="doctor.doctor_name")
    patient_uuid: UUID = Field(alias="patient.uuid")
    patient_name: str = Field(alias="patient.full_name", description="Name and last name.")
    visit_type_uuid: UUID | None = Field(description="Null: booked by its minutes alone.")
    appointment_datetime: Said = Field(description="When it begins, on the clinic's clocks.")
    minutes: int = Field(description="How long it takes, without the buffer.")
    status: Status = Field(description="The time is held but in cancelled, no_show and entered_in_error.")
    version: int = Field(description="Raised by every change; the ETag is this in quotes.")
    updated_at: Said = Field(description="Its last change.")

    @staticmethod
    def resolve_visit_type_uuid(row: Any) -> UUID | None:
        return None if row.visit_type is None else row.visit_type.uuid


class AppointmentDetail(AppointmentList):
    description: str = Field(description="The reason of the visit.")
    buffer_minutes: int = Field(description="Minutes that the doctor needs afterwards.")
    is_overbooked: bool = Field(description="Knowingly beside another one at the same time.")
    source: Source = Field(description="The door through which it came; `api`: another program.")
    created_at: Said

    @staticmethod
    def resolve_is_overbooked(row: Any) -> bool:
        return bool(row.overbook_reason)


class AppointmentPage(Answer):
    items: list[AppointmentList]
    next: str | None = next_page()


class WishedAppointments(Paged):
    """All that are given have to be true. In the order of their time; with `changed_since`, in the order of
    their last change."""

    day: Day | None = Field(None, description="A day at the clinic: those that begin on it.")
    from_: Day | None = Field(
        None, alias="from", description="A day at the clinic: those that begin on it or later."
    )
    to: Day | None = Field(None, description="A day at the clinic: those that begin on it or before.")
    doctor: Reference | None = Field(None, description="The uuid of a doctor.")
    patient: Reference | None = Field(None, description="The uuid of a patient.")
    status: Status | None = Field(None, description="Only those in this status.")
    changed_since: Moment | None = Field(
        None,
        description="Changed then or later. Ask from five minutes before the newest change that you know: "
        "none is missed that was being written. With it, a first reading of all is quicker without `status`.",
    )


class AppointmentCreate(Asked):
    """An appointment to be booked: what the clinic knows already is not asked for."""

    uuid: NewIdentity | None = Field(
        None,
        description="Make one up for each appointment: the same request can then be sent again, and books "
        "once. Left out, each request is a new one.",
    )
    doctor_uuid: Reference
    patient_uuid: Reference | None = Field(None, description="Either this or `patient`.")
    patient: PatientParts | None = Field(
        None, validate_default=True, description="Either this or `patient_uuid`: somebody new."
    )
    visit_type_uuid: Reference | None = Field(None, description="This or `minutes`, or both.")
    minutes: Minutes | None = Field(
        None, validate_default=True, description="Instead of the visit type's, or without one."
    )
    appointment_datetime: Moment
    description: Description = Field("", description="The reason of the visit; only staff see it.")
    status: Literal[Status.PENDING, Status.CONFIRMED] = Field(
        Status.PENDING, description="`pending`: somebody at the clinic still has to agree."
    )

    @field_validator("patient")
    @classmethod
    def exactly_one_patient(cls, patient: PatientParts | None, info: ValidationInfo) -> PatientParts | None:
        if "patient_uuid" in info.data and (patient is None) == (info.data["patient_uuid"] is None):
            raise refusal("one_patient", _("Give either patient_uuid or patient."))
        return patient

    @field_validator("minutes")
    @classmethod
    def some_length(cls, minutes: int | None, info: ValidationInfo) -> int | None:
        if minutes is None and "visit_type_uuid" in info.data and info.data["visit_type_uuid"] is None:
            raise refusal("no_length", _("Give visit_type_uuid or minutes."))
        return minutes


class AppointmentMove(Asked):
    """Where to."""

    appointment_datetime: Moment
    doctor_uuid: Reference | None = Field(None, description="Another doctor; left out, the same.")
    reason: Reason = Field("", description="For the history.")


class AppointmentCorrect(Asked):
    """What is right. What is left out is right as it stands."""

    visit_type_uuid: Reference | None = Field(
        None, description="Another type brings its buffer, and its length unless `minutes` says another."
    )
    minutes: Minutes | None = Field(None, description="How long it takes, without the buffer.")
    description: Description | None = Field(None, description="The reason of the visit; empty: none.")
    patient_uuid: Reference | None = Field(
        None, description="Whose visit it is, where it was booked for somebody else."
    )


class AppointmentCancel(Asked):
    """Why, and for whom."""

    reason: Reason = Field(min_length=1, description="For the history.")
    wish: Wish = Field(description="Whose wish it was.")

    @field_validator("reason")
    @classmethod
    def something_said(cls, reason: str) -> str:
        if not is_visible(reason):
            raise refusal("reason_missing", _("Say why: it goes into the history."))
        return reason


class AppointmentStatus(Asked):
    """What it is now."""

    status: Literal[
        Status.CONFIRMED,
        Status.ARRIVED,
        Status.IN_PROGRESS,
        Status.COMPLETED,
        Status.NO_SHOW,
        Status.ENTERED_IN_ERROR,
    ]
    reason: Reason = Field("", description="For the history.")


def etag(appointment: Appointment) -> str:
    """The version, as HTTP has it."""
    return f'"{appointment.version}"'
