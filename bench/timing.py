"""Times in turn with a floor, and what a call asks of the database."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import connection

WARM_UP: Final = 2
FEWEST: Final = 5  # rounds, however long they take

Work = Callable[[int], object]  # takes the number of the round


@dataclass(frozen=True)
class Spread:
    """Median and quartiles, in milliseconds unless the row says otherwise."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        if len(values) < 2:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)

    def as_json(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def in_turn(work: Work, floor: Work, *, rounds: int, seconds: float) -> tuple[Spread, Spread]:
    """Both, one after the other, so that whatever else the machine does slows them alike."""
    times: tuple[list[float], list[float]] = ([], [])
    began = time.perf_counter()
    for number in range(WARM_UP + rounds):
        if number >= WARM_UP + FEWEST and time.perf_counter() - began > seconds:
            break
        for call, kept in zip((work, floor), times, strict=True):
            start = time.perf_counter()
            call(number)
            if number >= WARM_UP or rounds <= WARM_UP:
                kept.append((time.perf_counter() - start) * 1000)
    return Spread.of(times[0]), Spread.of(times[1])


class Asked:
    """Counts statements while it is entered (not BEGIN and COMMIT), and keeps them to be explained."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []

    def __enter__(self) -> Asked:
        self._wrapper = connection.execute_wrapper(self._keep)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._wrapper.__exit__(*raised)

    def _keep(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("BEGIN"):  # only SQLite's comes this way
            self.statements.append((sql, params))
        return execute(sql, params, many, context)

    @property
    def queries(self) -> int:
        return len(self.statements)

    def rows(self) -> int:
        """How many rows the statements give, SELECTs all of them: they are run again."""
        given = 0
        for sql, params in self.statements:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                given += len(cursor.fetchall())
        return given
