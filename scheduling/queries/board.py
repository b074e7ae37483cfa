"""What stands on a board: for each column the visits, the free starts, open time and time off, in time order.

A column is a doctor's day: all doctors on one day, or one doctor on the days of a week.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from scheduling.models import (
    HOLDS_TIME,
    NEW,
    Appointment,
    Claim,
    Doctor,
    ExtraHours,
    WorkingHours,
)
from scheduling.queries import stripes, tokens, visit_types
from scheduling.queries.board_visits import SET_ASIDE, Visit
from scheduling.times import grid
from scheduling.times.day_rows import ALONE, Beside, Place, Rows, beside, overlap, within
from scheduling.times.intervals import Interval

# Time off: when, why, whether it is the whole clinic's, and the uuid of a block.
Absence: TypeAlias = tuple[Interval, str, bool, UUID | None]
# Columns that a process keeps: those of the days between which a desk goes back and forth.
KEPT: Final = 500


class Free(NamedTuple):
    """A start that can be booked (aware UTC)."""

    start: datetime
    end: datetime


class Closed(NamedTuple):
    """Between two sessions."""

    start: datetime
    end: datetime


class Off(NamedTuple):
    """Time off of the doctor, or of the whole clinic."""

    start: datetime
    end: datetime
    reason: str
    of_clinic: bool
    block: UUID | None = None  # that the desk made


def _is_block(entry: "Visit | Free | Closed | Off") -> bool:
    return isinstance(entry, Off) and entry.block is not None


class Placed(NamedTuple):
    """Something in its rows, and in its lane where others stand beside it."""

    entry: Visit | Free | Closed | Off
    place: Place
    beside: Beside = ALONE


@dataclass(frozen=True, eq=False)
class Column:
    """One doctor's day."""

    entries: Sequence[Placed]
    worked: Sequence[Place]
    opened: Sequence[Place]  # what can be booked, apart from what is taken
    buffers: Sequence[Place]
    visits: Sequence[Visit]  # cancelled ones too, and those that go on from the day before
    begun: Sequence[Visit]  # those of them that begin on the day: a visit counts once
    free: Sequence[Free]
    has_hours: bool  # whether any hours were ever recorded
    works: bool
    load: int  # per cent of the working time that is booked
    in_time_off: frozenset[UUID]  # the visits to come that stand in time off: somebody has to move them

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Visits by status."""
        return Counter(visit.status for visit in self.begun)

    @property
    def booked(self) -> int:
        return sum(self.counts.get(status, 0) for status in HOLDS_TIME)

    @cached_property
    def firsts(self) -> Mapping[str, UUID]:
        """The first visit shown in each status."""
        found: dict[str, UUID] = {}
        for placed in self.entries:
            if isinstance(placed.entry, Visit):
                found.setdefault(placed.entry.status, placed.entry.uuid)
        return found

    @cached_property
    def types(self) -> frozenset[tuple[int, str]]:
        """Stripe and name of the types of the visits shown."""
        shown = (placed.entry for placed in self.entries if isinstance(placed.entry, Visit))
        return frozenset((visit.stripe, visit.visit_type) for visit in shown if visit.visit_type)

    @property
    def has_block(self) -> bool:
        return any(_is_block(placed.entry) for placed in self.entries)

    @property
    def is_in(self) -> bool:
        """Whether there is any open time."""
        return bool(self.opened)

    @cached_property
    def has_visits(self) -> bool:
        """Whether any visit is shown."""
        return any(isinstance(placed.entry, Visit) for placed in self.entries)

    @cached_property
    def arrived(self) -> Sequence[Visit]:
        """Of those who wait, and of whom it is known since when."""
        return [visit for visit in self.visits if visit.arrived_at]

    @cached_property
    def reach(self) -> Place | None:
        """All the rows that have to be shown, from the first to the last: not the whole of a holiday."""
        # A block has to be seen, at whatever hour: there it is given back.
        standing = [
            placed.place
            for placed in self.entries
            if isinstance(placed.entry, Visit | Free) or _is_block(placed.entry)
        ]
        places = [*self.worked, *self.buffers, *standing]
        if not places:
            return None
        first = min(place.row for place in places)
        return Place(first, max(place.end for place in places) - first)

    @cached_property
    def shortest(self) -> int | None:
        """Minutes of the shortest visit that takes place."""
        return min((visit.minutes for visit in self.begun if visit.status not in SET_ASIDE), default=None)


class Times(NamedTuple):
    """What is known of one doctor's time around a board."""

    worked: tuple[Interval, ...]  # time off is still in it
    opened: tuple[Interval, ...]
    absences: tuple[Absence, ...]
    free: tuple[datetime, ...] = ()
    known: bool = True


