"""Changing an appointment: each names the version that it was decided on (`If-Match`)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from scheduling.api import etags
from scheduling.api.keys import program_of
from scheduling.api.operations.answers import changes_a_visit, named, visit
from scheduling.api.operations.refusals import with_other_times
from scheduling.api.schemas.appointments import (
    AppointmentCancel,
    AppointmentDetail,
    AppointmentMove,
    AppointmentStatus,
    etag,
)
from scheduling.api.schemas.problems import Problem, Stale, Taken
from scheduling.booking import actions, rules
from scheduling.booking.actions import Refused
from scheduling.booking.proposal import at_another_time
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Doctor, Source, Status

router = Router(tags=["Appointments"])


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
        doctor = named(Doctor.objects.all(), asked.doctor_uuid, "doctor_uuid")
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
