"""What could be booked, from the same hours and claims as the rules: an offer fails only if taken since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduling.booking.day import clinic_zone, open_hours, taken
from scheduling.booking.proposal import Proposal
from scheduling.models import Doctor
from scheduling.times import clinic_day, slots
from scheduling.times.intervals import Interval, subtracted

DAYS_AROUND: Final = 7  # how far from the wished day another time is offered
SAME_DOCTOR: Final = 4  # how many other times of the wished doctor
PER_COLLEAGUE: Final = 2
COLLEAGUES: Final = 3


@dataclass(frozen=True)
class Opening:
    """A start that is free: doctor, aware UTC start, minutes."""

    doctor: Doctor
    start: datetime
    minutes: int


def free_starts(
    doctors: Sequence[Doctor],
    *,
    minutes: int,
    span: Interval,
    now: datetime,
    opened: Mapping[int, Sequence[Interval]] | None = None,
) -> Mapping[int, list[datetime]]:
    """Every start (aware UTC, ascending) per doctor key at which `minutes` are free within the span.

    2 queries for any number of doctors and days; 1 where their open hours were read before. Each free
    stretch is stepped by the visit's own length.
    """
    reach = Interval(span.start, span.end + timedelta(minutes=minutes))  # a visit may end after the span
    opened = open_hours(doctors, reach) if opened is None else opened
    claimed = taken(doctors, reach)
    found: dict[int, list[datetime]] = {}
    for doctor in doctors:
        # Only time that lies in the span: a stretch that reaches into it from outside keeps its own rhythm.
        free = subtracted(opened.get(doctor.pk, []), claimed.get(doctor.pk, []))
        within = (i for i in free if i.end > span.start and i.start < span.end)
        found[doctor.pk] = [
            start
            for start in slots.starts(within, minutes, step=minutes, earliest=max(now, span.start))
            if start < span.end
        ]
    return found


def nearest(proposal: Proposal, *, now: datetime) -> list[Opening]:
    """Free times near a wished one: the same doctor's first, then those of colleagues of the specialty.

    At most 4 of the doctor within 7 days, and 2 of each of 3 colleagues on the same day; 3 queries.
    """
    colleagues = list(
        Doctor.objects.active()
        .filter(specialty_id=proposal.doctor.specialty_id)
        .exclude(pk=proposal.doctor.pk)
        .select_related("specialty")
    )
    zone = clinic_zone()
    day = clinic_day.day_of(proposal.start, zone)
    span = Interval(
        clinic_day.whole_day(day, zone).start,
        clinic_day.whole_day(day + timedelta(days=DAYS_AROUND), zone).end,
    )
    starts = free_starts([proposal.doctor, *colleagues], minutes=proposal.minutes, span=span, now=now)

    def offer(doctor: Doctor, among: Iterable[datetime], count: int) -> list[Opening]:
        best = sorted(among, key=lambda start: (abs(start - proposal.start), start))[:count]
        return [Opening(doctor, start, proposal.minutes) for start in sorted(best)]

    found = (
        offer(proposal.doctor, starts[proposal.doctor.pk], SAME_DOCTOR) if proposal.doctor.is_active else []
    )
    same_day = clinic_day.whole_day(day, zone)
    of_colleagues = [
        offer(doctor, [s for s in starts[doctor.pk] if same_day.start <= s < same_day.end], PER_COLLEAGUE)
        for doctor in colleagues
    ]
    of_colleagues = [offers for offers in of_colleagues if offers]
    of_colleagues.sort(key=lambda offers: min(abs(o.start - proposal.start) for o in offers))
    return found + [opening for offers in of_colleagues[:COLLEAGUES] for opening in offers]
