"""Where the visits of a doctor who is away could stand instead: read at once for all of them.

5 statements, or 6, for any number of visits, doctors and days; the choosing is `times.other_times`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from scheduling.booking import fitting, open_time, taken
from scheduling.booking.open_time import Hours
from scheduling.booking.openings import Opening
from scheduling.clock import clinic_zone
from scheduling.matching.ages import years_on
from scheduling.models import Appointment, Claim, Doctor
from scheduling.models.visit_types import LONGEST_BUFFER
from scheduling.times import grid, other_times, slots
from scheduling.times.intervals import Interval, subtracted
from scheduling.times.other_times import Calendar, Need, Place, Session, Suits

AHEAD: Final = timedelta(days=21)  # after the last of the visits
NOTICE: Final = timedelta(hours=1)  # a patient has to be called, and to come


@dataclass(frozen=True)
class Instead:
    """Two times or more for each visit (by uuid), the best first, fewer where there are none; what was chosen
    and is still free is one of them. `gone` are the visits whose chosen time is not free."""

    offers: Mapping[UUID, Sequence[Opening]]
    gone: frozenset[UUID]


def colleagues_of(doctor: Doctor) -> list[Doctor]:
    """Who takes visits of the specialty: 1 query."""
    rows = Doctor.objects.active().filter(specialty_id=doctor.specialty_id).exclude(pk=doctor.pk)
    return list(rows.select_related("specialty"))


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Which times come into question.

    `away`: a span in which the doctor cannot, beside the time off that is recorded. `chosen`: doctor (uuid)
    and aware start that somebody has chosen for a visit (uuid). `held`: others that will stand, of which
    nobody is offered the time. `last_days`: until when each (uuid) may be put off. `of_the_doctor`: how many
    of the times are the doctor's, if there are as many.
    """

    away: Interval | None = None
    colleagues_only: bool = False
    same_time: bool = True
    chosen: Mapping[UUID, tuple[UUID, datetime]] = field(default_factory=dict)
    held: Sequence[Appointment] = ()
    last_days: Mapping[UUID, date] = field(default_factory=dict)
    of_the_doctor: int = 1


USUAL: Final = Terms()


def times_for(
    doctor: Doctor, visits: Sequence[Appointment], terms: Terms = USUAL, *, now: datetime
) -> Instead:
    """Times at which the doctor, later, or a colleague who gives the type, and to the age, could see the
    patients: no two visits get the same."""
    if not visits:
        return Instead({}, frozenset())
    staff = [doctor, *colleagues_of(doctor)]
    people = {one.pk: one for one in staff}
    span = Interval(
        min(visit.appointment_datetime for visit in visits),
        max(visit.ends_at for visit in visits) + AHEAD,
    ).in_utc()
    own, theirs = _open_of(staff, span, terms.away)
    pools = [theirs, theirs] if terms.colleagues_only else [*[own] * terms.of_the_doctor, theirs]
    suits = partial(_suits, staff=staff, given=fitting.given_by(list(people)))
    calendar = _calendar(list(people), [*own, *theirs], now)
    for visit, need in zip(terms.held, _needs(terms.held, span, suits, {}), strict=True):
        calendar.promise(need, Place(visit.doctor_id, grid.grain_of(visit.appointment_datetime)))
    wanted = _wanted(visits, staff, terms.chosen)
    needs = _needs(visits, span, suits, terms.last_days)
    found = other_times.offered(needs, pools, calendar, chosen=wanted, same_time=terms.same_time)
    offers = {
        visit.uuid: [
            Opening(people[place.doctor], grid.instant_of(place.start), visit.minutes) for place in places
        ]
        for visit, places in zip(visits, found, strict=True)
    }
    gone = {visits[number].uuid for number, place in wanted.items() if place not in found[number]}
    return Instead(offers, frozenset(gone))


