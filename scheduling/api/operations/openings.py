"""Free times, and why a time is not free."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from scheduling.api.operations.answers import named, patient_named, reads
from scheduling.api.paging import cursor_of, time_of
from scheduling.api.problems import OF_THE_TIME, Invalid, reasons_of
from scheduling.api.schemas.openings import OneTime, OpeningPage, Verdict, WishedOpenings
from scheduling.booking import openings
from scheduling.booking.openings import Opening
from scheduling.booking.proposal import AS_THE_TYPE_SAYS, NewPatient, Proposal
from scheduling.booking.rules import Refused
from scheduling.clock import clinic_zone
from scheduling.models import Doctor, Patient, Source, Specialty, VisitType
from scheduling.queries import doctors
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval

router = Router(tags=["Openings"])
OPENINGS = "openings"
SOMEBODY = NewPatient(patient_name="", patient_lastname="")  # whoever it will be


@router.get("/openings", **reads(OpeningPage))
def list_openings(request: HttpRequest, wished: Query[WishedOpenings]) -> Any:
    """Free times of one doctor, of a specialty, or of any doctor.

    Each can be booked as it stands, unless it is taken meanwhile. They come by time; those of one time by
    doctor. Give `visit_type`, or `minutes`, or both.
    """
    now, zone = timezone.now(), clinic_zone()
    first = wished.from_ or clinic_day.day_of(now, zone)
    last = first + timedelta(days=wished.days - 1)
    span = Interval(clinic_day.whole_day(first, zone).start, clinic_day.whole_day(last, zone).end)
    after = time_of(OPENINGS, wished.cursor)
    if after is not None:
        span = Interval(max(span.start, after[0]), span.end)
    wanted, kind = _doctors(wished), _visit_type(wished.visit_type)
    if kind is not None and not kind.is_active:
        wanted = []  # nobody could book it
    starts = openings.next_starts(
        wanted,
        minutes=_minutes(kind, wished.minutes),
        buffer_minutes=kind.buffer_minutes if kind else 0,
        span=span,
        now=now,
        # Of the time at which the last page ended, some were on it already.
        count=wished.limit + 1 + (len(wanted) if after else 0),
        source=Source.API,
    )
    rest = _after(starts, after)
    page = rest[: wished.limit]
    more = len(rest) > wished.limit
    return {
        "items": page,
        "next": cursor_of(OPENINGS, page[-1].doctor.uuid, page[-1].start) if more else None,
    }


@router.get("/openings/check", **reads(Verdict))
def check_opening(request: HttpRequest, asked: Query[OneTime]) -> Any:
    """May this one time be booked, and why not?

    The same reasons that booking it would give now, and the nearest times that are free. Nothing is held.
    """
    now, kind = timezone.now(), _visit_type(asked.visit_type)
    patient: Patient | NewPatient = SOMEBODY
    if asked.patient is not None:
        patient = patient_named(asked.patient, "patient")
    _minutes(kind, asked.minutes)
    proposal = Proposal(
        uuid=uuid4(),
        doctor=named(Doctor.objects.all(), asked.doctor, "doctor"),
        patient=patient,
        visit_type=kind,
        start=asked.at,
        minutes=AS_THE_TYPE_SAYS if asked.minutes is None else asked.minutes,
        source=Source.API,
    )
    problems = openings.why_not(proposal, now=now)
    refused = Refused(*problems)
    return {
        "doctor_uuid": proposal.doctor.uuid,
        "appointment_datetime": proposal.start,
        "minutes": proposal.minutes,
        "is_free": not problems,
        "problems": reasons_of(refused, {"start": "at"}),
        "nearest": openings.nearest(proposal, now=now) if refused.codes & OF_THE_TIME else [],
    }


def _doctors(wished: WishedOpenings) -> Sequence[Doctor]:
    """In the order in which those who are free at one time are listed."""
    if wished.doctor is not None and wished.specialty is not None:
        raise Invalid("one_of", "specialty", _("Give either doctor or specialty."))
    if wished.doctor is not None:
        return [named(Doctor.objects.all(), wished.doctor, "doctor")]
    if wished.specialty is not None:
        return doctors.of(named(Specialty.objects.all(), wished.specialty, "specialty"))
    return doctors.of(None)


def _visit_type(uuid: UUID | None) -> VisitType | None:
    return None if uuid is None else named(VisitType.objects.all(), uuid, "visit_type")


def _minutes(kind: VisitType | None, minutes: int | None) -> int:
    if minutes is not None:
        return minutes
    if kind is None:
        raise Invalid("no_length", "visit_type", _("Give visit_type or minutes."))
    return kind.minutes


def _after(starts: Sequence[Opening], seen: tuple[datetime, UUID] | None) -> Sequence[Opening]:
    """Those that follow the last one seen. Where that was taken meanwhile, its time is told once more."""
    if seen is None:
        return starts
    at, doctor = seen
    places = [place for place, each in enumerate(starts) if each.start == at and each.doctor.uuid == doctor]
    return starts[places[0] + 1 :] if places else starts
