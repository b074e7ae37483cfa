"""How full days are: open minutes, booked minutes of them, and how many visits could still begin."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from scheduling.booking import free_time, open_time, rules, taken
from scheduling.clock import clinic_zone
from scheduling.models import Doctor, Source
from scheduling.times import clinic_day, grid, slots
from scheduling.times.intervals import Interval


@dataclass
class Fullness:
    """Of one day and some doctors. What is booked outside open time is in none of it."""

    open_minutes: int = 0
    booked_minutes: int = 0  # of the open ones, with the buffers behind visits
    free: int = 0  # starts, from now on

    @property
    def is_closed(self) -> bool:
        return not self.open_minutes

    @property
    def percent(self) -> int:
        """Whole per cent of the open minutes; 100 only where all are booked."""
        return 100 * self.booked_minutes // self.open_minutes if self.open_minutes else 0


def of_days(
    doctors: Sequence[Doctor],
    days: Sequence[date],
    *,
    minutes: int,
    now: datetime,
    buffer_minutes: int = 0,
    moving: UUID | None = None,
) -> Mapping[date, Fullness]:
    """Each of the days (neighbours, ascending), all doctors together: 2 queries, for hours and for what is
    taken, however many doctors, days and visits there are.

    Free starts are those that the board offers for `minutes`; the time of the visit `moving` counts as free.
    """
    zone = clinic_zone()
    span = Interval(clinic_day.whole_day(days[0], zone).start, clinic_day.whole_day(days[-1], zone).end)
    hours = open_time.load([doctor.pk for doctor in doctors], span)
    sessions = [(doctors[place].pk, within) for place, within in free_time.sessions_of(doctors, hours, span)]
    sessions = [(doctor, within) for doctor, within in sessions if within]
    length = -(-minutes // grid.GRAIN_MINUTES)
    buffer = -(-(minutes + buffer_minutes) // grid.GRAIN_MINUTES) - length
    reach = {range(within.start, within.stop + buffer) for _doctor, within in sessions}
    known = taken.read([doctor.pk for doctor in doctors], reach, moving=moving)
    found = [Fullness() for _ in days]
    midnights = [grid.grain_of(clinic_day.whole_day(day, zone).start) for day in days]
    midnights.append(grid.grain_of(span.end))
    soonest = grid.grain_of(now)
    furthest = grid.grain_of(now + rules.limits_of(Source.DESK).furthest)
    for doctor, within in sessions:
        theirs = known.since(doctor, within.start)
        for day, part in _by_day(within, midnights):
            booked = theirs >> part.start - within.start & (1 << len(part)) - 1
            found[day].open_minutes += len(part) * grid.GRAIN_MINUTES
            found[day].booked_minutes += booked.bit_count() * grid.GRAIN_MINUTES
        if within.stop <= soonest or within.start > furthest:
            continue
        fits = slots.fitting(within, theirs, length=length, buffer=buffer)
        for start in slots.starts(within, fits, step=length + buffer, earliest=soonest):
            day = bisect_right(midnights, start) - 1
            if 0 <= day < len(found) and start <= furthest:
                found[day].free += 1
    return dict(zip(days, found, strict=True))


def _by_day(within: range, midnights: Sequence[int]) -> Iterator[tuple[int, range]]:
    """A session cut at midnights: the number of each day, and the grains of it that lie in that day."""
    first = max(bisect_right(midnights, within.start) - 1, 0)
    for day in range(first, len(midnights) - 1):
        if midnights[day] >= within.stop:
            break
        part = range(max(within.start, midnights[day]), min(within.stop, midnights[day + 1]))
        if part:
            yield day, part


def is_too_far(day: date, now: datetime) -> bool:
    """Whether nothing can be booked yet on a day so far ahead."""
    last = clinic_day.day_of(now + rules.limits_of(Source.DESK).furthest, clinic_zone())
    return day - last > timedelta(0)
