"""A board read and put into words: a day of all doctors, or a week of one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import get_script_prefix
from django.utils.translation import get_language

from accounts.models import User
from scheduling.access import may_open
from scheduling.booking.states import MOVABLE
from scheduling.clock import clinic_zone
from scheduling.forms.board import Choice
from scheduling.models import HOLDS_TIME, Appointment, Doctor, Status
from scheduling.queries import appointments
from scheduling.queries.arrivals import minutes_waited
from scheduling.queries.board import Column, Staff
from scheduling.queries.board_visits import SET_ASIDE
from scheduling.templatetags.clinic import STATUS_CLASSES, utc_offset
from scheduling.times import clinic_day
from scheduling.times.day_rows import ROWS_AN_HOUR, ElapsedRows, Place, WallRows, window
from scheduling.times.intervals import Interval
from scheduling.times.possible import meant
from scheduling.views.desk.board import reading
from scheduling.views.desk.board.closing import Closing, closing_of
from scheduling.views.desk.board.columns import ShownColumn, Which, Writer, shown_column
from scheduling.views.desk.board.entries import EARLY, Circumstances, ColumnOf

# Rows are as high as the shortest visit needs to be 24 pixels: minutes below which, and the class.
HIGHER_ROWS: Final = ((10, "board--step5"), (15, "board--step10"))
MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Mark:
    """An hour on the axis."""

    row: int
    hour: str
    rest: str  # ":00", or the offset where the hour comes twice


class Viewer(NamedTuple):
    """What who looks may do."""

    is_bookable: bool  # they may take a free time; if not, none is offered
    may_set_hours: bool
    may_change: bool
    may_block: bool = False  # take a part of a day out, and give it back


def viewer_of(account: User, *, is_moving: bool) -> Viewer:
    pages = ("desk:move" if is_moving else "desk:book", "desk:hours", "desk:absence", "desk:block-add")
    return Viewer(*(may_open(account, page) for page in pages))


@dataclass(frozen=True)
class Board:
    """A whole board in words."""

    columns: Sequence[ShownColumn]
    marks: Sequence[Mark]
    first: int
    end: int
    now_row: int | None
    rows_class: str
    counts: Mapping[str, int]  # visits by status
    booked: int
    free: int
    set_aside: int
    token: str
    now: datetime
    closing: Closing | None = None
    near: int | None = None  # the row of the hour at which the visit stands that is moved

    @property
    def is_folded(self) -> bool:
        """Whether all columns are strips."""
        return bool(self.columns) and all(column.strip for column in self.columns)

    @cached_property
    def types(self) -> list[tuple[int, str]]:
        """Stripe and name of each type that is shown."""
        return sorted({shown for column in self.columns for shown in column.day.types})

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """Class, status and number of the states that a desk asks for, where there are any."""
        asked = (Status.ARRIVED, Status.IN_PROGRESS, Status.PENDING, Status.COMPLETED, Status.NO_SHOW)
        return [(STATUS_CLASSES[s], str(s), self.counts[s]) for s in asked if self.counts.get(s)]


def moved_visit(choice: Choice) -> Appointment | None:
    """The visit for which a new time is sought. 404 where there is none, or it may not be moved any more."""
    if choice.moving is None:
        return None
    visit = appointments.find(choice.moving)
    if visit is None or visit.status not in MOVABLE:
        raise Http404
    return visit


def of_day(
    day: date,
    staff: Staff,
    choice: Choice,
    viewer: Viewer,
    *,
    now: datetime,
    moving: Appointment | None = None,
    moved: UUID | None = None,
) -> Board:
    """All the chosen doctors of a day: 4 queries besides the one for the staff, 1 more where nobody is in.
    `moved`: the visit that was just put there."""
    zone = clinic_zone()
    span = clinic_day.whole_day(day, zone)
    read = reading.read(choice.of(staff.doctors), span, staff, now=now, moving=moving)
    rows = ElapsedRows.of(day, zone)
    columns = read.columns(span, rows, cancelled=choice.cancelled)
    which = _which(day, span, viewer, now)
    board = _board(
        [
            (column, _owner(doctor), which, misfit)
            for column, doctor, misfit in zip(columns, read.doctors, read.misfits(span), strict=True)
        ],
        viewer,
        [Mark(row, f"{at.astimezone(zone):%H}", _rest(at)) for row, at in rows.hours()],
        window([column.reach for column in columns if column.reach], rows.count),
        rows.place(now, now + MOMENT),
        token=staff.token,
        now=now,
        moving=moving.uuid if moving else None,
        moved=moved,
    )
    closing = closing_of(columns, read.doctors, choice, span)
    return replace(board, closing=closing, near=_near(moving, now))


def of_week(
    monday: date,
    staff: Staff,
    choice: Choice,
    viewer: Viewer,
    *,
    now: datetime,
    moving: Appointment | None = None,
) -> Board:
    """One doctor's seven days, on the wall clock that they share: 4 queries besides the staff's."""
    zone = clinic_zone()
    days = [monday + timedelta(days=n) for n in range(7)]
    spans = [clinic_day.whole_day(day, zone) for day in days]
    whole = Interval(spans[0].start, spans[-1].end)
    read = reading.read(staff.doctors, whole, staff, now=now, moving=moving)
    (owner,) = map(_owner, staff.doctors)
    columns = [
        (column, owner, _which(day, span, viewer, now, is_week=True), misfit)
        for day, span in zip(days, spans, strict=True)
        for misfit in read.misfits(span)
        for column in read.columns(span, WallRows(day, zone), cancelled=choice.cancelled)
    ]
    is_now = spans[0].start <= now < spans[-1].end
    board = _board(
        columns,
        viewer,
        [Mark(hour * ROWS_AN_HOUR, f"{hour:02}", ":00") for hour in range(24)],
        window(column.reach for column, *_ in columns if column.reach),
        WallRows(clinic_day.day_of(now, zone), zone).place(now, now + MOMENT) if is_now else None,
        token=staff.token,
        now=now,
        moving=moving.uuid if moving else None,
    )
    return replace(board, near=_near(moving, now))


def _near(moving: Appointment | None, now: datetime) -> int | None:
    if moving is None:
        return None
    shown = meant(moving.appointment_datetime, now).astimezone(clinic_zone())
    return (shown.hour * 60 + shown.minute) * ROWS_AN_HOUR // 60


def _owner(doctor: Doctor) -> ColumnOf:
    return ColumnOf(doctor.uuid, doctor.doctor_name, doctor.specialty.specialty_name, doctor.is_active)


def _which(day: date, span: Interval, viewer: Viewer, now: datetime, *, is_week: bool = False) -> Which:
    today = clinic_day.day_of(now, clinic_zone())
    return Which(day, span, day == today, day < today, is_week, viewer.may_set_hours, viewer.may_change)


def _board(
    columns: Sequence[tuple[Column, ColumnOf, Which, str]],
    viewer: Viewer,
    marks: Sequence[Mark],
    rows: tuple[int, int],
    here: Place | None,
    *,
    token: str,
    now: datetime,
    moving: UUID | None = None,
    moved: UUID | None = None,
) -> Board:
    language, prefix = get_language() or "", get_script_prefix()
    writer = Writer(clinic_zone(), language, prefix, viewer.is_bookable, moving, viewer.may_block)
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    shown = []
    # Who works on a template sees what they changed.
    show = shown_column.__wrapped__ if settings.DEBUG else shown_column
    for column, owner, which, misfit in columns:
        counts.update(column.counts)
        here_is = moved if moved and any(visit.uuid == moved for visit in column.visits) else None
        circumstances = Circumstances(rows, _firsts(column, seen), _waited(column, now), here_is, misfit)
        shown.append(show(column, owner, which, writer, circumstances))
    return Board(
        columns=shown,
        marks=[mark for mark in marks if rows[0] <= mark.row < rows[1]],
        first=rows[0],
        end=rows[1],
        now_row=here.row if here and rows[0] <= here.row < rows[1] else None,
        rows_class=_rows_class([column for column, *_ in columns]),
        counts=counts,
        booked=sum(counts[status] for status in HOLDS_TIME),
        free=sum(len(column.free) for column, *_ in columns),
        set_aside=sum(counts[status] for status in SET_ASIDE),
        token=token,
        now=now,
    )


def _firsts(column: Column, seen: set[str]) -> tuple[UUID, ...]:
    """The visits of the column whose state none had that stand before them; `seen` learns it."""
    new = {status: uuid for status, uuid in column.firsts.items() if status not in seen}
    seen.update(new)
    return tuple(new.values())


def _waited(column: Column, now: datetime) -> tuple[tuple[UUID, int], ...]:
    found = ((visit.uuid, minutes_waited(visit.arrived_at, visit.start, now)) for visit in column.arrived)
    # Of who is early nothing counts yet.
    return tuple((uuid, max(minutes, EARLY)) for uuid, minutes in found if minutes is not None)


def _rows_class(columns: Sequence[Column]) -> str:
    shortest = min((column.shortest for column in columns if column.shortest is not None), default=60)
    return next((css for minutes, css in HIGHER_ROWS if shortest < minutes), "")


def _rest(at: datetime) -> str:
    return f":00 {utc_offset(at)}" if clinic_day.is_twice(at, clinic_zone()) else ":00"
