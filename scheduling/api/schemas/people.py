"""Specialties, doctors, visit types and patients."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field, ValidationInfo, field_validator

from scheduling.api.schemas.base import Answer, Asked, Paged, next_page
from scheduling.api.schemas.values import (
    BirthDate,
    Email,
    EmailIfAny,
    Label,
    LastName,
    Name,
    NewIdentity,
    Phone,
    Reference,
    refusal,
)
from scheduling.booking.proposal import NewPatient
from scheduling.forms.contact import LABELS, label_of, labels_differ


class Specialty(Answer):
    uuid: UUID
    specialty_name: str
    is_active: bool = Field(description="False: no longer used.")


class SpecialtyPage(Answer):
    items: list[Specialty]
    next: str | None = next_page()


YEARS: Final = "In whole years, on the day of the appointment; null: no limit."


class VisitType(Answer):
    uuid: UUID
    name: str
    minutes: int = Field(description="How long it takes, without the buffer.")
    buffer_minutes: int = Field(
        description="Minutes that the doctor needs afterwards: held, not part of the visit."
    )
    youngest_age: int | None = Field(description=YEARS)
    oldest_age: int | None = Field(description=YEARS)
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
    visit_type_uuids: list[UUID] = Field(description="The types that the doctor gives; empty: all of them.")
    youngest_age: int | None = Field(description=YEARS)
    oldest_age: int | None = Field(description=YEARS)
    is_active: bool = Field(description="False: takes no new appointments.")

    @staticmethod
    def resolve_visit_type_uuids(doctor: Any) -> list[UUID]:
        return [kind.uuid for kind in doctor.visit_types.all()]


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
    patient_lastname: str = Field(description="Empty: the person has one name.")
    date_of_birth: date | None = Field(description="Null: not known.")
    email: str = Field(description="Empty: not known.")
    phone: str = Field(
        description="Such as +34600555482; +34910555010;ext=23 with an extension. Empty: not known."
    )
    phone_label: str = Field(description="Whose phone it is; empty: not said.")
    second_phone: str = Field(description="Another one, in the same form. Empty: not known.")
    second_phone_label: str = Field(description="Whose that is; empty: not said.")
    language: str = Field(description="In which messages to the patient are written; empty: the clinic's.")
    may_contact: bool | None = Field(
        description="Whether they agreed to messages about appointments. Null: nobody has asked yet."
    )
    is_active: bool = Field(description="False: gets no new appointments.")
    merged_into: UUID | None = Field(
        None, description="The uuid of the record that this one was made a part of."
    )

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
    patient_lastname: LastName = ""
    date_of_birth: BirthDate | None = None
    email: EmailIfAny = None
    phone: Phone = ""
    phone_label: Label = ""
    second_phone: Phone = ""
    second_phone_label: Label = ""
    may_contact: bool | None = Field(
        None,
        strict=True,
        description="Whether they agreed to messages about appointments. Null: they were not asked.",
    )

    @field_validator(*LABELS.values())
    @classmethod
    def of_a_number(cls, label: str, info: ValidationInfo) -> str:
        phone = next(phone for phone, its in LABELS.items() if its == info.field_name)
        if label and info.data.get(phone) == "":
            raise refusal("required", _("Type the number, too."))
        if labels_differ(info.data.get(phone) or "", label):
            raise refusal("two_labels", _("Another one is written next to the number. Leave one of them."))
        return label

    def new_patient(self) -> NewPatient:
        return NewPatient(
            patient_name=self.patient_name,
            patient_lastname=self.patient_lastname,
            date_of_birth=self.date_of_birth,
            email=str(self.email or ""),
            phone=str(self.phone),
            phone_label=label_of(self.phone, self.phone_label),
            second_phone=str(self.second_phone),
            second_phone_label=label_of(self.second_phone, self.second_phone_label),
            may_contact=self.may_contact,
        )


class PatientCreate(PatientParts):
    uuid: NewIdentity | None = Field(
        None, description="Made if not given. Given, the same request can be sent again."
    )