@dataclass
class Staff:
    """The doctors of a board, and the token of what was read after them."""

    doctors: Sequence[Doctor]
    token: str
    step: int = visit_types.USUAL_STEP
    has_hours: Collection[int] = field(default_factory=frozenset)
    stripes: Mapping[int, int] = field(default_factory=dict)  # of each type of visit, by its key


def staff_of(span: Interval, *, now: datetime, only: UUID | None = None, **more: Any) -> Staff:
    """The doctors who have a column, by specialty: those active, and those with a visit in the span, or at
    its beginning; or `only` the one, in any case; with `more` to be known of each. 1 query.

    The rows carry what a column needs of its doctor, and the marks of the token: read before the visits, it
    never calls anything seen that was not.
    """
    of_doctor = Appointment.objects.starting_in(span).filter(doctor=OuterRef("pk"))
    at_midnight = Claim.objects.filter(doctor=OuterRef("pk"), grain=grid.grain_of(span.start))
    present = Q(is_active=True) | Q(Exists(of_doctor)) | Q(Exists(at_midnight))
    rows = list(
        Doctor.objects.filter(Q(uuid=only) if only else present)
        .select_related("specialty")
        .annotate(
            has_hours=Exists(WorkingHours.objects.filter(doctor=OuterRef("pk")))
            | Exists(ExtraHours.objects.filter(doctor=OuterRef("pk"))),
            step=Subquery(visit_types.shortest()),
            marks=tokens.marks(span),
            types=stripes.types(),
            **more,
        )
        .order_by("specialty__specialty_name", "doctor_name", "pk")
    )
    if not rows:
        return Staff([], tokens.token(span, now))
    return Staff(
        rows,
        tokens.token_of(getattr(rows[0], "marks", ""), span, now),
        visit_types.step_of(getattr(rows[0], "step", None)),
        frozenset(doctor.pk for doctor in rows if getattr(doctor, "has_hours", False)),
        stripes.by_type(getattr(rows[0], "types", None)),
    )


@lru_cache(KEPT)
def column(
    rows: Rows,
    visits: tuple[Visit, ...],
    times: Times,
    *,
    span: Interval,
    step: int,
    cancelled: bool = False,
) -> Column:
    """One doctor's day, the span, put together, no queries. Free starts stand for `step` minutes;
    `cancelled` shows the visits that were set aside as well. The same column as the last time, where it is
    made of the same."""
    shown = [visit for visit in visits if cancelled or visit.status not in SET_ASIDE]
    free = [Free(start, start + timedelta(minutes=step)) for start in times.free]
    standing = _placed(rows, sorted([*shown, *free], key=lambda entry: entry.start))
    lanes = beside(place for _entry, place in standing)
    offs = [Off(*time, why, of_clinic, block) for time, why, of_clinic, block in times.absences]
    closed = [Closed(before.end, after.start) for before, after in pairwise(times.worked)]
    entries = [Placed(entry, place, lane) for (entry, place), lane in zip(standing, lanes, strict=True)]
    entries += [Placed(entry, place) for entry, place in _placed(rows, [*offs, *closed])]
    holding = [visit for visit in visits if visit.status in HOLDS_TIME]
    return Column(
        sorted(entries, key=lambda placed: placed.place.row),
        worked=[place for worked in times.worked if (place := rows.place(*worked))],
        opened=[place for opened in times.opened if (place := rows.place(*opened))],
        buffers=_buffers(rows, holding),
        visits=visits,
        begun=[visit for visit in visits if visit.start >= span.start],
        free=free,
        has_hours=times.known,
        works=bool(times.worked),
        load=_load(holding, times.worked, span),
        in_time_off=_in_time_off(visits, times.absences),
    )


def _in_time_off(visits: Iterable[Visit], absences: Collection[Absence]) -> frozenset[UUID]:
    if not absences:
        return frozenset()
    to_come = [visit for visit in visits if visit.status in NEW]
    return frozenset(
        visit.uuid
        for visit in to_come
        if any(overlap(Interval(visit.start, visit.end), time) for time, *_more in absences)
    )


def _placed(rows: Rows, entries: Iterable[Visit | Free | Closed | Off]) -> list[tuple]:
    return [(entry, place) for entry in entries if (place := rows.place(entry.start, entry.end))]


def _buffers(rows: Rows, visits: Iterable[Visit]) -> list[Place]:
    ends = [(visit.end, visit.end + timedelta(minutes=visit.buffer)) for visit in visits if visit.buffer]
    return [place for start, end in ends if (place := rows.place(start, end))]


def _load(visits: Iterable[Visit], worked: Iterable[Interval], span: Interval) -> int:
    needed = (Interval(visit.start, visit.end + timedelta(minutes=visit.buffer)) for visit in visits)
    booked, minutes = (
        sum((time.end - time.start) // timedelta(minutes=1) for time in times)
        for times in (within(needed, span), worked)
    )
    return min(100, round(100 * booked / minutes)) if minutes else 100 if booked else 0
