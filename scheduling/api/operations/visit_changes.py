"""Changing an appointment: each names the version that it was decided on (`If-Match`)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from scheduling.api import etags
from scheduling.api.keys import program_of
from scheduling.api.operations.answers import all_named, changes_a_visit, named, standing, visit
from scheduling.api.operations.appointments import router
from scheduling.api.operations.refusals import with_other_times
from scheduling.api.schemas.appointments import (
    AppointmentCancel,
    AppointmentCorrect,
    AppointmentDetail,
    AppointmentMove,
    AppointmentStatus,
    etag,
)
from scheduling.api.schemas.problems import Problem, Stale, Taken
from scheduling.booking import actions, rules
from scheduling.booking.actions import Edit, Refused
from scheduling.booking.proposal import at_another_time
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Doctor, Patient, Source, Status, VisitType

__all__ = ["router"]  # that of reading: an address is one view, whatever its methods


@router.post("/appointments/{identity:uuid}/move", **changes_a_visit(AppointmentDetail, Taken, Stale))
@etags.whatever_stands
def move_appointment(request: HttpRequest, response: HttpResponse, uuid: UUID, asked: AppointmentMove) -> Any:
    """Move an appointment to another time, another doctor, or both.

    It takes the new time or keeps the old one; 409 then has the nearest free times.
    """
    now, current = timezone.now(), visit(uuid)
    seen = etags.seen(request, current)
    doctor = current.doctor
    if asked.doctor_uuid is not None:
        doctor = named(Doctor, asked.doctor_uuid, "doctor_uuid")
    start = asked.appointment_datetime
    there = at_another_time(current, doctor=doctor, start=start, source=Source.API)
    with with_other_times(there, now=now, moving=current):
        moved = actions.move(
            seen,
            doctor=doctor,
            start=start,
            by=program_of(request),
            now=now,
            reason=asked.reason,
            channel=Source.API,
        )
    return _changed(response, moved)


@router.patch("/appointments/{identity:uuid}", **changes_a_visit(AppointmentDetail, Taken, Stale))
@etags.whatever_stands
def correct_appointment(
    request: HttpRequest, response: HttpResponse, uuid: UUID, asked: AppointmentCorrect
) -> Any:
    """Correct the type, length, reason or patient of an appointment.

    All of it is done, or nothing. Longer takes more time: where that is not free, 409 says why, and
    `nearest` has free times of that length to which it could be moved. Shorter frees time. Of what is over
    (`completed`) the length stays; what was called off is not corrected.
    """
    now, current = timezone.now(), visit(uuid)
    seen = etags.seen(request, current)
    patient, kind = all_named(
        (Patient, asked.patient_uuid, "patient_uuid"), (VisitType, asked.visit_type_uuid, "visit_type_uuid")
    )
    right = Edit(
        visit_type=kind,
        minutes=asked.minutes,
        description=asked.description,
        patient=None if patient is None else standing(patient),
    )
    with with_other_times(right.proposal(current, source=Source.API), now=now, moving=current):
        corrected = actions.edit(seen, right, by=program_of(request), now=now, channel=Source.API)
    return _changed(response, corrected)


@router.post("/appointments/{identity:uuid}/cancel", **changes_a_visit(AppointmentDetail, Problem, Stale))
@etags.whatever_stands
def cancel_appointment(
    request: HttpRequest, response: HttpResponse, uuid: UUID, asked: AppointmentCancel
) -> Any:
    """Cancel an appointment.

    Its time is free again. It stays on record with its history, where the reason and whose wish it was
    are told.
    """
    current = visit(uuid)
    cancelled = actions.cancel(
        _not_there_yet(request, current, Status.CANCELLED),
        reason=asked.reason,
        wish=asked.wish,
        by=program_of(request),
        now=timezone.now(),
        channel=Source.API,
    )
    return _changed(response, cancelled)


@router.post("/appointments/{identity:uuid}/status", **changes_a_visit(AppointmentDetail, Problem, Stale))
@etags.whatever_stands
def change_status(request: HttpRequest, response: HttpResponse, uuid: UUID, asked: AppointmentStatus) -> Any:
    """Take an appointment on: confirmed, arrived, completed.

    The usual way is `pending`, `confirmed`, `arrived`, `in_progress`, `completed`. `no_show`: the patient
    never came. `entered_in_error`: it never should have been booked. A step that the present status does
    not allow is refused with 409, `not_from_here`. Cancelling has an operation of its own.
    """
    current = visit(uuid)
    changed = actions.set_status(
        _not_there_yet(request, current, asked.status),
        asked.status,
        by=program_of(request),
        now=timezone.now(),
        reason=asked.reason,
        channel=Source.API,
    )
    return _changed(response, changed)


def _not_there_yet(request: HttpRequest, current: Appointment, to: Status) -> Seen:
    """What the asker has seen, unless that is in this status already. An older version may be a request that
    is sent again: its answer was lost. Raises `Refused`."""
    seen = etags.seen(request, current)
    if not etags.is_whatever(request) and seen.version == current.version and current.status == to:
        raise Refused(rules.not_from_here(current.get_status_display()))
    return seen


def _changed(response: HttpResponse, appointment: Appointment) -> Appointment:
    response["ETag"] = etag(appointment)
    return appointment
