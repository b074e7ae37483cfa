"""Regular visits: what a series would come to, or a move of its visits, and its booking in one commit.

Each visit is one as any other from then on; what is done with many of them: `series_later`.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID, uuid4

from django.db import IntegrityError

from accounts.models import User
from scheduling import metrics
from scheduling.booking import hours_lock, in_the_way, instead, making, requests, rules
from scheduling.booking.change import Change
from scheduling.booking.conflicts import problem_of
from scheduling.booking.in_the_way import Obstacles
from scheduling.booking.openings import Opening
from scheduling.booking.proposal import NewPatient, Proposal, at_another_time
from scheduling.booking.requests import Made
from scheduling.booking.rules import Problem, Refused
from scheduling.booking.together import NotTogether, Overtaken, all_or_none
from scheduling.clock import clinic_zone
from scheduling.models import Appointment, Doctor, Patient, Series
from scheduling.times import clinic_day, recurring
from scheduling.times.recurring import Rule

FURTHEST_OFFER: Final = timedelta(days=14)  # from the date that is not free
TOO_FAR: Final = "too_far_ahead"
OF_ONE_DOCTOR: Final = 2  # offers, before one of a colleague's
Place: TypeAlias = tuple[Doctor, datetime]  # and an aware start


@dataclass(frozen=True)
class Wished:
    """One of the visits as it would be. `obstacles` say so where the clocks skip its time; `nearest` are free
    times in place of one that something is in the way of."""

    day: date
    proposal: Proposal
    obstacles: Obstacles
    nearest: Sequence[Opening] = ()


class _Asked(NamedTuple):
    """`skipped`: the clocks do not show the time; then the proposal is for the moment after it."""

    proposal: Proposal
    skipped: Problem | None = None


def plan(
    first: Proposal, days: Sequence[date], *, chosen: Mapping[date, Place], now: datetime
) -> list[Wished]:
    """The visits of a series that begins with `first`, one for each of the days (ascending), at the same time
    on the wall clock; or as `chosen`. A constant number of statements."""
    wall = recurring.wall_of(first.start, clinic_zone())
    asked = []
    for day in days:
        doctor, start, skipped = first.doctor, first.start, None
        if day in chosen:
            doctor, start = chosen[day]
        elif day != wall.date():
            start, skipped = _instant(datetime.combine(day, wall.time()))
        asked.append(_Asked(replace(first, uuid=uuid4(), doctor=doctor, start=start), skipped))
    return _wished(asked, days, now)


def moved(
    visits: Sequence[Appointment], to: Place, *, chosen: Mapping[UUID, Place], now: datetime
) -> list[Wished]:
    """The visits, of which the first goes to a place, and the others as far on the wall clock, and to another
    doctor where the first does; or as `chosen`. A constant number of statements."""
    zone, first = clinic_zone(), visits[0]
    by = recurring.wall_of(to[1], zone) - recurring.wall_of(first.appointment_datetime, zone)
    asked, days = [], []
    for visit in visits:
        wall = recurring.wall_of(visit.appointment_datetime, zone) + by
        doctor, start, skipped = visit.doctor if to[0] == first.doctor else to[0], to[1], None
        if visit.uuid in chosen:
            doctor, start = chosen[visit.uuid]
        elif visit is not first:
            start, skipped = _instant(wall)
        asked.append(_Asked(at_another_time(visit, doctor=doctor, start=start), skipped))
        days.append(wall.date())
    return _wished(asked, days, now, moving=[visit.pk for visit in visits])


def _instant(wall: datetime) -> tuple[datetime, Problem | None]:
    """The aware instant of a wall-clock time: the first where it comes twice; where the clocks skip it, the
    moment after that, and the problem."""
    zone = clinic_zone()
    found, problems = rules.on_the_clock(wall, zone)
    return (found[0], None) if found else (clinic_day.first_instant_from(wall, zone), problems[0])


def _wished(
    asked: Sequence[_Asked], days: Sequence[date], now: datetime, *, moving: Collection[int] = ()
) -> list[Wished]:
    possible = [one.proposal for one in asked if one.skipped is None]
    found = iter(in_the_way.of(possible, now=now, moving=moving))
    obstacles = [Obstacles([one.skipped]) if one.skipped else next(found) for one in asked]
    # Beyond what can be booked nothing is free; and so many days as a long rule reaches are never listed.
    blocked = {
        number: _visit(asked[number].proposal)
        for number, why in enumerate(obstacles)
        if why and TOO_FAR not in {problem.code for problem in why.problems}
    }
    held = [_visit(one.proposal) for one, why in zip(asked, obstacles, strict=True) if not why]
    terms = instead.Terms(
        held=held,
        last_days={visit.uuid: _last_day(days, number) for number, visit in blocked.items()},
        of_the_doctor=OF_ONE_DOCTOR,
    )
    times = instead.times_for(asked[0].proposal.doctor, list(blocked.values()), terms, now=now)
    return [
        Wished(day, one.proposal, why, times.offers[blocked[number].uuid] if number in blocked else ())
        for number, (day, one, why) in enumerate(zip(days, asked, obstacles, strict=True))
    ]


def _last_day(days: Sequence[date], number: int) -> date:
    """Until when one may be put off: not to the day of the next."""
    furthest = days[number] + FURTHEST_OFFER
    later = [day for day in days[number + 1 :] if day > days[number]]
    return min(furthest, later[0] - timedelta(days=1)) if later else furthest


def _visit(proposal: Proposal) -> Appointment:
    """As a visit, unsaved: what is free beside it is looked for."""
    return Appointment(
        doctor=proposal.doctor,
        patient=None if isinstance(proposal.patient, NewPatient) else proposal.patient,
        appointment_datetime=proposal.start,
        minutes=proposal.minutes,
        buffer_minutes=proposal.buffer_minutes,
    )


def book_all(
    asked: Sequence[Proposal],
    rule: Rule,
    *,
    weekday: int,
    uuid: UUID,
    by: User | None,
    now: datetime,
) -> Made[Series]:
    """Book visits of one patient as a series of this uuid, in one commit: all of them or none. `weekday`: the
    rule's (0 is Monday); a visit may stand on another.

    Asked twice, it answers with the first. Raises `NotTogether`, and `Refused` where something else was
    booked under the uuid.
    """
    row = partial(
        Series,
        uuid=uuid,
        every_weeks=rule.every_weeks,
        week_of_month=rule.week_of_month,
        weekday=weekday,
        count=rule.count,
        until_on=rule.until,
        created_at=now,
        created_by=by,
    )
    once = partial(requests.once, Series, uuid, _fingerprint(asked, rule), now=now)
    try:
        made = all_or_none(lambda: once(make=lambda: _booked(asked, row())))
    except Refused as refused:
        if refused.codes == {"already_on_record"}:
            raise Refused(rules.already_booked()) from refused
        raise
    if made.is_new:
        for proposal in asked:
            metrics.booked(proposal.source)
    return made


def _booked(asked: Sequence[Proposal], series: Series) -> Series:
    by, now = series.created_by, series.created_at
    for doctor in sorted({proposal.doctor.pk for proposal in asked}):
        hours_lock.hold(doctor)
    found = in_the_way.of(asked, now=now)
    if any(found):
        raise NotTogether({p.uuid: o.problems for p, o in zip(asked, found, strict=True) if o})
    series.save(force_insert=True)
    patient: Patient | NewPatient = asked[0].patient
    # In one order: two who want the same wait for each other.
    for proposal in sorted(asked, key=lambda one: (one.doctor.pk, one.start)):
        change = Change(by=by, now=now, channel=proposal.source)
        try:
            visit = making.written(replace(proposal, patient=patient, series=series), change)
        except IntegrityError as error:
            taken = problem_of(error, partial(rules.doctor_taken, proposal.doctor))
            raise Overtaken(proposal.uuid, taken) from error
        patient = visit.patient  # new until the first of them
    return series


def _fingerprint(asked: Sequence[Proposal], rule: Rule) -> str:
    """The same for the same wish."""
    one = asked[0]
    whose = one.patient.full_name if isinstance(one.patient, NewPatient) else one.patient.uuid
    kind = one.visit_type and one.visit_type.uuid
    said = [repr(rule), whose, kind, one.minutes, one.buffer_minutes, one.status, one.description]
    said += sorted(f"{proposal.doctor.uuid} {proposal.start.isoformat()}" for proposal in asked)
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
