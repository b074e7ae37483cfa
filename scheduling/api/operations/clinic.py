"""What the clinic offers: specialties, visit types and doctors."""

from typing import Any, Final
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router

from scheduling.api import keys
from scheduling.api.keys import program_of
from scheduling.api.operations.answers import found, made, makes, named, reads, recorded
from scheduling.api.schemas import people
from scheduling.api.schemas.base import Paged
from scheduling.booking import doctors
from scheduling.models import Doctor, Specialty, VisitType

router = Router()
DOCTORS: Final = Doctor.objects.select_related("specialty").prefetch_related("visit_types")


@router.get("/specialties", **reads(people.SpecialtyPage), tags=["Clinic"])
def list_specialties(request: HttpRequest, paged: Query[Paged]) -> Any:
    """All specialties of the clinic."""
    return recorded(Specialty.objects.all(), paged)


@router.get("/specialties/{identity:uuid}", **reads(people.Specialty, 404), tags=["Clinic"])
def read_specialty(request: HttpRequest, uuid: UUID) -> Any:
    """One specialty."""
    return found(Specialty.objects.all(), uuid)


@router.get("/visit-types", **reads(people.VisitTypePage), tags=["Clinic"])
def list_visit_types(request: HttpRequest, paged: Query[Paged]) -> Any:
    """All kinds of visit.

    Each with its minutes, and those that its doctor needs afterwards.
    """
    return recorded(VisitType.objects.all(), paged)


@router.get("/visit-types/{identity:uuid}", **reads(people.VisitType, 404), tags=["Clinic"])
def read_visit_type(request: HttpRequest, uuid: UUID) -> Any:
    """One kind of visit."""
    return found(VisitType.objects.all(), uuid)


@router.get("/doctors", **reads(people.DoctorPage), tags=["Clinic"])
def list_doctors(request: HttpRequest, wished: Query[people.WishedDoctors]) -> Any:
    """All doctors, or those of one specialty.

    Those who take no new visits are among them: `is_active` is false.
    """
    rows = DOCTORS.all()
    if wished.specialty is not None:
        rows = rows.filter(specialty=named(Specialty, wished.specialty, "specialty"))
    return recorded(rows, wished)


@router.get("/doctors/{identity:uuid}", **reads(people.Doctor, 404), tags=["Clinic"])
def read_doctor(request: HttpRequest, uuid: UUID) -> Any:
    """One doctor."""
    return found(DOCTORS.all(), uuid)


@router.post("/doctors", **makes(people.Doctor, auth=keys.MANAGE), tags=["Clinic"])
def create_doctor(request: HttpRequest, response: HttpResponse, asked: people.DoctorCreate) -> Any:
    """Add a doctor.

    The doctor has no working hours at first, so nothing can be booked yet: a manager gives them at the
    desk. An e-mail that another doctor has is refused with 409, `email_taken`.
    """
    result = doctors.record_once(
        asked.uuid or uuid4(),
        doctor_name=asked.doctor_name,
        email=str(asked.email),
        specialty=named(Specialty, asked.specialty_uuid, "specialty_uuid"),
        fingerprint=asked.fingerprint(),
        by=program_of(request),
        now=timezone.now(),
    )
    address = reverse("api:read_doctor", args=[result.row.uuid])
    return made(response, result.row, address, is_new=result.is_new)
