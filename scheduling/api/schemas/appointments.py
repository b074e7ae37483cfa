"""Appointments, and what can be done with them."""

from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field, ValidationInfo, field_validator

from scheduling.api.schemas.base import Answer, Asked, Paged
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
from scheduling.models import Appointment, Source, Status


class AppointmentList(Answer):
    """An appointment as a list has it."""

    uuid: UUID
    doctor_uuid: UUID
    doctor_name: str
    patient_uuid: UUID
    patient_name: str = Field(description="Name and last name.")
    visit_type_uuid: UUID | None
    appointment_datetime: Said
    minutes: int
    status: Status
    version: int = Field(description="Raised by every change; the ETag of the appointment.")
    updated_at: Said

    @staticmethod
    def resolve_doctor_uuid(row: Any) -> UUID:
        uuid: UUID = row.doctor.uuid
        return uuid

    @staticmethod
    def resolve_doctor_name(row: Any) -> str:
        return str(row.doctor.doctor_name)

    @staticmethod
    def resolve_patient_uuid(row: Any) -> UUID:
        uuid: UUID = row.patient.uuid
        return uuid

    @staticmethod
    def resolve_patient_name(row: Any) -> str:
        return str(row.patient.full_name)

    @staticmethod
    def resolve_visit_type_uuid(row: Any) -> UUID | None:
        return None if row.visit_type is None else row.visit_type.uuid


class AppointmentDetail(AppointmentList):
    description: str = Field(description="The reason of the visit.")
    buffer_minutes: int
    is_overbooked: bool = Field(description="Knowingly beside another one at the same time.")
    source: Source
    created_at: Said

    @staticmethod
    def resolve_is_overbooked(row: Any) -> bool:
        return bool(row.overbook_reason)


class AppointmentPage(Answer):
    items: list[AppointmentList]
    next: str | None = None


class WishedAppointments(Paged):
    """All that are given have to be true. In the order of their time; with `changed_since`, in the order of
    their last change."""

    day: Day | None = Field(None, description="A day of the clinic.")
    doctor: Reference | None = None
    patient: Reference | None = None
    status: Status | None = None
    changed_since: Moment | None = Field(
        None,
        description="Changed then or later. Ask from a minute before the newest change that you know: none "
        "is missed that was being written.",
    )


class AppointmentCreate(Asked):
    uuid: NewIdentity | None = Field(
        None,
        description="Make one up: a request that is sent again is then answered with the first appointment.",
    )
    doctor_uuid: Reference
    patient_uuid: Reference | None = Field(None, description="Either this or `patient`.")
    patient: PatientParts | None = Field(None, validate_default=True, description="A new patient.")
    visit_type_uuid: Reference | None = Field(None, description="This or `minutes`, or both.")
    minutes: Minutes | None = Field(
        None, validate_default=True, description="Instead of the visit type's, or without one."
    )
    appointment_datetime: Moment
    description: Description = Field("", description="The reason of the visit. Staff only.")
    status: Literal[Status.PENDING, Status.CONFIRMED] = Status.PENDING

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
    appointment_datetime: Moment
    doctor_uuid: Reference | None = Field(None, description="Another doctor; left out, the same.")
    reason: Reason = ""


class AppointmentCancel(Asked):
    reason: Reason = Field(min_length=1, description="It goes into the history.")
    wish: Wish = Field(description="Whose wish it was.")


class AppointmentStatus(Asked):
    status: Literal[
        Status.CONFIRMED,
        Status.ARRIVED,
        Status.IN_PROGRESS,
        Status.COMPLETED,
        Status.NO_SHOW,
        Status.ENTERED_IN_ERROR,
    ]
    reason: Reason = ""


def etag(appointment: Appointment) -> str:
    """The version, as HTTP has it."""
    return f'"{appointment.version}"'
