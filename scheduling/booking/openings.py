"""What could be booked, from the same hours and claims as the rules: an offer fails only if taken since.

Free time (`free_time`) is open time less claims. These are read by primary-key range, in windows of 1, 2, 4,
... days, as bits (`taken`): never a query per day or per doctor, nor a row per claim.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from itertools import islice
from typing import Any, Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.booking import day, fitting, free_time, open_time, rules
from scheduling.booking.fitting import ANYBODY, AgeAsked
from scheduling.booking.free_time import EVERY_DAY, Room
from scheduling.booking.open_time import Hours
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.clock import clinic_zone
from scheduling.models import Appointment, Claim, Doctor, Patient, Source
from scheduling.times import clinic_day, grid
from scheduling.times.intervals import Interval

DAYS_AROUND: Final = 7  # how far from the wished day another time is offered
SAME_DOCTOR: Final = 4  # how many other times of the wished doctor
PER_COLLEAGUE: Final = 2
COLLEAGUES: Final = 3
LONGEST_WINDOW: Final = 64  # days; what is taken in one is held in memory


@dataclass(frozen=True)
class Opening:
    """A start that is free: doctor, aware UTC start, minutes."""

    doctor: Doctor
    start: datetime
    minutes: int


@dataclass(frozen=True)
class Wishes:
    """Which weekdays (0 is Monday) and which part of the day, on the clinic's wall clock, half-open."""

    weekdays: frozenset[int] = EVERY_DAY
    from_time: time = time.min
    until_time: time | None = None  # None: to the end of the day

    def fits(self, shown: datetime) -> bool:
        """Whether a start, as the clinic's clocks show it, is wished for."""
        early_enough = self.until_time is None or shown.time() < self.until_time
        return shown.weekday() in self.weekdays and self.from_time <= shown.time() and early_enough

    def of_grains(self, zone: ZoneInfo) -> Callable[[int], bool]:
        """The same of a grain's beginning; each is thought over once, however many doctors are free then."""
        return cache(lambda grain: self.fits(grid.instant_of(grain).astimezone(zone)))


ANY_TIME: Final = Wishes()
_Start: TypeAlias = tuple[int, int]  # its grain, and the doctor's place in the order given


def free_starts(
    doctors: Sequence[Doctor],
    *,
    minutes: int,
    span: Interval,
    now: datetime,
    buffer_minutes: int = 0,
    source: Source = Source.DESK,
    hours: Hours | None = None,
    moving: UUID | None = None,
    age: AgeAsked = ANYBODY,
) -> Mapping[int, list[datetime]]:
    """Every start (aware UTC, ascending) per doctor key, within the span, that can be booked for `minutes`.

    2 queries for any number of doctors and days; 1 where their `hours` around the span were read before.
    Each free stretch is stepped by the visit and its buffer. A doctor who is switched off has none;
    `source` is the door: how soon and how far ahead it may book. The time of the appointment `moving` counts
    as free. `age`: what is asked of the patient's age on the day of the visit.
    """
    found: dict[int, list[datetime]] = {doctor.pk: [] for doctor in doctors}
    span = _bookable(span, source, now)
    if span.start < span.end:
        hours = hours or open_time.load(list(found), span)
        rooms = free_time.rooms(
            doctors,
            hours,
            span,
            minutes=minutes,
            buffer_minutes=buffer_minutes,
            moving=moving,
            only=age.spans(doctors, span),
        )
        for room in rooms:
            found[doctors[room.place].pk].extend(map(grid.instant_of, room.starts))
    return found


@dataclass(frozen=True)
class Looked:
    """What was found, and up to when (aware UTC) was looked; `is_cut`: the span goes on after that."""

    openings: list[Opening]
    until: datetime
    is_cut: bool = False


def next_starts(doctors: Sequence[Doctor], **wished: Any) -> list[Opening]:
    """The next free starts of any of the doctors within a span, by time (`look`)."""
    return look(doctors, **wished).openings


def look(
    doctors: Sequence[Doctor],
    *,
    minutes: int,
    span: Interval,
    now: datetime,
    buffer_minutes: int = 0,
    wishes: Wishes = ANY_TIME,
    count: int = 10,
    source: Source = Source.DESK,
    most_days: int | None = None,
    age: AgeAsked = ANYBODY,
) -> Looked:
    """The next free starts of any of the doctors within the span, by time: 2 queries where there is soon one,
    one more for each doubling of the days that are full.

    `most_days`: days times doctors after which it stops, at the end of a window. `age`: as in `free_starts`.
    """
    asked, span = span.in_utc(), _bookable(span, source, now)
    if span.start >= span.end:
        return Looked([], min(asked.end, span.end))
    hours = open_time.load([doctor.pk for doctor in doctors], span)
    is_wished = None if wishes == ANY_TIME else wishes.of_grains(hours.zone)
    long_enough = partial(free_time.rooms, minutes=minutes, buffer_minutes=buffer_minutes)
    found: list[Opening] = []
    until, spent = span.start, timedelta(0)
    for window in windows(span, hours):
        only = age.spans(doctors, window)
        rooms = long_enough(doctors, hours, window, weekdays=wishes.weekdays, only=only)
        soonest = _soonest(rooms, count - len(found), is_wished)
        found.extend(Opening(doctors[place], grid.instant_of(start), minutes) for start, place in soonest)
        until, spent = window.end, spent + (window.end - window.start) * len(doctors)
        if len(found) >= count or (most_days is not None and spent >= timedelta(days=most_days)):
            break
    return Looked(found, until, is_cut=until < span.end)


