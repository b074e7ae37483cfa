"""Where a time stands on the board: rows of 5 minutes, counted from the beginning of the clinic's day."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from scheduling.times import clinic_day, grid
from scheduling.times.intervals import Interval

ROWS_AN_HOUR: Final = 12
USUAL_ROWS: Final = 24 * ROWS_AN_HOUR
USUAL_WINDOW: Final = (8 * ROWS_AN_HOUR, 20 * ROWS_AN_HOUR)  # what is shown of a day without anything
STEP: Final = 6  # a window begins and ends on a half hour: some zones change by half an hour


class Place(NamedTuple):
    """The first row and the number of rows."""

    row: int
    length: int

    @property
    def end(self) -> int:
        return self.row + self.length


class HourMark(NamedTuple):
    """A row in which a full hour begins, as the clocks show it."""

    row: int
    at: datetime


class Rows(Hashable, Protocol):
    """The rows of one day; the same for the same day in the same zone."""

    def place(self, start: datetime, end: datetime) -> Place | None:
        """The rows that an aware half-open time touches, cut at the day's ends; None outside the day."""


@dataclass(frozen=True)
class ElapsedRows:
    """Rows as time passes: 276 on the spring night, 300 on the autumn one. For a board of one day."""

    first: int  # the grain of the day's first instant
    count: int
    zone: ZoneInfo

    @classmethod
    def of(cls, day: date, zone: ZoneInfo) -> "ElapsedRows":
        whole = clinic_day.whole_day(day, zone)
        first = grid.grain_of(whole.start)
        return cls(first, -int(-whole.end.timestamp() // grid.GRAIN_SECONDS) - first, zone)

    def place(self, start: datetime, end: datetime) -> Place | None:
        last = -int(-end.timestamp() // grid.GRAIN_SECONDS) - self.first
        return _cut(grid.grain_of(start) - self.first, last, self.count)

    def hours(self) -> list[HourMark]:
        """Every full hour: the one that comes twice is there twice, the one that is left out is not."""
        marks = (HourMark(row, grid.instant_of(self.first + row)) for row in range(self.count))
        return [mark for mark in marks if mark.at.astimezone(self.zone).minute == 0]


@dataclass(frozen=True)
class WallRows:
    """Rows as the wall clock shows them: always 288. For days side by side, which share one axis.

    The hour that comes twice shares its rows; the one that is left out stays empty.
    """

    day: date
    zone: ZoneInfo

    def place(self, start: datetime, end: datetime) -> Place | None:
        row = self._row(start)
        last = self._row(end - timedelta(microseconds=1)) + 1
        if last <= row and start < end:  # across the repeated hour the clocks went back: its own length then
            last = row + len(grid.grains(start, round((end - start).total_seconds() / 60)))
        return _cut(row, last, USUAL_ROWS)

    def _row(self, instant: datetime) -> int:
        wall = instant.astimezone(self.zone)
        days = (wall.date() - self.day).days
        return days * USUAL_ROWS + (wall.hour * 60 + wall.minute) // grid.GRAIN_MINUTES


def _cut(row: int, end: int, count: int) -> Place | None:
    row, end = max(row, 0), min(end, count)
    return Place(row, end - row) if row < end else None


def window(places: Iterable[Place], count: int = USUAL_ROWS) -> tuple[int, int]:
    """The first row to show and the one behind the last: whole hours around everything there is.

    Without anything, a usual working day.
    """
    found = list(places)
    if not found:
        return USUAL_WINDOW
    first = min(place.row for place in found) // ROWS_AN_HOUR * ROWS_AN_HOUR
    end = -(-max(place.end for place in found) // ROWS_AN_HOUR) * ROWS_AN_HOUR
    return first, min(end, -(-count // STEP) * STEP)


class Beside(NamedTuple):
    """Which of how many lanes beside each other something stands in; the first is 0."""

    lane: int
    lanes: int


ALONE: Final = Beside(0, 1)


def beside(places: Iterable[Place]) -> list[Beside]:
    """The lanes of places sorted by their first row: what overlaps stands beside each other, and all that
    hangs together through overlaps has the same number of lanes."""
    found: list[Beside] = []
    lanes: list[int] = []  # where each lane of the present cluster ends
    cluster: list[int] = []  # its lane of each of its places

    def close() -> None:
        found.extend(Beside(lane, len(lanes)) for lane in cluster)

    for place in places:
        if lanes and place.row >= max(lanes):
            close()
            lanes, cluster = [], []
        lane = next((n for n, end in enumerate(lanes) if end <= place.row), len(lanes))
        lanes[lane : lane + 1] = [place.end]
        cluster.append(lane)
    close()
    return found


def overlap(one: Interval, other: Interval) -> Interval | None:
    """What two intervals share."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Interval(start, end) if start < end else None


def within(among: Iterable[Interval], span: Interval) -> list[Interval]:
    """The parts of these that lie in the span."""
    return [shared for time in among if (shared := overlap(time, span))]
