"""Specialties, doctors, visit types and patients."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from scheduling.api.schemas.base import Answer, Asked, Paged, next_page
from scheduling.api.schemas.values import (
    Day,
    Email,
    Name,
    NewIdentity,
    Phone,
    Reference,
)
from scheduling.booking.proposal import NewPatient


class Specialty(Answer):
    uuid: UUID
    specialty_name: str
    is_active: bool = Field(description="False: no longer used.")


class SpecialtyPage(Answer):
    items: list[Specialty]
    next: str | None = next_page()


class VisitType(Answer):
    uuid: UUID
    name: str
    minutes: int = Field(description="How long it takes, without the buffer.")
    buffer_minutes: int = Field(
        description="Minutes that the doctor needs afterwards: held, not part of the visit."
    )
    is_online: bool = Field(description="Patients may book it themselves.")
    is_active: bool = Field(description="False: nothing new can be booked with it.")


class VisitTypePage(Answer):
    items: list[VisitType]
    next: str | None = next_page()


class Doctor(Answer):
    uuid: UUID
    doctor_name: str
    email: str
    specialty_uuid: UUID = Field(alias="specialty.uuid")
    specialty_name: str = Field(alias="specialty.specialty_name")
    is_active: bool = Field(description="False: takes no new appointments.")


class DoctorPage(Answer):
    items: list[Doctor]
    next: str | None = next_page()


class WishedDoctors(Paged):
    specialty: Reference | None = Field(None, description="The uuid of a specialty: only its doctors.")


class DoctorCreate(Asked):
    """A doctor who is not on record yet."""

    uuid: NewIdentity | None = Field(
        None, description="Made if not given. Given, the same request can be sent again."
    )
    doctor_name: Name
    email: Email = Field(description="No other doctor may have it, in capitals or not.")
    specialty_uuid: Reference


class Patient(Answer):
    uuid: UUID
    patient_name: str
    patient_lastname: str
    date_of_birth: date | None = Field(description="Null: not known.")
    email: str = Field(description="Empty: not known.")
    phone: str = Field(description="Such as +34600555482. Empty: not known.")
    language: str = Field(description="In which messages to the patient are written; empty: the clinic's.")
    may_contact: bool = Field(description="Agreed to messages about appointments.")
    is_active: bool = Field(description="False: gets no new appointments.")
    merged_into: UUID | None = Field(
        None, description="The uuid of the record that this one was made a part of."
    )

    @staticmethod
    def resolve_phone(patient: Any) -> str:
        return str(patient.phone or "")

    @staticmethod
    def resolve_merged_into(patient: Any) -> UUID | None:
        return None if patient.merged_into_id is None else patient.merged_into.uuid


class PatientPage(Answer):
    items: list[Patient]
    next: str | None = next_page()


class PatientMatches(PatientPage):
    """The best come first. There is no next page: where there are `more`, give more of the name."""

    next: None = None
    more: bool = Field(description="There are more than `limit`.")


class PatientSearch(Asked):
    text: str = Field(
        min_length=1,
        max_length=200,
        description="Words of the name in any order, a birth date, digits of the phone, an e-mail.",
    )
    limit: int = Field(20, ge=1, le=100, strict=True, description="How many are wanted.")


class PatientParts(Asked):
    """A patient who is not on record yet."""

    patient_name: Name
    patient_lastname: Name
    date_of_birth: Day | None = None
    email: Email | None = None
    phone: Phone = ""
    may_contact: bool = Field(
        False, strict=True, description="Agreed to messages about appointments: only where they were asked."
    )

    def new_patient(self) -> NewPatient:
        return NewPatient(
            patient_name=self.patient_name,
            patient_lastname=self.patient_lastname,
            date_of_birth=self.date_of_birth,
            email=str(self.email or ""),
            phone=self.phone,
            may_contact=self.may_contact,
        )


class PatientCreate(PatientParts):
    uuid: NewIdentity | None = Field(
        None, description="Made if not given. Given, the same request can be sent again."
    )