def windows(span: Interval, hours: Hours) -> Iterator[Interval]:
    """The span cut into 1, 2, 4, ... clinic days, at most 64 at once."""
    days, start = 1, span.start
    while start < span.end:
        last = clinic_day.day_of(start, hours.zone) + timedelta(days=days)
        end = min(clinic_day.whole_day(last, hours.zone).start, span.end)
        yield Interval(start, end)
        start, days = end, min(days * 2, LONGEST_WINDOW)


def why_not(proposal: Proposal, *, now: datetime, moving: Appointment | None = None) -> list[rules.Problem]:
    """Why a time cannot be booked; empty if it can. The same answer as booking it would give, or as moving
    the visit `moving` there."""
    return rules.problems_with(proposal, day.load(proposal, moving=moving), now=now)


def nearest(proposal: Proposal, *, now: datetime, moving: Appointment | None = None) -> list[Opening]:
    """Free times near a wished one: the same doctor's first, then those of colleagues of the specialty.

    At most 4 of the doctor within 7 days, and 2 of each of 3 colleagues on the same day, none while the
    patient has another visit; 3 queries, 4 for a patient on record. The time of the visit `moving`, which
    it would give up, counts as free; but where it stands already is no move. Who does not give the type, or
    not at the patient's age, has none.
    """
    team = list(
        Doctor.objects.active()
        .filter(specialty_id=proposal.doctor.specialty_id)
        .giving(proposal.kind, or_key=fitting.stays_with(proposal))
        .select_related("specialty")
    )
    colleagues = [doctor for doctor in team if doctor != proposal.doctor]
    doctors = ([proposal.doctor] if proposal.doctor in team else []) + colleagues
    zone = clinic_zone()
    wished = clinic_day.day_of(proposal.start, zone)
    span = _days(wished, wished + timedelta(days=DAYS_AROUND))
    starts = _instead(doctors, proposal, span, now=now, moving=moving)
    elsewhere = _elsewhere(proposal.patient, span, moving=moving)
    same_day = _days(wished, wished)

    def offer(doctor: Doctor, among: Iterable[datetime], count: int) -> list[Opening]:
        free = (s for s in among if elsewhere.isdisjoint(grid.grains(s, proposal.minutes)))
        best = sorted(free, key=lambda start: (abs(start - proposal.start), start))[:count]
        return [Opening(doctor, start, proposal.minutes) for start in sorted(best)]

    found = offer(proposal.doctor, starts.get(proposal.doctor.pk, ()), SAME_DOCTOR)
    of_colleagues = [
        offer(doctor, [s for s in starts[doctor.pk] if same_day.start <= s < same_day.end], PER_COLLEAGUE)
        for doctor in colleagues
    ]
    of_colleagues = [offers for offers in of_colleagues if offers]
    of_colleagues.sort(key=lambda offers: min(abs(o.start - proposal.start) for o in offers))
    return found + [opening for offers in of_colleagues[:COLLEAGUES] for opening in offers]


def _instead(
    doctors: Sequence[Doctor],
    proposal: Proposal,
    span: Interval,
    *,
    now: datetime,
    moving: Appointment | None,
) -> Mapping[int, list[datetime]]:
    """`free_starts` for what is asked, without the place where `moving` stands. 2 queries."""
    starts = free_starts(
        doctors,
        minutes=proposal.minutes,
        buffer_minutes=proposal.buffer_minutes,
        span=span,
        now=now,
        source=proposal.source,
        moving=moving.uuid if moving else None,
        age=fitting.age_asked_by(proposal),
    )
    if moving is None:
        return starts
    stands = (moving.doctor_id, moving.appointment_datetime)
    return {doctor: [s for s in theirs if (doctor, s) != stands] for doctor, theirs in starts.items()}


def _days(first: date, last: date) -> Interval:
    zone = clinic_zone()
    return Interval(clinic_day.whole_day(first, zone).start, clinic_day.whole_day(last, zone).end)


def _bookable(span: Interval, source: Source, now: datetime) -> Interval:
    """The part of the span in which a visit may begin: as `rules` say of the past, too soon and too far."""
    limits, span, now = rules.limits_of(source), span.in_utc(), now.astimezone(UTC)
    soonest = now + limits.soonest if limits.soonest else grid.instant_of(grid.grain_of(now))
    furthest = now + limits.furthest + timedelta(microseconds=1)  # half-open: that instant is allowed
    return Interval(max(span.start, soonest), min(span.end, furthest))


def _soonest(rooms: Iterable[Room], wanted: int, is_wished: Callable[[int], bool] | None) -> list[_Start]:
    """The first `wanted` starts that are wished for, by time, and of one time in the order of the doctors.
    What opens after them is not looked into."""
    found: list[_Start] = []
    for room in rooms:
        if 0 < wanted == len(found) and found[-1][0] < room.opens:
            break
        starts = filter(is_wished, room.starts) if is_wished else room.starts
        found.extend((start, room.place) for start in islice(starts, wanted))
        found = sorted(found)[:wanted]
    return found


def _elsewhere(
    patient: Patient | NewPatient, span: Interval, *, moving: Appointment | None
) -> frozenset[int]:
    """The grains of the span, and of the day behind it, in which the patient is with somebody, but those of
    `moving`."""
    if isinstance(patient, NewPatient):
        return frozenset()
    first, last = grid.grain_of(span.start), grid.grain_of(span.end + timedelta(days=1))
    claims = Claim.objects.filter(patient=patient, grain__gte=first, grain__lte=last)
    if moving:
        claims = claims.exclude(appointment=moving)
    return frozenset(claims.order_by().values_list("grain", flat=True))
