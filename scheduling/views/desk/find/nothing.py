"""Nothing is free that fits: why, and which wish to widen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from scheduling.booking import fitting, open_time, openings
from scheduling.booking.fitting import AgeAsked
from scheduling.booking.open_time import Hours
from scheduling.booking.openings import ANY_TIME, Opening, Wishes
from scheduling.models import Doctor, Specialty, VisitType
from scheduling.times.day_rows import within
from scheduling.times.intervals import Interval

MOST_TOLD: Final = 12  # doctors: for more, a sentence each helps nobody


@dataclass
class Search:
    """What was looked for."""

    doctors: Sequence[Doctor]
    doctor: Doctor | None
    specialty: Specialty | None
    kind: VisitType
    wishes: Wishes
    span: Interval
    born: date | None = None  # of the patient, where one is known

    @property
    def age(self) -> AgeAsked:
        return fitting.age_asked(self.kind, self.born)


@dataclass(frozen=True)
class Way:
    """A wish made wider: what the link says, and its query."""

    label: str
    query: str


@dataclass(frozen=True)
class Reason:
    """Why one doctor has no time that fits, and the first one that does not."""

    sentence: str
    otherwise: Opening | None = None


@dataclass(frozen=True)
class Nothing:
    reasons: Sequence[Reason]
    ways: Sequence[Way] = field(default_factory=list)


def explained(search: Search, query: QueryDict, *, now: datetime, zone: ZoneInfo) -> Nothing:
    """At most 3 queries more: the hours, and what is free outside the wishes."""
    if not search.doctors:
        return Nothing([Reason(_nobody(search))], _ways(search, query))
    if len(search.doctors) > MOST_TOLD:
        words = {"n": len(search.doctors), "type": search.kind.name}
        told = _("None of the %(n)s doctors has a free time for %(type)s that fits.") % words
        return Nothing([Reason(told)], _ways(search, query))
    hours = open_time.load([doctor.pk for doctor in search.doctors], search.span)
    free: Mapping[int, list[datetime]] = {}
    if search.wishes != ANY_TIME:
        free = openings.free_starts(
            search.doctors,
            minutes=search.kind.minutes,
            buffer_minutes=search.kind.buffer_minutes,
            span=search.span,
            now=now,
            hours=hours,
            age=search.age,
        )
    reasons = []
    for doctor in search.doctors:
        if not_for_age := fitting.not_for_age(doctor, search.kind, search.born, search.span):
            reasons.append(Reason(not_for_age))
            continue
        first = next(iter(free.get(doctor.pk, ())), None)
        otherwise = Opening(doctor, first, search.kind.minutes) if first else None
        reasons.append(Reason(_why(doctor, hours, search, zone), otherwise))
    return Nothing(reasons, _ways(search, query))


def _nobody(search: Search) -> str:
    if search.doctor is not None:
        return fitting.not_given(search.doctor, search.kind)
    return _("No doctor is recorded there who gives %(type)s.") % {"type": search.kind.name}


def _why(doctor: Doctor, hours: Hours, search: Search, zone: ZoneInfo) -> str:
    """One sentence: switched off, without hours, away, or full."""
    said = {"doctor": doctor.doctor_name}
    if not doctor.is_active:
        return _("%(doctor)s takes no new visits.") % said
    days = open_time.session_days(search.span, zone)
    if not hours.known(doctor.pk):
        return _("%(doctor)s has no working hours yet.") % said
    if not within(hours.worked(doctor.pk, days), search.span):
        return _("%(doctor)s does not work in these weeks.") % said
    if not (opened := within(hours.open(doctor.pk, days), search.span)):
        return _("%(doctor)s has time off in these weeks.") % said
    if not any(_fits(stretch, search.wishes, zone) for stretch in opened):
        return _("%(doctor)s does not work at the times you asked for.") % said
    if search.wishes == ANY_TIME:
        return _("%(doctor)s is full.") % said
    return _("%(doctor)s is full at the times you asked for.") % said


def _fits(stretch: Interval, wishes: Wishes, zone: ZoneInfo) -> bool:
    """Whether some quarter of an hour of open time is wished for."""
    at = stretch.start
    while at < stretch.end:
        if wishes.fits(at.astimezone(zone)):
            return True
        at += timedelta(minutes=15)
    return False


def _ways(search: Search, query: QueryDict) -> list[Way]:
    wider = without(query, "after", "seen")
    ways = []
    if query.get("part") == "morning":
        ways.append(Way(_("Show afternoons"), _with(wider, part="afternoon")))
    elif query.get("part") == "afternoon":
        ways.append(Way(_("Show mornings"), _with(wider, part="morning")))
    if query.get("earliest") or query.get("latest"):
        ways.append(Way(_("Show any hour"), without(wider, "earliest", "latest").urlencode()))
    if query.get("on"):
        ways.append(Way(_("Show every weekday"), without(wider, "on").urlencode()))
    if search.doctor is not None:
        specialty = search.doctor.specialty
        label = _("Show everyone in %(specialty)s") % {"specialty": specialty}
        ways.append(Way(label, _with(without(wider, "doctor"), specialty=str(specialty.uuid))))
    return ways


def without(query: QueryDict, *names: str) -> QueryDict:
    """The query less some of it, and less the question why."""
    kept = query.copy()
    for name in [*names, "why-doctor", "why-day", "why-time"]:
        kept.pop(name, None)
    return kept


def _with(query: QueryDict, **values: str) -> str:
    changed = query.copy()
    for name, value in values.items():
        changed[name] = value
    return changed.urlencode()
