"""Patients. Searching is a POST: a name in an address would be logged on the way."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router

from scheduling.api.keys import program_of
from scheduling.api.operations.answers import OF_A_BODY, found, made, makes, new_patient, reads, recorded
from scheduling.api.schemas import people
from scheduling.api.schemas.base import Paged
from scheduling.booking import patients
from scheduling.models import Patient
from scheduling.queries import patients as search

router = Router()


@router.get("/patients", **reads(people.PatientPage), tags=["Patients"])
def list_patients(request: HttpRequest, paged: Query[Paged]) -> Any:
    """All patients, as they were recorded.

    Records that were made a part of another are left out.
    """
    return recorded(Patient.objects.standing().select_related("merged_into"), paged)


@router.post("/patients/search", **reads(people.PatientMatches, *OF_A_BODY), tags=["Patients"])
def search_patients(request: HttpRequest, asked: people.PatientSearch) -> Any:
    """Find patients by name, birth date, phone or e-mail.

    A POST, so that no name stands in an address: addresses are logged on the way. Nothing is written.
    """
    rows, more = search.matching(asked.text, now=timezone.now(), most=asked.limit)
    return {"items": rows, "more": more}


@router.get("/patients/{identity:uuid}", **reads(people.Patient, 404), tags=["Patients"])
def read_patient(request: HttpRequest, uuid: UUID) -> Any:
    """One patient.

    `merged_into` says which record it was made a part of. Booking for it books for that one.
    """
    return found(Patient.objects.select_related("merged_into"), uuid)


@router.post("/patients", **makes(people.Patient), tags=["Patients"])
def create_patient(request: HttpRequest, response: HttpResponse, asked: people.PatientCreate) -> Any:
    """Record a new patient.

    Search first: a person who is on record twice has to be made one by the clinic. With a `uuid` of your
    own the same request can be sent again and finds the same record. A patient can also be recorded while
    booking.
    """
    now = timezone.now()
    result = patients.record_once(
        asked.uuid or uuid4(),
        new_patient(asked, "", now),
        fingerprint=asked.fingerprint(),
        by=program_of(request),
        now=now,
    )
    address = reverse("api:read_patient", args=[result.row.uuid])
    return made(response, result.row, address, is_new=result.is_new)