def _open_of(
    staff: Sequence[Doctor], span: Interval, away: Interval | None
) -> tuple[list[Session], list[Session]]:
    """The sessions of the first of them, without what they are `away`, and those of the others by day."""
    doctor, *colleagues = staff
    hours = open_time.load([one.pk for one in staff], span)
    days = open_time.session_days(span, hours.zone)
    own = list(_sessions(doctor, hours, days, span, away)) if doctor.is_active else []
    theirs = [session for one in colleagues for session in _sessions(one, hours, days, span)]
    return own, sorted(theirs, key=lambda session: session.day)


def _wanted(
    visits: Sequence[Appointment], staff: Sequence[Doctor], chosen: Mapping[UUID, tuple[UUID, datetime]]
) -> dict[int, Place]:
    """What was chosen, by the number of the visit; of a doctor who is none of these, a place of nobody."""
    known = {one.uuid: one.pk for one in staff}
    return {
        number: Place(known.get(at[0], 0), grid.grain_of(at[1]))
        for number, visit in enumerate(visits)
        if (at := chosen.get(visit.uuid)) is not None
    }


def _sessions(
    doctor: Doctor, hours: Hours, days: Sequence[date], span: Interval, away: Interval | None = None
) -> Iterable[Session]:
    zone = hours.zone
    opened = hours.open(doctor.pk, days)
    for session in subtracted(opened, [away]) if away else opened:
        within = slots.whole_grains(session)
        if session.end <= span.start or not within:
            continue
        shown = grid.instant_of(within.start).astimezone(zone)
        yield Session(doctor.pk, within, shown.toordinal(), shown.hour * 60 + shown.minute)


def _needs(
    visits: Sequence[Appointment],
    span: Interval,
    suits_of: Callable[[Appointment], Suits],
    last_days: Mapping[UUID, date],
) -> list[Need]:
    """1 query: where the patients are anyway; none of no visits."""
    if not visits:
        return []
    zone = clinic_zone()
    first, last = grid.grain_of(span.start), grid.grain_of(span.end + timedelta(days=1))
    claims = Claim.objects.filter(
        patient__in={visit.patient_id for visit in visits}, grain__gte=first, grain__lte=last
    )
    busy: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for patient, grain, appointment in claims.order_by().values_list("patient", "grain", "appointment"):
        busy[patient].append((grain, appointment))
    found = []
    for visit in visits:
        shown = visit.appointment_datetime.astimezone(zone)
        length = -(-visit.minutes // grid.GRAIN_MINUTES)
        whole = -(-(visit.minutes + visit.buffer_minutes) // grid.GRAIN_MINUTES)
        others = frozenset(grain for grain, of in busy[visit.patient_id] if of != visit.pk)
        clock = shown.hour * 60 + shown.minute
        need = Need(
            shown.toordinal(), clock, length, whole - length, visit.patient_id, others, suits_of(visit)
        )
        until = last_days.get(visit.uuid)
        found.append(need if until is None else need._replace(last_day=until.toordinal()))
    return found


def _suits(visit: Appointment, staff: Sequence[Doctor], given: Mapping[int, frozenset[int]]) -> Suits:
    """Which doctor (key) may see the patient, on which day (its ordinal) or at all (None)."""
    takers = {one.pk for one in staff if fitting.takes(one, visit, given)}
    limits_of = fitting.age_asked_of_move(visit).limits_of
    limits = {one.pk: list(limits_of(one)) for one in staff}

    def suits(doctor: int, day: int | None) -> bool:
        if day is None or doctor not in takers:
            return doctor in takers
        age = years_on(visit.patient.date_of_birth, date.fromordinal(day))
        return all(ages.hold(age) for ages in limits[doctor])

    return suits


def _calendar(doctors: Sequence[int], sessions: Sequence[Session], now: datetime) -> Calendar:
    """1 query."""
    buffer = LONGEST_BUFFER // grid.GRAIN_MINUTES
    reach = {range(session.within.start, session.within.stop + buffer) for session in sessions}
    known = taken.read(doctors, reach)
    earliest = grid.grain_of(now + NOTICE - timedelta(microseconds=1)) + 1
    return Calendar(known.first, dict(known.bits), earliest)
