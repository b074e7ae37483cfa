"""The rows of the table: a function each, registered by its decorator. A new row is a new function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any, Final
from zoneinfo import ZoneInfo

from bench.clinic import Shape
from bench.entry import Entry, entry
from bench.floor import Floor
from bench.plans import full_reads
from bench.timing import Asked, Spread, Work, in_turn
from scheduling.models import Doctor, Patient, VisitType


@dataclass
class Bench:
    """One filled database, and how long to measure."""

    shape: Shape
    zone: ZoneInfo
    floor: Floor
    kept: ExitStack  # what is closed after the last row
    rounds: int = 200
    seconds: float = 12.0  # of each row, at most

    @cached_property
    def entry(self) -> Entry:
        """The site as its clients meet it: started by the first row that asks it, for all of them."""
        return self.kept.enter_context(entry())

    @cached_property
    def doctors(self) -> list[Doctor]:
        return list(Doctor.objects.select_related("specialty").order_by("pk"))

    @cached_property
    def patients(self) -> list[Patient]:
        return list(Patient.objects.order_by("pk")[:2000])

    @cached_property
    def check_up(self) -> VisitType:
        return VisitType.objects.get(name="Check-up")


@dataclass(frozen=True)
class Bar:
    """What DESIGN 11 asks for, and whether it is so."""

    text: str
    held: bool


@dataclass
class Result:
    name: str
    work: Spread
    floor: Spread | None = None
    floor_is: str = ""
    unit: str = "ms"
    queries: int | None = None
    reads_in_full: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    over_http: dict[str, Any] = field(
        default_factory=dict
    )  # the entry, and a load for each number of clients

    @property
    def ratio(self) -> float | None:
        return self.work.median / self.floor.median if self.floor and self.floor.median else None

    def at_most(self, limit: float, what: str, value: float | None) -> Result:
        """Add a bar."""
        self.bars.append(Bar(f"at most {limit:g} {what}", value is not None and value <= limit))
        return self

    def as_json(self) -> dict[str, Any]:
        ratio = self.ratio
        return {
            "row": self.name,
            "unit": self.unit,
            "work": self.work.as_json(),
            "floor": self.floor.as_json() if self.floor else None,
            "floor_is": self.floor_is,
            "ratio": None if ratio is None else round(ratio, 2),
            "queries": self.queries,
            "reads_in_full": self.reads_in_full,
            "bars": [asdict(bar) for bar in self.bars],
            "detail": self.detail,
            "over_http": self.over_http,
        }


RowFunction = Callable[[Bench], Result]
ROWS: Final[dict[str, RowFunction]] = {}


def row(name: str) -> Callable[[RowFunction], RowFunction]:
    """Register a function as the row of this name."""

    def keep(function: RowFunction) -> RowFunction:
        ROWS[name] = function
        return function

    return keep


def in_order(modules: Iterable[ModuleType]) -> list[tuple[str, RowFunction]]:
    """The rows of these modules, each module's in the order in which they are read: some change the book."""
    return [
        (name, function)
        for module in modules
        for name, function in ROWS.items()
        if function.__module__ == module.__name__
    ]


def measured(bench: Bench, name: str, work: Work, floor: Work, floor_is: str) -> Result:
    """The usual row: its queries and their plans from one call, then times in turn with the floor."""
    work(-2)  # what is read once and kept is not counted
    with Asked() as asked:
        work(-1)
    spread, of_floor = in_turn(work, floor, rounds=bench.rounds, seconds=bench.seconds)
    return Result(
        name,
        work=spread,
        floor=of_floor,
        floor_is=floor_is,
        queries=asked.queries,
        reads_in_full=full_reads(asked.statements),
    )
