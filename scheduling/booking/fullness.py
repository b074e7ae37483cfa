"""How full days are: open minutes, booked minutes of them, and how many visits could still begin."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduling.booking import fitting, free_time, open_time, rules, taken
from scheduling.clock import clinic_zone
from scheduling.models import Appointment, Doctor, Source
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
    moving: Appointment | None = None,
) -> Mapping[date, Fullness]:
    """Each of the days (neighbours, ascending), all doctors together: 2 queries, for hours and for what is
    taken, however many doctors, days and visits there are; 1 more where a visit is `moving`.

    Free starts are those that the board offers for `minutes`, to that visit of those who give its type to its
    patient's age; its own time counts as free.
    """
    span = Interval(_midnight(days[0]), _midnight(days[-1] + timedelta(days=1)))
    keys = [doctor.pk for doctor in doctors]
    hours = open_time.load(keys, span)
    sessions = [
        (keys[place], within) for place, within in free_time.sessions_of(doctors, hours, span) if within
    ]
    length = -(-minutes // grid.GRAIN_MINUTES)
    step = -(-(minutes + buffer_minutes) // grid.GRAIN_MINUTES)
    reach = {range(within.start, within.stop + step - length) for _doctor, within in sessions}
    known = taken.read(keys, reach, moving=moving.uuid if moving else None)
    only = fitting.when_moved(moving, doctors, span) if moving else free_time.ANY_TIME
    counted = _Counted(days, now)
    for doctor, within in sessions:
        theirs = known.since(doctor, within.start)
        counted.add_minutes(within, theirs)
        asked = slots.whole_grains(only.get(doctor, span))
        if counted.may_begin_in(within) and asked:
            fits = slots.fitting(within, theirs, length=length, buffer=step - length)
            counted.add_starts(within, fits, step, asked)
    return dict(zip(days, counted.found, strict=True))


def _midnight(day: date) -> datetime:
    return clinic_day.whole_day(day, clinic_zone()).start


class _Counted:
    """What sessions come to, by day. All in grains."""

    def __init__(self, days: Sequence[date], now: datetime) -> None:
        self.found = [Fullness() for _ in days]
        self._midnights = [grid.grain_of(_midnight(day)) for day in (*days, days[-1] + timedelta(days=1))]
        self._soonest = grid.grain_of(now)
        self._furthest = grid.grain_of(now + rules.limits_of(Source.DESK).furthest)

    def may_begin_in(self, within: range) -> bool:
        """Whether the time for it has not passed, and is not too far ahead."""
        return within.stop > self._soonest and within.start <= self._furthest

    def add_minutes(self, within: range, theirs: int) -> None:
        """A session, of which bit n of `theirs` says that its grain n is taken."""
        for day, part in self._parts(within):
            booked = theirs >> part.start - within.start & (1 << len(part)) - 1
            self.found[day].open_minutes += len(part) * grid.GRAIN_MINUTES
            self.found[day].booked_minutes += booked.bit_count() * grid.GRAIN_MINUTES

    def add_starts(self, within: range, fits: int, step: int, asked: range) -> None:
        """The starts of a session that lie in `asked`: counted together where all do, on one day, and none of
        them is past."""
        day = bisect_right(self._midnights, within.start) - 1
        is_of_one_day = 0 <= day < len(self.found) and within.stop <= self._midnights[day + 1]
        is_asked = asked.start <= within.start and within.stop <= asked.stop
        if is_of_one_day and is_asked and self._soonest <= within.start and within.stop <= self._furthest:
            self.found[day].free += slots.count(fits, step=step)
            return
        for start in slots.starts(within, fits, step=step, earliest=self._soonest):
            day = bisect_right(self._midnights, start) - 1
            if 0 <= day < len(self.found) and start <= self._furthest and start in asked:
                self.found[day].free += 1

    def _parts(self, within: range) -> Iterator[tuple[int, range]]:
        """A session cut at midnights: the number of each day, and the grains of it that lie in that day."""
        day = max(bisect_right(self._midnights, within.start) - 1, 0)
        while day < len(self.found) and self._midnights[day] < within.stop:
            part = range(max(within.start, self._midnights[day]), min(within.stop, self._midnights[day + 1]))
            if part:
                yield day, part
            day += 1


def is_too_far(day: date, now: datetime) -> bool:
    """Whether nothing can be booked yet on a day so far ahead."""
    last = clinic_day.day_of(now + rules.limits_of(Source.DESK).furthest, clinic_zone())
    return day - last > timedelta(0)
