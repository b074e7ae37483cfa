"""What stands in a board's column, in words: `templates/jinja/desk/board/columns.html` writes it.

Times, links and states are worked out here, once for all the cards that share them; no markup.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar, Final, TypeAlias
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from scheduling.models import Status
from scheduling.queries.arrivals import minutes_waited
from scheduling.queries.board import Closed, Column, Free, Off, Placed, Visit
from scheduling.templatetags.clinic import STATUS_CLASSES, clock, short_date
from scheduling.times.day_rows import Place
from scheduling.times.intervals import Interval
from scheduling.views.desk.board.layout import clipped, lane_class, place_class

ANY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Card:
    """A visit."""

    kind: ClassVar[str] = "visit"
    css: str
    href: str
    name: str
    status: str
    detail: str
    version: int
    anchor: str  # of the first visit in each state, to which the sum line leads; else empty
    arrived: int | None = None  # seconds since 1970, of who waits
    waited: int | None = None  # minutes


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A start that can be booked, or to which the visit in hand can be moved."""

    kind: ClassVar[str] = "free"
    css: str
    href: str
    time: str
    label: str  # read out in full


@dataclass(frozen=True, slots=True)
class Shut:
    """Time off, or a gap between two sessions."""

    kind: ClassVar[str] = "shut"
    css: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """Open time, or the time a visit needs after itself: seen, not read out."""

    kind: ClassVar[str] = "paper"
    css: str


Entry: TypeAlias = Card | FreeTime | Shut | Paper


class Entries:
    """Makes the entries of all columns of one request. Keeps what many cards share."""

    def __init__(
        self, *, now: datetime, zone: ZoneInfo, is_bookable: bool = True, moving: UUID | None = None
    ) -> None:
        """`is_bookable`: whether who looks may take a free time; if not, none is offered."""
        self.now, self.zone, self.is_bookable, self.moving = now, zone, is_bookable, moving
        self._clocks: dict[datetime, str] = {}
        self._seen: set[str] = set()
        self._visit = reverse("desk:appointment", args=[ANY])
        self._to_book = reverse("desk:book") if moving is None else reverse("desk:move", args=[moving])

    def clock(self, instant: datetime) -> str:
        if instant not in self._clocks:
            self._clocks[instant] = clock(instant)
        return self._clocks[instant]

    def book_at(self, doctor: UUID, start: datetime) -> str:
        """Where a free start leads: to the booking form, or to the confirmation of a move; nowhere for those
        who may not book."""
        if not self.is_bookable:
            return ""
        iso = start.astimezone(self.zone).isoformat(timespec="minutes")
        return f"{self._to_book}?doctor={doctor}&start={quote(iso, safe=':')}"

    def of(self, column: Column, day: date, span: Interval, window: tuple[int, int]) -> list[Entry]:
        """What stands in the column: first the white paper, then everything in time order."""
        return [
            *(Paper(f"w {place_class(place)}") for place in column.opened),
            *(Paper(f"u {place_class(place)}") for place in column.buffers),
            *self._in_order(column, day, span, window),
        ]

    def _in_order(
        self, column: Column, day: date, span: Interval, window: tuple[int, int]
    ) -> Iterator[Entry]:
        names = {"doctor": column.doctor.doctor_name, "day": short_date(day)}
        for placed in column.entries:
            match placed.entry:
                case Visit():
                    yield self._card(placed.entry, placed)
                case Free():
                    if self.is_bookable:
                        yield self._free_time(placed.entry, placed, column.doctor.uuid, names)
                case Off():
                    if part := clipped(placed.place, window):
                        yield self._time_off(placed.entry, part, span)
                case Closed():
                    if part := clipped(placed.place, window):
                        yield self._closed(placed.entry, part)

    def _card(self, visit: Visit, placed: Placed) -> Card:
        state = STATUS_CLASSES[Status(visit.status)]
        css = f"{state} {place_class(placed.place)}{lane_class(placed.beside)}"
        if visit.overbooked:
            css += " is-over"
        if visit.uuid == self.moving:
            css += " is-moving"
        anchor = "" if state in self._seen else f"first-{state}"
        self._seen.add(state)
        return Card(
            css,
            self._visit.replace(str(ANY), str(visit.uuid)),
            visit.patient,
            visit.status,
            self._detail(visit),
            visit.version,
            anchor,
            arrived=int(visit.arrived_at.timestamp()) if visit.arrived_at else None,
            waited=minutes_waited(visit.arrived_at, self.now),
        )

    def _detail(self, visit: Visit) -> str:
        facts = {"time": self.clock(visit.start), "type": visit.visit_type, "minutes": visit.minutes}
        text = (self._with_type if visit.visit_type else self._without_type) % facts
        return self._overbooked % {"visit": text} if visit.overbooked else text

    @cached_property
    def _with_type(self) -> str:
        return _("%(time)s %(type)s, %(minutes)s min")

    @cached_property
    def _without_type(self) -> str:
        return _("%(time)s, %(minutes)s min")

    @cached_property
    def _overbooked(self) -> str:
        return _("%(visit)s · overbooked")

    @cached_property
    def _free(self) -> str:
        if self.moving:
            return _("Move to %(day)s, %(time)s, %(doctor)s")
        return _("%(day)s, %(time)s, %(doctor)s, free")

    def _free_time(self, free: Free, placed: Placed, doctor: UUID, names: Mapping[str, str]) -> FreeTime:
        time = self.clock(free.start)
        css = f"{place_class(placed.place)}{lane_class(placed.beside)}"
        return FreeTime(css, self.book_at(doctor, free.start), time, self._free % {**names, "time": time})

    def _time_off(self, off: Off, place: Place, span: Interval) -> Shut:
        kind = _("Clinic closed") if off.of_clinic else _("Time off")
        if off.start <= span.start and off.end >= span.end:
            when = _("all day")
        else:
            texts = {"from": self.clock(max(off.start, span.start)), "to": self.clock(min(off.end, span.end))}
            when = _("%(from)s to %(to)s") % texts
        css = f"o {place_class(place)} {'is-clinic' if off.of_clinic else 'is-doctor'}"
        detail = _("%(kind)s, %(when)s") % {"kind": kind, "when": when} if off.reason else when
        return Shut(css, off.reason or kind, detail)

    def _closed(self, closed: Closed, place: Place) -> Shut:
        times = {"from": self.clock(closed.start), "to": self.clock(closed.end)}
        return Shut(f"c {place_class(place)}", _("Closed %(from)s to %(to)s") % times)
