"""A board read and put into words: a day of all doctors, or a week of one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.http import Http404
from django.urls import reverse

from scheduling.booking.states import MOVABLE
from scheduling.clock import clinic_zone
from scheduling.forms.board import Choice
from scheduling.models import HOLDS_TIME, Appointment, Status
from scheduling.queries import appointments
from scheduling.queries.board import SET_ASIDE, Column, Staff, Visit
from scheduling.templatetags.clinic import STATUS_CLASSES, day_date, utc_offset
from scheduling.times import clinic_day
from scheduling.times.day_rows import ROWS_AN_HOUR, ElapsedRows, Place, WallRows, window
from scheduling.times.intervals import Interval
from scheduling.views.desk.board import reading
from scheduling.views.desk.board.entries import Entries, Entry

# Rows are as high as the shortest visit needs to be 24 pixels: minutes below which, and the class.
HIGHER_ROWS: Final = ((10, "board--step5"), (15, "board--step10"))
MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Mark:
    """An hour on the axis."""

    row: int
    hour: str
    rest: str  # ":00", or the offset where the hour comes twice


class FirstFree(NamedTuple):
    """The first free start of a column."""

    href: str  # empty for those who may not take it
    time: str
    starts: int  # how many there are


@dataclass(frozen=True)
class ShownColumn:
    """One column in words: a doctor's day."""

    key: str  # for the id of its section
    title: str
    title_href: str
    subtitle: str
    entries: Sequence[Entry]
    booked: int
    first_free: FirstFree | None
    load: int  # per cent, in steps of 5
    lanes: int
    day: Column
    is_today: bool
    is_past: bool

    @property
    def may_be_full(self) -> bool:
        return self.day.works and self.day.doctor.is_active and not self.is_past


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
    *,
    now: datetime,
    is_bookable: bool,
    moving: Appointment | None = None,
) -> Board:
    """All the chosen doctors of a day: 4 queries besides the one for the staff. `is_bookable`: whether who
    looks may take a free time."""
    zone = clinic_zone()
    span = clinic_day.whole_day(day, zone)
    read = reading.read(choice.of(staff.doctors), span, staff, now=now, moving=moving)
    rows = ElapsedRows.of(day, zone)
    columns = [read.column(doctor, span, rows, cancelled=choice.cancelled) for doctor in read.doctors]
    # Those with nothing to read stand last.
    columns.sort(key=lambda column: not (column.works or column.entries))
    shown = window([place for column in columns for place in column.reach()], rows.count)
    entries = Entries(now=now, zone=zone, is_bookable=is_bookable, moving=moving.uuid if moving else None)
    marks = [Mark(row, f"{at.astimezone(zone):%H}", _rest(at)) for row, at in rows.hours()]
    return _board(
        [_of_doctor(column, entries, day, span, shown) for column in columns],
        marks,
        shown,
        rows.place(now, now + MOMENT),
        token=staff.token,
        now=now,
    )


def of_week(monday: date, staff: Staff, choice: Choice, *, now: datetime, is_bookable: bool) -> Board:
    """One doctor's seven days, on the wall clock that they share: 4 queries besides the staff's."""
    zone = clinic_zone()
    days = [monday + timedelta(days=n) for n in range(7)]
    spans = [clinic_day.whole_day(day, zone) for day in days]
    read = reading.read(staff.doctors, Interval(spans[0].start, spans[-1].end), staff, now=now)
    (doctor,) = staff.doctors
    columns = [
        read.column(doctor, span, WallRows(day, zone), cancelled=choice.cancelled)
        for day, span in zip(days, spans, strict=True)
    ]
    shown = window(place for column in columns for place in column.reach())
    entries = Entries(now=now, zone=zone, is_bookable=is_bookable)
    return _board(
        [_of_weekday(*each, shown) for each in zip(columns, [entries] * 7, days, spans, strict=True)],
        [Mark(hour * ROWS_AN_HOUR, f"{hour:02}", ":00") for hour in range(24)],
        shown,
        WallRows(clinic_day.day_of(now, zone), zone).place(now, now + MOMENT)
        if spans[0].start <= now < spans[-1].end
        else None,
        token=staff.token,
        now=now,
    )


def _of_doctor(
    column: Column, entries: Entries, day: date, span: Interval, rows: tuple[int, int]
) -> ShownColumn:
    doctor = column.doctor
    title = (doctor.doctor_name, reverse("desk:week", args=[doctor.uuid, day]))
    return _shown(column, entries, day, span, rows, str(doctor.uuid), title, doctor.specialty.specialty_name)


def _of_weekday(
    column: Column, entries: Entries, day: date, span: Interval, rows: tuple[int, int]
) -> ShownColumn:
    title = (day_date(day), reverse("desk:day", args=[day]))
    return _shown(column, entries, day, span, rows, day.isoformat(), title, "")


def _shown(
    column: Column,
    entries: Entries,
    day: date,
    span: Interval,
    rows: tuple[int, int],
    key: str,
    title: tuple[str, str],
    subtitle: str,
) -> ShownColumn:
    first = column.free[0].start if column.free else None
    doctor = column.doctor.uuid
    today = clinic_day.day_of(entries.now, entries.zone)
    return ShownColumn(
        key,
        *title,
        subtitle,
        entries=entries.of(column, day, span, rows),
        booked=column.booked,
        first_free=FirstFree(entries.book_at(doctor, first), entries.clock(first), len(column.free))
        if first
        else None,
        load=column.load // 5 * 5,
        lanes=max((placed.beside.lanes for placed in column.entries), default=1),
        day=column,
        is_today=day == today,
        is_past=day < today,
    )


def _board(
    shown: Sequence[ShownColumn],
    marks: Sequence[Mark],
    rows: tuple[int, int],
    here: Place | None,
    *,
    token: str,
    now: datetime,
) -> Board:
    visits = [visit for column in shown for visit in column.day.visits]
    counts = Counter(visit.status for visit in visits)
    return Board(
        columns=shown,
        marks=[mark for mark in marks if rows[0] <= mark.row < rows[1]],
        first=rows[0],
        end=rows[1],
        now_row=here.row if here and rows[0] <= here.row < rows[1] else None,
        rows_class=_rows_class(visits),
        counts=counts,
        booked=sum(counts[status] for status in HOLDS_TIME),
        free=sum(len(column.day.free) for column in shown),
        set_aside=sum(counts[status] for status in SET_ASIDE),
        token=token,
        now=now,
    )


def _rows_class(visits: Sequence[Visit]) -> str:
    shortest = min((visit.minutes for visit in visits if visit.status not in SET_ASIDE), default=60)
    return next((css for minutes, css in HIGHER_ROWS if shortest < minutes), "")


def _rest(at: datetime) -> str:
    return f":00 {utc_offset(at)}" if clinic_day.is_twice(at, clinic_zone()) else ":00"
