"""A board's columns as its template needs them: plain tuples of text. Templates are slow at anything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from scheduling.models import Status
from scheduling.queries.arrivals import minutes_waited
from scheduling.queries.board import Closed, Column, Free, Off, Placed, Visit
from scheduling.templatetags.clinic import STATUS_CLASSES, clock, short_date
from scheduling.times.day_rows import Beside, Place
from scheduling.times.intervals import Interval

ANY: Final = UUID(int=0)
PAUSE: Final = '<i class="hide">, </i>'  # heard between the name and the state
MOST_LANES: Final = 12  # the columns of the grid within a doctor's column

# kind, CSS classes, address, text, markup behind the text, detail, further attributes
Item: TypeAlias = tuple[str, str, str, str, str, str, str]


class FirstFree(NamedTuple):
    href: str
    time: str
    starts: int  # how many there are


@dataclass(frozen=True)
class Shown:
    """One column, in words."""

    key: str  # for the id of its section
    title: str
    title_href: str
    subtitle: str
    items: list[Item]
    booked: int
    first_free: FirstFree | None
    load: int  # in steps of 5
    lanes: int
    column: Column
    is_today: bool
    is_past: bool

    @property
    def may_be_full(self) -> bool:
        return self.column.works and self.column.doctor.is_active and not self.is_past


class Words:
    """Turns columns of one request into words. Keeps what many cards share."""

    def __init__(
        self, *, now: datetime, zone: ZoneInfo, is_bookable: bool = True, moving: UUID | None = None
    ) -> None:
        """`is_bookable`: whether who looks may take a free time; if not, none is offered."""
        self.now, self.zone, self.is_bookable, self.moving = now, zone, is_bookable, moving
        self._clocks: dict[datetime, str] = {}
        self._seen: set[str] = set()
        self._visit = reverse("desk:appointment", args=[ANY])
        self._to_book = reverse("desk:book") if moving is None else f"{self._visit_at(moving)}move/"

    def _visit_at(self, uuid: UUID) -> str:
        return self._visit.replace(str(ANY), str(uuid))

    def clock(self, instant: datetime) -> str:
        if instant not in self._clocks:
            self._clocks[instant] = clock(instant)
        return self._clocks[instant]

    @cached_property
    def _states(self) -> Mapping[str, SafeString]:
        """What stands behind the name: a word to see for what is not usual, a word to hear for the rest."""
        in_progress = _('now<span class="hide">, in progress</span>')
        heard, seen = '<span class="hide">, {},</span>', f"<em>{PAUSE}{{}}</em>"
        return {
            Status.PENDING: format_html(seen, _("pending")),
            Status.CONFIRMED: format_html(heard, _("confirmed")),
            Status.ARRIVED: format_html(seen, _("arrived")),
            Status.IN_PROGRESS: mark_safe(f"<em>{PAUSE}{in_progress}</em>"),  # noqa: S308  (our own text)
            Status.COMPLETED: format_html(heard, _("completed")),
            Status.CANCELLED: format_html(seen, _("cancelled")),
            Status.NO_SHOW: format_html(seen, _("no-show")),
            Status.ENTERED_IN_ERROR: format_html(seen, _("entered in error")),
        }

    def _state(self, visit: Visit) -> SafeString:
        waited = minutes_waited(visit.arrived_at, self.now)
        if waited is None or visit.arrived_at is None:
            return self._states[visit.status]
        text = _('<span class="hide">arrived, waiting</span> %(minutes)s min')
        minutes = f'<span data-since="{int(visit.arrived_at.timestamp())}">{waited}</span>'
        return mark_safe(f"<em>{PAUSE}{text % {'minutes': minutes}}</em>")  # noqa: S308  (a number within our own text)

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

    def book_at(self, doctor: UUID, start: datetime) -> str:
        """Where a free start leads: to the booking form, or to the confirmation of a move; nowhere for those
        who may not book."""
        if not self.is_bookable:
            return ""
        iso = start.astimezone(self.zone).isoformat(timespec="minutes")
        return f"{self._to_book}?doctor={doctor}&start={quote(iso, safe=':')}"

    def items(self, column: Column, day: date, span: Interval, window: tuple[int, int]) -> list[Item]:
        """What stands in the column: first the white paper, then everything in time order."""
        items = [_mute("w", place) for place in column.opened]
        items += [_mute("u", place) for place in column.buffers]
        doctor = {"doctor": column.doctor.doctor_name, "day": short_date(day)}
        for placed in column.entries:
            match placed.entry:
                case Visit():
                    items.append(self._visit_item(placed.entry, placed))
                case Free() if self.is_bookable:
                    items.append(self._free_item(placed.entry, placed, column.doctor.uuid, doctor))
                case Off():
                    items += self._off_item(placed.entry, placed.place, span, window)
                case Closed():
                    items += self._closed_item(placed.entry, placed.place, window)
        return items

    def _visit_item(self, visit: Visit, placed: Placed) -> Item:
        state = STATUS_CLASSES[Status(visit.status)]
        css = f"{state} {_where(placed.place)}{_lane(placed.beside)}"
        if visit.overbooked:
            css += " is-over"
        if visit.uuid == self.moving:
            css += " is-moving"
        more = f' data-version="{visit.version}"'
        if state not in self._seen:  # the sum line leads to the first of each state
            self._seen.add(state)
            more += f' id="first-{state}"'
        attributes = mark_safe(more)  # noqa: S308  (a number and a class)
        href = self._visit_at(visit.uuid)
        return "v", css, href, visit.patient, self._state(visit), self._detail(visit), attributes

    def _free_item(self, free: Free, placed: Placed, doctor: UUID, names: Mapping[str, str]) -> Item:
        time = self.clock(free.start)
        css = f"{_where(placed.place)}{_lane(placed.beside)}"
        return "f", css, self.book_at(doctor, free.start), time, "", self._free % {**names, "time": time}, ""

    def _off_item(self, off: Off, place: Place, span: Interval, window: tuple[int, int]) -> list[Item]:
        kind = _("Clinic closed") if off.of_clinic else _("Time off")
        if off.start <= span.start and off.end >= span.end:
            when = _("all day")
        else:
            texts = {"from": self.clock(max(off.start, span.start)), "to": self.clock(min(off.end, span.end))}
            when = _("%(from)s to %(to)s") % texts
        css = "is-clinic" if off.of_clinic else "is-doctor"
        detail = _("%(kind)s, %(when)s") % {"kind": kind, "when": when} if off.reason else when
        return _clipped("o", place, window, css, off.reason or kind, detail)

    def _closed_item(self, closed: Closed, place: Place, window: tuple[int, int]) -> list[Item]:
        times = {"from": self.clock(closed.start), "to": self.clock(closed.end)}
        return _clipped("c", place, window, "", _("Closed %(from)s to %(to)s") % times, "")


def _where(place: Place) -> str:
    return f"t{place.row} n{place.length}"


def _mute(kind: str, place: Place) -> Item:
    return kind, _where(place), "", "", "", "", ""


def _clipped(
    kind: str, place: Place, window: tuple[int, int], css: str, text: str, detail: str
) -> list[Item]:
    first, end = max(place.row, window[0]), min(place.end, window[1])
    if first >= end:
        return []
    return [(kind, f"{_where(Place(first, end - first))} {css}".rstrip(), "", text, "", detail, "")]


def _lane(beside: Beside) -> str:
    """Classes for its part of the column's width, which has 12 parts."""
    if beside.lanes == 1:
        return ""
    lanes = next(n for n in (2, 3, 4, 6, MOST_LANES) if n >= min(beside.lanes, MOST_LANES))
    width = MOST_LANES // lanes
    return f" x{beside.lane % lanes * width + 1} y{width}"
