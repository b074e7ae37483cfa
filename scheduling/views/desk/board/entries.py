"""What stands in a board's column, in words: `templates/jinja/desk/board/column.html` writes it.

Times, links and states are worked out here, once for all the cards that share them; no markup.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar, Final, NamedTuple, TypeAlias
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from scheduling.addresses import addresses
from scheduling.alerts import Alert
from scheduling.models import Status
from scheduling.queries.arrivals import waits_since
from scheduling.queries.board import Closed, Column, Free, Off, Placed
from scheduling.queries.board_visits import Visit
from scheduling.templatetags.clinic import STATUS_CLASSES, clock, short_date
from scheduling.times.day_rows import Place
from scheduling.times.intervals import Interval
from scheduling.views.desk.board.layout import clipped, lane_class, place_class


@dataclass(frozen=True, slots=True)
class Card:
    """A visit."""

    kind: ClassVar[str] = "visit"
    css: str
    href: str
    name: str
    status: str
    time: str
    detail: str  # type and length
    version: int
    anchor: str  # of the first visit in each state, to which the sum line leads; else empty
    since: int | None = None  # seconds since 1970, of who waits
    waited: int | None = None  # minutes; below none: early
    alerts: Sequence[Alert] = ()
    is_in_time_off: bool = False
    is_moved: bool = False  # just now: it has the focus


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
    is_time_off: bool = False  # of the doctor or the clinic; no block of the desk's
    href: str = ""  # of a block, for those who may give its time back


@dataclass(frozen=True, slots=True)
class Paper:
    """Open time, or the time a visit needs after itself: seen, not read out."""

    kind: ClassVar[str] = "paper"
    css: str


EARLY: Final = -1
Entry: TypeAlias = Card | FreeTime | Shut | Paper


class Circumstances(NamedTuple):
    """What of a column depends on the moment, and on the columns beside it."""

    rows: tuple[int, int]  # the first row that the board shows, and the one behind the last
    firsts: tuple[UUID, ...] = ()  # the visits here that are the board's first of their state
    waited: tuple[tuple[UUID, int], ...] = ()  # minutes that they have waited, or EARLY
    moved: UUID | None = None  # the visit here that was just put there
    misfit: str = ""  # a code of `fitting`: why the doctor could not take the visit that is moved


class ColumnOf(NamedTuple):
    """Whose column it is."""

    uuid: UUID
    name: str
    specialty: str
    is_active: bool


@dataclass(frozen=True)
class Entries:
    """Makes the entries of a column: two are equal where they say the same of the same column.

    Keeps what many cards of one request share.
    """

    zone: ZoneInfo
    language: str
    prefix: str  # of every address, where the site is not at the root
    is_bookable: bool = True  # whether who looks may take a free time; if not, none is offered
    moving: UUID | None = None
    may_block: bool = False
    _clocks: dict[datetime, str] = field(default_factory=dict, compare=False)
    _starts: dict[datetime, str] = field(default_factory=dict, compare=False)

    @cached_property
    def _visit_at(self) -> Callable[[UUID], str]:
        return addresses("desk:appointment")

    @cached_property
    def _to_book(self) -> str:
        return reverse("desk:book") if self.moving is None else reverse("desk:move", args=[self.moving])

    def clock(self, instant: datetime) -> str:
        if instant not in self._clocks:
            self._clocks[instant] = clock(instant)
        return self._clocks[instant]

    def book_at(self, doctor: UUID, start: datetime) -> str:
        """Where a free start leads: to the booking form, or to the confirmation of a move; nowhere for those
        who may not book."""
        if not self.is_bookable:
            return ""
        if start not in self._starts:
            iso = start.astimezone(self.zone).isoformat(timespec="minutes")
            self._starts[start] = quote(iso, safe=":")
        return f"{self._to_book}?doctor={doctor}&start={self._starts[start]}"

    def of(
        self, column: Column, whose: ColumnOf, day: date, span: Interval, circumstances: Circumstances
    ) -> list[Entry]:
        """What stands in the column: first the white paper, then everything in time order."""
        return [
            *(Paper(f"w {place_class(place)}") for place in column.opened),
            *(Paper(f"u {place_class(place)}") for place in column.buffers),
            *self._in_order(column, whose, day, span, circumstances),
        ]

    def _in_order(
        self, column: Column, whose: ColumnOf, day: date, span: Interval, circumstances: Circumstances
    ) -> Iterator[Entry]:
        names = {"doctor": whose.name, "day": short_date(day)}
        waited = dict(circumstances.waited)
        for placed in column.entries:
            match placed.entry:
                case Visit():
                    is_off = placed.entry.uuid in column.in_time_off
                    card = self._card(placed.entry, placed, span, circumstances, waited)
                    yield replace(card, css=f"{card.css} is-in-off", is_in_time_off=True) if is_off else card
                case Free():
                    if self.is_bookable:
                        yield self._free_time(placed.entry, placed, whose.uuid, names)
                case Off():
                    if part := clipped(placed.place, circumstances.rows):
                        yield self._time_off(placed.entry, part, span)
                case Closed():
                    if part := clipped(placed.place, circumstances.rows):
                        yield self._closed(placed.entry, part)

    def _card(
        self,
        visit: Visit,
        placed: Placed,
        span: Interval,
        circumstances: Circumstances,
        waited: Mapping[UUID, int],
    ) -> Card:
        state = STATUS_CLASSES[Status(visit.status)]
        css = f"{state} {place_class(placed.place)}{lane_class(placed.beside)}"
        if visit.stripe:
            css += f" ty{visit.stripe}"
        if visit.overbooked:
            css += " is-over"
        if visit.uuid == self.moving:
            css += " is-moving"
        is_moved = visit.uuid == circumstances.moved
        if is_moved:
            css += " is-moved"
        since = waits_since(visit.arrived_at, visit.start)
        return Card(
            css,
            self._visit_at(visit.uuid),
            visit.patient,
            visit.status,
            self._from(visit, span),
            self._detail(visit),
            visit.version,
            anchor=f"first-{state}" if visit.uuid in circumstances.firsts else "",
            since=int(since.timestamp()) if since else None,
            waited=waited.get(visit.uuid),
            alerts=visit.alert_list,
            is_moved=is_moved,
        )

    def _from(self, visit: Visit, span: Interval) -> str:
        time = self.clock(visit.start)
        return _("from %(time)s") % {"time": time} if visit.start < span.start else time

    def _detail(self, visit: Visit) -> str:
        facts = {"type": visit.visit_type, "minutes": visit.minutes}
        text = (self._with_type if visit.visit_type else self._without_type) % facts
        return self._overbooked % {"visit": text} if visit.overbooked else text

    @cached_property
    def _with_type(self) -> str:
        return _("%(type)s, %(minutes)s min")

    @cached_property
    def _without_type(self) -> str:
        return _("%(minutes)s min")

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
        kind = _("Clinic closed") if off.of_clinic else _("Blocked") if off.block else _("Time off")
        if off.start <= span.start and off.end >= span.end:
            when = _("all day")
        else:
            until = "24:00" if off.end >= span.end else self.clock(off.end)
            texts = {"from": self.clock(max(off.start, span.start)), "to": until}
            when = _("%(from)s to %(to)s") % texts
        css = f"o {place_class(place)} {'is-clinic' if off.of_clinic else 'is-doctor'}"
        detail = _("%(kind)s, %(when)s") % {"kind": kind, "when": when} if off.reason else when
        href = reverse("desk:block", args=[off.block]) if off.block and self.may_block else ""
        return Shut(css, off.reason or kind, detail, is_time_off=off.block is None, href=href)

    def _closed(self, closed: Closed, place: Place) -> Shut:
        times = {"from": self.clock(closed.start), "to": self.clock(closed.end)}
        return Shut(f"c {place_class(place)}", _("Closed %(from)s to %(to)s") % times)
