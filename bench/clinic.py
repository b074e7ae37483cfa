"""A made-up clinic with years of visits, the same one every time. Makes values, knows no database."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from scheduling.times import clinic_day, slots
from scheduling.times.intervals import Interval

NOW: Final = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # a Monday, 08:00 in Madrid
TODAY: Final = NOW.date()
BOARD_DAY: Final = TODAY + timedelta(days=5)  # a Saturday, on which half of the doctors work
FULL_FROM: Final = TODAY + timedelta(days=180)  # where the book is full
FULL_DAYS: Final = 60

SESSIONS: Final = ((time(9), time(14)), (time(15), time(18)))  # Monday to Friday
BOARD_SESSION: Final = (time(9), time(17))
VISITS_A_DAY: Final = (8, 5)  # of one doctor, in each session
BOARD_VISITS: Final = 16
WEEKS_AHEAD: Final = 6


class VisitKind(NamedTuple):
    key: int
    name: str
    grains: int
    buffer: int
    weight: int


KINDS: Final = (
    VisitKind(1, "Control", 3, 0, 3),
    VisitKind(2, "Consultation", 4, 0, 3),
    VisitKind(3, "Check-up", 6, 0, 6),
    VisitKind(4, "Treatment", 6, 2, 2),
    VisitKind(5, "First visit", 9, 0, 2),
)
CHECK_UP: Final = KINDS[2]


@dataclass(frozen=True)
class Shape:
    """How large the clinic is."""

    appointments: int
    doctors: int = 50
    patients: int = 100_000

    @property
    def board_doctors(self) -> int:
        return max(1, self.doctors // 2)


class Visit(NamedTuple):
    key: int
    doctor: int  # keys begin at 1
    patient: int
    kind: VisitKind
    grain: int
    status: str
    booked_grain: int  # when it was booked

    @property
    def holds_time(self) -> bool:
        return self.status not in {"cancelled", "no_show"}


class Planned(NamedTuple):
    """One visit in the plan of a session, counted from the session's first grain."""

    offset: int
    kind: VisitKind


class Book:
    """Hands out keys and patients: in turn, so that nobody is in two places on one day."""

    def __init__(self, shape: Shape, first_key: int = 1) -> None:
        self.random = random.Random(f"{shape} {first_key}")
        self.order = self.random.sample(range(1, shape.patients + 1), shape.patients)
        self.key = first_key

    def visit(self, doctor: int, planned: Planned, first_grain: int, status: str) -> Visit:
        grain = first_grain + planned.offset
        booked = grain - 288 - int(self.random.random() * 30 * 288)
        patient = self.order[self.key % len(self.order)]
        self.key += 1
        return Visit(self.key - 1, doctor, patient, planned.kind, grain, status, booked)


def visits(shape: Shape, zone: ZoneInfo) -> Iterator[Visit]:
    """Every appointment: the coming weeks, the same for any size, and as much of a past as is left."""
    coming = list(_coming(shape, zone))[: shape.appointments // 2]
    yield from coming
    book = Book(shape, first_key=len(coming) + 1)
    left = shape.appointments - len(coming)
    plans = _plans(book.random)
    for day in _past_days(-(-left // (sum(VISITS_A_DAY) * shape.doctors))):
        firsts = [first_grain(day, session, zone) for session in SESSIONS]
        for doctor in range(1, shape.doctors + 1):
            for first, plan in zip(firsts, book.random.choice(plans), strict=True):
                for planned in plan:
                    if not left:
                        return
                    left -= 1
                    chance = book.random.random()
                    status = "completed" if chance < 0.88 else "no_show" if chance < 0.95 else "cancelled"
                    yield book.visit(doctor, planned, first, status)


def full_days(shape: Shape, zone: ZoneInfo, first_key: int, first: date) -> Iterator[Visit]:
    """60 days from a day on without a free minute: check-ups from opening to closing, for every doctor."""
    book = Book(shape, first_key)
    for day in _weekdays(first, FULL_DAYS + 1):
        for session in SESSIONS:
            within = slots.whole_grains(_interval(day, session, zone))
            for doctor in range(1, shape.doctors + 1):
                for offset in range(0, len(within), CHECK_UP.grains):
                    yield book.visit(doctor, Planned(offset, CHECK_UP), within.start, "confirmed")


def first_grain(day: date, session: tuple[time, time], zone: ZoneInfo) -> int:
    return slots.whole_grains(_interval(day, session, zone)).start


def _coming(shape: Shape, zone: ZoneInfo) -> Iterator[Visit]:
    """The crowded Saturday, then weekdays: nearly full tomorrow, nearly empty in a month."""
    book = Book(Shape(0, shape.doctors, shape.patients))
    saturday = first_grain(BOARD_DAY, BOARD_SESSION, zone)
    for doctor in range(1, shape.board_doctors + 1):
        for turn in range(BOARD_VISITS):
            planned = Planned(turn * CHECK_UP.grains, CHECK_UP)
            yield book.visit(doctor, planned, saturday, "confirmed" if turn % 5 else "pending")
    plans = _plans(book.random)
    for number, day in enumerate(_weekdays(TODAY, WEEKS_AHEAD * 7)):
        firsts = [first_grain(day, session, zone) for session in SESSIONS]
        share = max(0.08, 1 - number / 15)
        for doctor in range(1, shape.doctors + 1):
            for first, plan in zip(firsts, book.random.choice(plans), strict=True):
                for planned in plan:
                    if book.random.random() < share:
                        yield book.visit(doctor, planned, first, "confirmed")


def _plans(chance: random.Random, count: int = 200) -> list[list[list[Planned]]]:
    """Some ways in which a doctor's day may go: for each session its visits with gaps between them."""
    lengths = (60, 36)  # grains of the two sessions
    return [
        [_session(chance, visits, length) for visits, length in zip(VISITS_A_DAY, lengths, strict=True)]
        for _ in range(count)
    ]


def _session(chance: random.Random, visits: int, length: int) -> list[Planned]:
    weights = [kind.weight for kind in KINDS]
    while True:
        kinds = chance.choices(KINDS, weights, k=visits)
        spare = length - sum(kind.grains + kind.buffer for kind in kinds)
        if spare >= 0:
            break
    gaps = sorted(chance.randint(0, spare) for _ in kinds)
    plan, used = [], 0
    for kind, gap in zip(kinds, gaps, strict=True):
        plan.append(Planned(used + gap, kind))
        used += kind.grains + kind.buffer
    return plan


def _interval(day: date, session: tuple[time, time], zone: ZoneInfo) -> Interval:
    interval = clinic_day.span(day, *session, zone)
    if interval is None:
        raise ValueError("no session lies in a change of the clocks")
    return interval


def _weekdays(first: date, days: int) -> list[date]:
    all_days = (first + timedelta(days=n) for n in range(days))
    return [day for day in all_days if day.weekday() < 5]


def _past_days(count: int) -> Sequence[date]:
    """The last `count` weekdays before today, ascending."""
    reach = count // 5 * 7 + 14
    return _weekdays(TODAY - timedelta(days=reach), reach)[-count:] if count else ()
