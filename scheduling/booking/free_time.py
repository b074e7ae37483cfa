"""Sessions with room for a visit: open time less what is taken, in grains. A full one costs little."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.booking import open_time, taken
from scheduling.booking.open_time import Hours
from scheduling.models import Doctor
from scheduling.times import grid, slots
from scheduling.times.intervals import Interval

EVERY_DAY: Final = frozenset(range(7))
ANY_TIME: Final[Mapping[int, Interval]] = {}


class Room(NamedTuple):
    """A session of the doctor at this place in the order given: its first grain, and those of its grains at
    which the visit may begin, ascending."""

    place: int
    opens: int
    starts: Iterator[int]


def rooms(
    doctors: Sequence[Doctor],
    hours: Hours,
    span: Interval,
    *,
    minutes: int,
    buffer_minutes: int,
    weekdays: frozenset[int] = EVERY_DAY,
    moving: UUID | None = None,
    only: Mapping[int, Interval] = ANY_TIME,
) -> Iterator[Room]:
    """The sessions that have room within the span (not empty), by their beginnings; the visit may end after
    the span. 1 query, none where no session is long enough or all lie on other weekdays. `only`: when doctors
    (keys) may see the patient; who is missing, at any time.

    Sessions are looked at whole, whatever the span cuts out of them: the rhythm of the starts stays the same.
    """
    length = -(-minutes // grid.GRAIN_MINUTES)
    buffer = -(-(minutes + buffer_minutes) // grid.GRAIN_MINUTES) - length
    if length < 1:
        return
    sessions = [
        (place, within)
        for place, within in sessions_of(doctors, hours, span, weekdays, only)
        if len(within) >= length
    ]
    keys = [doctor.pk for doctor in doctors]
    reach = {range(within.start, within.stop + buffer) for _place, within in sessions}
    known = taken.read(keys, reach, moving=moving)
    spans = {doctor.pk: only.get(doctor.pk, span) for doctor in doctors} if only else {}
    for place, within in sorted(sessions, key=lambda session: session[1].start):
        theirs = known.since(keys[place], within.start)
        if fits := slots.fitting(within, theirs, length=length, buffer=buffer):
            asked = spans.get(keys[place], span)
            earliest = slots.whole_grains(asked).start
            starts = slots.starts(within, fits, step=length + buffer, earliest=earliest)
            yield Room(place, within.start, _until(asked, starts))


def _until(span: Interval, starts: Iterable[int]) -> Iterator[int]:
    last = grid.grain_of(span.end - timedelta(microseconds=1))
    return takewhile(lambda start: start <= last, starts)


def sessions_of(
    doctors: Sequence[Doctor],
    hours: Hours,
    span: Interval,
    weekdays: frozenset[int] = EVERY_DAY,
    only: Mapping[int, Interval] = ANY_TIME,
) -> Iterator[tuple[int, range]]:
    """The stretches of open time that reach into the span, no further than the rules were loaded, in grains,
    each with its doctor's place. Those that lie on other weekdays are left out."""
    known = open_time.days_around(span, hours.zone)
    days, most = open_time.days_of(known, hours.zone), slots.whole_grains(known)
    for place, doctor in enumerate(doctors):
        asked = only.get(doctor.pk, span)
        is_asked = doctor.is_active and asked.start < asked.end
        for session in hours.open(doctor.pk, days) if is_asked else ():
            if session.start >= asked.end or session.end <= asked.start:
                continue
            if weekdays != EVERY_DAY and weekdays.isdisjoint(_weekdays_of(session, hours.zone)):
                continue
            within = slots.whole_grains(session)
            yield place, range(max(within.start, most.start), min(within.stop, most.stop))


def _weekdays_of(session: Interval, zone: ZoneInfo) -> Iterator[int]:
    return (day.weekday() for day in open_time.days_of(session, zone))
