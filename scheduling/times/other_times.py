"""Other times for many visits at once: the best for each by the clinic's wishes, and never one for two.

In grains, as `slots`. The visits come in the order in which they may choose; each chooses once from every
pool of sessions before any chooses again.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from scheduling.times import grid, slots

NEAR: Final = 60  # minutes up to which it is the same time of day
A_DAY: Final = 24 * 60


# Whether a doctor may see the patient on a day, or ever (None).
Suits: TypeAlias = Callable[[int, int | None], bool]


class Need(NamedTuple):
    """A visit that is to stand elsewhere."""

    day: int  # on which it was: a number that grows by one each day
    clock: int  # when it was: minutes since midnight, on the clinic's wall clock
    length: int  # grains
    buffer: int
    patient: int
    elsewhere: frozenset[int] = frozenset()  # grains in which the patient is with somebody else
    suits: Suits = lambda _doctor, _day: True
    last_day: int = sys.maxsize  # on which it may stand


class Session(NamedTuple):
    """A stretch of a doctor's open time."""

    doctor: int
    within: range
    day: int  # and minutes since midnight, at which it begins
    clock: int


class Place(NamedTuple):
    doctor: int
    start: int  # grain


@dataclass
class Calendar:
    """What is taken: of each doctor as bits, of which the lowest is the grain `first`; and what is promised
    here to one of the visits."""

    first: int
    taken: dict[int, int]
    earliest: int = 0
    promised: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # by patient
    # Sessions in which a visit of this length and buffer fits nowhere: more is promised, never less.
    full: set[tuple[int, int, int, int]] = field(default_factory=set)

    def fits(self, need: Need, session: Session) -> int:
        """As `slots.fitting`."""
        key = (session.doctor, session.within.start, need.length, need.buffer)
        if key in self.full:
            return 0
        theirs = self.taken.get(session.doctor, 0) >> session.within.start - self.first
        found = slots.fitting(session.within, theirs, length=need.length, buffer=need.buffer)
        if not found:
            self.full.add(key)
        return found

    def has_room(self, need: Need, place: Place, sessions: Iterable[Session]) -> bool:
        """Whether the visit may stand there."""
        return any(
            session.doctor == place.doctor
            and place.start in session.within
            and need.suits(place.doctor, _day(session, place.start))
            and self.fits(need, session) >> place.start - session.within.start & 1
            and self.is_possible(need, place.start)
            for session in sessions
        )

    def is_possible(self, need: Need, start: int) -> bool:
        """Whether the patient can be there."""
        wanted = range(start, start + need.length)
        return need.elsewhere.isdisjoint(wanted) and self.promised[need.patient].isdisjoint(wanted)

    def promise(self, need: Need, place: Place) -> None:
        """Nobody else is offered it."""
        bits = (1 << need.length + need.buffer) - 1
        after = place.start - self.first
        bits = bits << after if after >= 0 else bits >> -after  # begun before the calendar does
        self.taken[place.doctor] = self.taken.get(place.doctor, 0) | bits
        self.promised[need.patient].update(range(place.start, place.start + need.length))


def offered(
    needs: Sequence[Need],
    pools: Sequence[Sequence[Session]],
    calendar: Calendar,
    *,
    chosen: Mapping[int, Place],
    same_time: bool,
) -> list[list[Place]]:
    """At most one place for each need from each pool, in their order; where one has none, another pool gives
    more. What was `chosen` (by the need's place in the order given) is its first, as far as there is room.

    A pool has its sessions by day, and of one day those that are preferred first.
    """
    every = [session for pool in pools for session in pool]
    found: list[list[Place]] = [[] for _need in needs]
    for number, place in chosen.items():
        if calendar.has_room(needs[number], place, every):
            calendar.promise(needs[number], place)
            found[number].append(place)
    for turn, pool in enumerate(pools):
        for instead in (pool, *(other for other in pools if other is not pool)):
            for need, places in zip(needs, found, strict=True):
                if len(places) > turn:
                    continue
                best = _best(need, instead, calendar, same_time=same_time)
                if best is not None:
                    calendar.promise(need, best)
                    places.append(best)
    return found


def _best(need: Need, pool: Sequence[Session], calendar: Calendar, *, same_time: bool) -> Place | None:
    """The soonest day on which there is one near the time of day, or at any time where that is no matter;
    on it the nearest to the time of day. With `same_time`, another time only if no day has a near one."""
    best: tuple[bool, int, int, int, Place] | None = None
    for order, session in enumerate(pool):
        is_in_time = need.day <= session.day <= need.last_day
        if not is_in_time or not need.suits(session.doctor, None):
            continue
        if best is not None and not best[0] and session.day > best[1]:
            break
        for start in _starts(need, session, calendar):
            if not need.suits(session.doctor, _day(session, start)):
                continue
            away = distance(_clock(session, start), need.clock)
            rank = (same_time and away > NEAR, session.day, away, order, Place(session.doctor, start))
            best = rank if best is None else min(best, rank)
    return best[-1] if best else None


def _starts(need: Need, session: Session, calendar: Calendar) -> Iterator[int]:
    """Where it fits, from the earliest on: in steps of the visit, and at the very time of day that it had."""
    within, fits = session.within, calendar.fits(need, session)
    if not fits:
        return
    same, rest = divmod((need.clock - session.clock) % A_DAY, grid.GRAIN_MINUTES)
    found = [within.start + same] if not rest and fits >> same & 1 else []
    found += slots.starts(within, fits, step=need.length + need.buffer)
    for start in found:
        if start >= calendar.earliest and calendar.is_possible(need, start):
            yield start


def _clock(session: Session, start: int) -> int:
    return (session.clock + (start - session.within.start) * grid.GRAIN_MINUTES) % A_DAY


def _day(session: Session, start: int) -> int:
    """A session may go on past midnight."""
    return session.day + (session.clock + (start - session.within.start) * grid.GRAIN_MINUTES) // A_DAY


def distance(one: int, other: int) -> int:
    """Minutes between two times of day."""
    apart = abs(one - other)
    return min(apart, A_DAY - apart)
