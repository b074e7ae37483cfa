"""Free times, and why a time is not free."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from scheduling.api.operations.answers import all_named, reads, standing
from scheduling.api.paging import cursor_of, time_of
from scheduling.api.problems import OF_THE_TIME, Invalid, reasons_of
from scheduling.api.schemas.openings import OneTime, OpeningPage, Verdict, WishedOpenings
from scheduling.booking import fitting, openings
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
NOBODY: Final = UUID(int=0)  # in a cursor: all doctors of that time are still to come
# Of all doctors together, after which one request stops; its last window may double them. 50 doctors are
# looked through for 60 days at once, however full they are; a year of theirs takes some pages.
MOST_DAYS: Final = 2_000
SOMEBODY = NewPatient(patient_name="", patient_lastname="")  # whoever it will be


@router.get("/openings", **reads(OpeningPage))
def list_openings(request: HttpRequest, wished: Query[WishedOpenings]) -> Any:
    """Free times of one doctor, of a specialty, or of any doctor.

    Each can be booked as it stands, unless it is taken meanwhile. They come by time; those of one time by
    doctor. Give `visit_type`, or `minutes`, or both; a doctor who does not give the type has no times. Give
    `patient` where types or doctors have limits of age. A page may have fewer than `limit`, or none, and a
    `next`: that goes on looking.
    """
    now, zone = timezone.now(), clinic_zone()
    first = wished.from_ or clinic_day.day_of(now, zone)
    last = first + timedelta(days=wished.days - 1)
    span = Interval(clinic_day.whole_day(first, zone).start, clinic_day.whole_day(last, zone).end)
    after = time_of(OPENINGS, wished.cursor)
    if after is not None:
        span = Interval(max(span.start, after[0]), span.end)
    wanted, kind, patient = _asked_for(wished)
    if kind is not None and not kind.is_active:
        wanted = []  # nobody could book it
    looked = openings.look(
        wanted,
        minutes=_minutes(kind, wished.minutes),
        buffer_minutes=kind.buffer_minutes if kind else 0,
        span=span,
        now=now,
        # Of the time at which the last page ended, some were on it already.
        count=wished.limit + 1 + (len(wanted) if after else 0),
        source=Source.API,
        most_days=MOST_DAYS,
        age=fitting.age_asked(kind, patient.date_of_birth if patient else None),
    )
    rest = _after(looked.openings, after)
    page = rest[: wished.limit]
    following, until = None, looked.until.replace(microsecond=0)
    if len(rest) > wished.limit:
        until = page[-1].start
        following = cursor_of(OPENINGS, page[-1].doctor.uuid, until)
    elif looked.is_cut:
        following = cursor_of(OPENINGS, NOBODY, until)
    return {"items": page, "next": following, "searched_until": until}


@router.get("/openings/check", **reads(Verdict))
def check_opening(request: HttpRequest, asked: Query[OneTime]) -> Any:
    """May this one time be booked, and why not?

    The same reasons that booking it would give now, and the nearest times that are free. Nothing is held.
    """
    now = timezone.now()
    kind, patient, doctor = all_named(
        (VisitType, asked.visit_type, "visit_type"),
        (Patient, asked.patient, "patient"),
        (Doctor, asked.doctor, "doctor"),
    )
    _minutes(kind, asked.minutes)
    proposal = Proposal(
        uuid=uuid4(),
        doctor=doctor,
        patient=SOMEBODY if patient is None else standing(patient),
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


def _asked_for(wished: WishedOpenings) -> tuple[Sequence[Doctor], VisitType | None, Patient | None]:
    """The doctors who give it, in the order in which those who are free at one time are listed; the kind of
    visit; and for whom."""
    if wished.doctor is not None and wished.specialty is not None:
        raise Invalid("one_of", "specialty", _("Give either doctor or specialty."))
    doctor, specialty, kind, patient = all_named(
        (Doctor, wished.doctor, "doctor"),
        (Specialty, wished.specialty, "specialty"),
        (VisitType, wished.visit_type, "visit_type"),
        (Patient, wished.patient, "patient"),
    )
    asked = doctors.of(specialty, kind) if doctor is None else doctors.if_gives(doctor, kind)
    return asked, kind, None if patient is None else standing(patient)


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
