"""What could be booked, from the same hours and claims as the rules: an offer fails only if taken since.

Free time is open time less claims. Claims are read by primary-key range, in windows of 1, 2, 4, ... days, and
merged in Python: never a query per day or per doctor.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from scheduling.booking import day, open_time, rules
from scheduling.booking.open_time import Hours
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.clock import clinic_zone
from scheduling.models import Appointment, Claim, Doctor, Patient, Source
from scheduling.times import clinic_day, grid, slots
from scheduling.times.intervals import Interval

DAYS_AROUND: Final = 7  # how far from the wished day another time is offered
SAME_DOCTOR: Final = 4  # how many other times of the wished doctor
PER_COLLEAGUE: Final = 2
COLLEAGUES: Final = 3
EVERY_DAY: Final = frozenset(range(7))


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


ANY_TIME: Final = Wishes()


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
) -> Mapping[int, list[datetime]]:
    """Every start (aware UTC, ascending) per doctor key, within the span, that can be booked for `minutes`.

    2 queries for any number of doctors and days; 1 where their `hours` around the span were read before.
    Each free stretch is stepped by the visit and its buffer. A doctor who is switched off has none;
    `source` is the door: how soon and how far ahead it may book. The time of the appointment `moving` counts
    as free.
    """
    found: dict[int, list[datetime]] = {doctor.pk: [] for doctor in doctors}
    span = _bookable(span, source, now)
    if span.start < span.end:
        hours = hours or open_time.load(list(found), span)
        starts = _starts(doctors, hours, span, minutes=minutes, buffer_minutes=buffer_minutes, moving=moving)
        for doctor, start in starts:
            found[doctor.pk].append(start)
    return found


def next_starts(
    doctors: Sequence[Doctor],
    *,
    minutes: int,
    span: Interval,
    now: datetime,
    buffer_minutes: int = 0,
    wishes: Wishes = ANY_TIME,
    count: int = 10,
    source: Source = Source.DESK,
) -> list[Opening]:
    """The next free starts of any of the doctors within the span, by time: 2 queries where there is soon one,
    one more for each doubling of the days that are full."""
    span = _bookable(span, source, now)
    if span.start >= span.end:
        return []
    hours = open_time.load([doctor.pk for doctor in doctors], span)
    found: list[Opening] = []
    for window in windows(span, hours):
        starts = _starts(doctors, hours, window, minutes=minutes, buffer_minutes=buffer_minutes)
        fitting = (
            Opening(doctor, start, minutes)
            for doctor, start in starts
            if wishes.fits(start.astimezone(hours.zone))
        )
        found.extend(sorted(fitting, key=lambda opening: opening.start))
        if len(found) >= count:
            break
    return found[:count]


def windows(span: Interval, hours: Hours) -> Iterator[Interval]:
    """The span cut into 1, 2, 4, 8, ... clinic days."""
    days, start = 1, span.start
    while start < span.end:
        last = clinic_day.day_of(start, hours.zone) + timedelta(days=days)
        end = min(clinic_day.whole_day(last, hours.zone).start, span.end)
        yield Interval(start, end)
        start, days = end, days * 2


def why_not(proposal: Proposal, *, now: datetime, moving: Appointment | None = None) -> list[rules.Problem]:
    """Why a time cannot be booked; empty if it can. The same answer as booking it would give, or as moving
    the visit `moving` there."""
    return rules.problems_with(proposal, day.load(proposal, moving=moving), now=now)


def nearest(proposal: Proposal, *, now: datetime, moving: Appointment | None = None) -> list[Opening]:
    """Free times near a wished one: the same doctor's first, then those of colleagues of the specialty.

    At most 4 of the doctor within 7 days, and 2 of each of 3 colleagues on the same day, none while the
    patient has another visit; 3 queries, 4 for a patient on record. The time of the visit `moving`, which
    it would give up, counts as free; but where it stands already is no move.
    """
    colleagues = list(
        Doctor.objects.active()
        .filter(specialty_id=proposal.doctor.specialty_id)
        .exclude(pk=proposal.doctor.pk)
        .select_related("specialty")
    )
    doctors = ([proposal.doctor] if proposal.doctor.is_active else []) + colleagues
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


def _starts(
    doctors: Sequence[Doctor],
    hours: Hours,
    span: Interval,
    *,
    minutes: int,
    buffer_minutes: int,
    moving: UUID | None = None,
) -> Iterator[tuple[Doctor, datetime]]:
    """Free starts of each doctor within the span (not empty); the visit may end after it. 1 query.

    Sessions are looked at whole, whatever the span cuts out of them: the rhythm of the starts stays the same.
    """
    length = -(-minutes // grid.GRAIN_MINUTES)
    buffer = -(-(minutes + buffer_minutes) // grid.GRAIN_MINUTES) - length
    sessions = _sessions(doctors, hours, span)
    if not sessions or length < 1:
        return
    reach = Interval(
        min(session.start for _doctor, session in sessions),
        max(session.end for _doctor, session in sessions) + timedelta(minutes=buffer_minutes),
    )
    taken = _taken([doctor.pk for doctor in doctors], reach, moving=moving)
    earliest = slots.whole_grains(span).start
    last = grid.grain_of(span.end - timedelta(microseconds=1))
    for doctor, session in sessions:
        within, theirs = slots.whole_grains(session), taken.get(doctor.pk, set())
        for start in slots.starts(within, theirs, length=length, buffer=buffer, earliest=earliest):
            if start <= last:
                yield doctor, grid.instant_of(start)


def _sessions(doctors: Sequence[Doctor], hours: Hours, span: Interval) -> list[tuple[Doctor, Interval]]:
    """The stretches of open time that reach into the span, no further than the rules were loaded."""
    known = open_time.days_around(span, hours.zone)
    days = open_time.days_of(known, hours.zone)
    return [
        (doctor, Interval(max(session.start, known.start), min(session.end, known.end)))
        for doctor in doctors
        if doctor.is_active
        for session in hours.open(doctor.pk, days)
        if session.start < span.end and span.start < session.end
    ]


def _taken(doctors: Sequence[int], span: Interval, *, moving: UUID | None) -> Mapping[int, set[int]]:
    """The claimed grains of each doctor (by key) within the span, in any lane, but those of `moving`."""
    first, last = grid.grain_of(span.start), grid.grain_of(span.end)
    found: dict[int, set[int]] = defaultdict(set)
    claims = Claim.objects.filter(doctor_id__in=doctors, grain__gte=first, grain__lte=last)
    if moving:
        claims = claims.exclude(appointment__uuid=moving)
    for doctor, grain in claims.values_list("doctor_id", "grain").order_by():
        found[doctor].add(grain)
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
