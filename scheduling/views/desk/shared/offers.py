"""Free times to choose from: near a wished one, or the next ones where none was wished for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduling.booking import fitting, openings
from scheduling.booking.openings import Opening
from scheduling.booking.proposal import Proposal
from scheduling.booking.rules import Problem
from scheduling.forms.steps import offered_time
from scheduling.models import Doctor, VisitType
from scheduling.queries import doctors
from scheduling.templatetags.clinic import short_date
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from scheduling.views.desk.shared.outline import Outline

NEAR: Final = 60  # minutes up to which a distance is said as one
NEXT: Final = 8  # how many free times the form offers by itself
AHEAD: Final = timedelta(days=60)
OF_THE_TIME: Final = ("start", "doctor", "visit_type")  # the fields that what is said of a time is about


@dataclass(frozen=True)
class Slot:
    value: str  # "<doctor uuid>|<ISO start>", as `forms.prefill.from_press` reads it
    start: datetime
    doctor: Doctor
    note: str  # how far away, or with whom

    @property
    def link(self) -> str:
        return self.value.partition("|")[2]


@dataclass(frozen=True)
class Offer:
    """Free times that stand together: those of one doctor, or those of one day."""

    title: str
    note: str
    slots: Sequence[Slot]


@dataclass(frozen=True)
class Times:
    """What is said of the time while the form is filled in."""

    problems: Sequence[Problem] = ()
    offers: Sequence[Offer] = ()
    is_free: bool = False  # doctor, type and time are known, and nothing is in the way
    is_next: bool = False  # the offers are the next free times, and none was wished for
    is_open: bool = field(default=False)  # the type is missing: nothing can be offered yet
    why_none: str = ""  # why there can be no times at all


def times_for(outline: Outline, *, now: datetime, zone: ZoneInfo) -> Times:
    """What stands against the wished time and what is free near it; or the next free times."""
    wish = outline.wish
    if wish is not None:
        problems = [p for p in openings.why_not(wish, now=now) if p.field in OF_THE_TIME]
        near = openings.nearest(wish, now=now) if problems else []
        return Times(problems, grouped(near, wish, now=now, zone=zone), is_free=not problems)
    if outline.start is not None:
        return Times()
    if outline.visit_type is None:
        return Times(is_open=True)
    begin = now if outline.day is None else clinic_day.whole_day(outline.day, zone).start
    span, born = Interval(begin, begin + AHEAD), outline.person.date_of_birth if outline.person else None
    none = outline.not_given or fitting.not_for_age(outline.doctor, outline.visit_type, born, span)
    found = [] if none else next_times(outline, outline.visit_type, span, now=now, zone=zone)
    return Times(offers=found, is_next=True, why_none=none)


def next_times(
    outline: Outline, kind: VisitType, span: Interval, *, now: datetime, zone: ZoneInfo
) -> list[Offer]:
    """The next free starts of the doctor, else of the specialty, else of anybody, by day: of those who give
    the type, and at the patient's age."""
    asked = [outline.doctor] if outline.doctor else doctors.of(outline.specialty, kind)
    found = openings.next_starts(
        asked,
        minutes=kind.minutes,
        buffer_minutes=kind.buffer_minutes,
        span=span,
        now=now,
        count=NEXT,
        age=fitting.age_asked(kind, outline.person.date_of_birth if outline.person else None),
    )
    by_day = groupby(found, key=lambda opening: clinic_day.day_of(opening.start, zone))
    return [
        Offer(short_date(day), "", [_slot(opening, opening.doctor.doctor_name, zone) for opening in of_day])
        for day, of_day in by_day
    ]


def grouped(found: Iterable[Opening], proposal: Proposal, *, now: datetime, zone: ZoneInfo) -> list[Offer]:
    """The openings near a wished time, by doctor, in the order given."""
    return [
        Offer(
            doctor.doctor_name,
            _("same doctor, %(specialty)s") % {"specialty": doctor.specialty}
            if doctor == proposal.doctor
            else str(doctor.specialty),
            [
                _slot(opening, distance(opening.start, proposal.start, now=now, zone=zone), zone)
                for opening in openings_of_one
            ],
        )
        for doctor, openings_of_one in groupby(found, key=lambda opening: opening.doctor)
    ]


def _slot(opening: Opening, note: str, zone: ZoneInfo) -> Slot:
    value = offered_time(opening.doctor.uuid, opening.start, zone)
    return Slot(value, opening.start, opening.doctor, note)


def distance(start: datetime, wished: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """ "same time", "20 min earlier", "tomorrow", "Thu 5 March"."""
    minutes = round((start - wished).total_seconds() / 60)
    day = clinic_day.day_of(start, zone)
    today = clinic_day.day_of(now, zone)
    if minutes == 0:
        return _("same time")
    if day == clinic_day.day_of(wished, zone):
        if -NEAR <= minutes < 0:
            return _("%(n)s min earlier") % {"n": -minutes}
        if 0 < minutes <= NEAR:
            return _("%(n)s min later") % {"n": minutes}
        return _("today") if day == today else _("same day")
    if day == today:
        return _("today")
    return _("tomorrow") if day == today + timedelta(days=1) else short_date(start)
