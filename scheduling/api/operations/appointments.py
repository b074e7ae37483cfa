"""Appointments: reading them, and booking one."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from scheduling.api.keys import program_of
from scheduling.api.operations.answers import (
    all_named,
    made,
    makes,
    named,
    new_patient,
    patient_named,
    reads,
    standing,
    visit,
)
from scheduling.api.operations.refusals import with_other_times
from scheduling.api.paging import cursor_of, time_of
from scheduling.api.problems import Invalid
from scheduling.api.schemas.appointments import (
    AppointmentCreate,
    AppointmentDetail,
    AppointmentPage,
    WishedAppointments,
    etag,
)
from scheduling.api.schemas.problems import Taken
from scheduling.booking import actions
from scheduling.booking.proposal import AS_THE_TYPE_SAYS, Proposal
from scheduling.models import Doctor, Patient, Source, VisitType
from scheduling.queries import appointments

router = Router(tags=["Appointments"])


@router.get("/appointments", **reads(AppointmentPage))
def list_appointments(request: HttpRequest, wished: Query[WishedAppointments]) -> Any:
    """Appointments by day or days, doctor, patient, status, or changed since.

    Filters narrow each other. By time; with `changed_since`, the one that changed first comes first.
    """
    column: Literal["updated_at", "appointment_datetime"]
    column = "updated_at" if wished.changed_since else "appointment_datetime"
    doctor, patient = wished.doctor, wished.patient
    if wished.from_ and wished.to and wished.to < wished.from_:
        raise Invalid("to_before_from", "to", _("Give a last day that is not before the first."))
    page = appointments.page(
        column,
        first=wished.from_,
        last=wished.to,
        day=wished.day,
        doctor=None if doctor is None else named(Doctor, doctor, "doctor"),
        patient=None if patient is None else patient_named(patient, "patient"),
        status=wished.status,
        changed_since=wished.changed_since,
        after=time_of(column, wished.cursor),
        limit=wished.limit,
    )
    if not page.more or page.end is None:
        return {"items": page.rows, "next": None}
    at, last = page.end
    return {"items": page.rows, "next": cursor_of(column, last, at)}


@router.get("/appointments/{identity:uuid}", **reads(AppointmentDetail, 404))
def read_appointment(request: HttpRequest, response: HttpResponse, uuid: UUID) -> Any:
    """One appointment.

    Its ETag is what `If-Match` takes when you change it.
    """
    appointment = visit(uuid)
    response["ETag"] = etag(appointment)
    return appointment


@router.post("/appointments", **makes(AppointmentDetail, Taken))
def create_appointment(request: HttpRequest, response: HttpResponse, asked: AppointmentCreate) -> Any:
    """Book an appointment.

    It takes its time or nothing is written. Where the time is not free, 409 says why and `nearest` has
    the free times around it. Make up a random `uuid` for each appointment, and send the same request
    again where no answer came: 200 then tells the appointment that it made the first time, as it stands
    now.
    """
    now = timezone.now()
    proposal = proposal_of(asked, now)
    with with_other_times(proposal, now=now):
        booked = actions.book_once(proposal, by=program_of(request), now=now)
    response["ETag"] = etag(booked.row)
    address = reverse("api:read_appointment", args=[booked.row.uuid])
    return made(response, booked.row, address, is_new=booked.is_new)


def proposal_of(asked: AppointmentCreate, now: datetime) -> Proposal:
    """The engine's question. Raises `Invalid` where a uuid names nothing."""
    doctor, patient, kind = all_named(
        (Doctor, asked.doctor_uuid, "doctor_uuid"),
        (Patient, asked.patient_uuid, "patient_uuid"),
        (VisitType, asked.visit_type_uuid, "visit_type_uuid"),
    )
    return Proposal(
        uuid=asked.uuid or uuid4(),
        doctor=doctor,
        patient=standing(patient) if asked.patient is None else new_patient(asked.patient, "patient.", now),
        visit_type=kind,
        start=asked.appointment_datetime,
        minutes=AS_THE_TYPE_SAYS if asked.minutes is None else asked.minutes,
        description=asked.description,
        status=asked.status,
        source=Source.API,
        fingerprint=asked.fingerprint() if asked.uuid else "",
    )
