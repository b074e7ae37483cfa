"""One day of the whole clinic: for each doctor the visits, the free starts and the breaks, in time order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import ClassVar, Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, Subquery

from scheduling.models import (
    HOLDS_TIME,
    NORMAL_LANE,
    Appointment,
    Claim,
    Doctor,
    Status,
    VisitType,
    WorkingHours,
)
from scheduling.times.intervals import Interval

# Kept as history, but no part of the day: shown on demand.
SET_ASIDE: Final = frozenset({Status.CANCELLED, Status.ENTERED_IN_ERROR})
# Free starts are offered for the clinic's shortest visit, but never in smaller steps than this.
SMALLEST_STEP: Final = 15
USUAL_STEP: Final = 30  # before any visit type is recorded


@dataclass(frozen=True)
class Visit:
    kind: ClassVar[str] = "visit"
    uuid: UUID
    start: datetime
    minutes: int
    patient: str
    visit_type: str
    status: Status
    overbooked: bool


@dataclass(frozen=True)
class Free:
    """A start that can be booked. `start` is aware; `link` is the same with the clinic's offset."""

    kind: ClassVar[str] = "free"
    start: datetime
    link: str


@dataclass(frozen=True)
class Break:
    kind: ClassVar[str] = "break"
    start: datetime
    end: datetime


Entry: TypeAlias = Visit | Free | Break


@dataclass(frozen=True)
class Column:
    """One doctor's day."""

    doctor: UUID
    name: str
    specialty: str
    is_active: bool
    has_hours: bool  # whether any hours were ever recorded
    works: bool  # on this day
    entries: Sequence[Entry]
    set_aside: Sequence[Visit]
    booked: int
    free: Sequence[Free]


@dataclass(frozen=True)
class Sheet:
    """The whole day."""

    day: date
    columns: Sequence[Column]
    booked: int
    pending: int
    free: int
    set_aside: int


def visits_in(span: Interval) -> list[Appointment]:
    """Every visit that begins in the span, cancelled ones too, and whether it stands beside another."""
    beside = Claim.objects.filter(appointment=OuterRef("pk"), lane__gt=NORMAL_LANE)
    return list(Appointment.objects.starting_in(span).with_people().annotate(overbooked=Exists(beside)))


def doctors_of(visits: Sequence[Appointment]) -> list[Doctor]:
    """The doctors who have a column, by specialty: those active, and those with a visit.

    Each row carries what its column needs, so that it costs no query of its own: `has_hours`, and `step`,
    the minutes from one free start to the next.
    """
    rows = (
        Doctor.objects.filter(Q(is_active=True) | Q(pk__in={visit.doctor_id for visit in visits}))
        .select_related("specialty")
        .annotate(
            has_hours=Exists(WorkingHours.objects.filter(doctor=OuterRef("pk"))),
            step=Subquery(VisitType.objects.active().order_by("minutes").values("minutes")[:1]),
        )
    )
    return sorted(rows, key=lambda doctor: (doctor.specialty.specialty_name, doctor.doctor_name, doctor.pk))


def step_of(doctors: Sequence[Doctor]) -> int:
    """How many minutes a free start on the day stands for."""
    shortest = getattr(doctors[0], "step", None) if doctors else None
    return max(shortest or USUAL_STEP, SMALLEST_STEP)


def sheet(
    day: date,
    doctors: Sequence[Doctor],
    visits: Sequence[Appointment],
    *,
    opened: Mapping[int, Sequence[Interval]],
    free: Mapping[int, Sequence[datetime]],
    zone: ZoneInfo,
) -> Sheet:
    """The day put together from what was read: hours and free starts are keyed by doctor. No queries."""
    by_doctor: dict[int, list[Visit]] = defaultdict(list)
    for row in visits:
        by_doctor[row.doctor_id].append(_visit(row))
    columns = [
        _column(
            doctor,
            by_doctor[doctor.pk],
            opened=opened.get(doctor.pk, ()),
            free=[Free(start, start.astimezone(zone).isoformat()) for start in free.get(doctor.pk, ())],
        )
        for doctor in doctors
    ]
    return Sheet(
        day=day,
        # Those with nothing to read stand last.
        columns=sorted(columns, key=lambda column: not (column.works or column.entries)),
        booked=sum(column.booked for column in columns),
        pending=sum(visit.status == Status.PENDING for made in by_doctor.values() for visit in made),
        free=sum(len(column.free) for column in columns),
        set_aside=sum(len(column.set_aside) for column in columns),
    )


def _visit(row: Appointment) -> Visit:
    return Visit(
        uuid=row.uuid,
        start=row.appointment_datetime,
        minutes=row.minutes,
        patient=row.patient.full_name,
        visit_type=row.visit_type.name if row.visit_type else "",
        status=Status(row.status),
        overbooked=getattr(row, "overbooked", False),
    )


def _column(
    doctor: Doctor, visits: Sequence[Visit], *, opened: Sequence[Interval], free: Sequence[Free]
) -> Column:
    shown = [visit for visit in visits if visit.status not in SET_ASIDE]
    breaks = [Break(before.end, after.start) for before, after in pairwise(opened)]
    entries: list[Entry] = [*shown, *free, *breaks]
    return Column(
        doctor=doctor.uuid,
        name=doctor.doctor_name,
        specialty=doctor.specialty.specialty_name,
        is_active=doctor.is_active,
        has_hours=getattr(doctor, "has_hours", bool(opened)),
        works=bool(opened),
        entries=sorted(entries, key=lambda entry: entry.start),
        set_aside=[visit for visit in visits if visit.status in SET_ASIDE],
        booked=sum(visit.status in HOLDS_TIME for visit in visits),
        free=free,
    )
