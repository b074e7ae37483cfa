"""What was measured, as a table for people and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

Measured = dict[str, Any]  # what `bench.measure.measure` gives
SLOWER: Final = {  # the most, at the larger size
    "day board, 25 doctors, 400 visits": 1.2,
    "crowded board under gunicorn, processor time": 1.2,
    "openings of a doctor's day over HTTP": 1.2,
    "a booking by API over HTTP": 1.2,
}
COLUMNS: Final = ("", "median", "quartiles", "floor", "ratio", "queries", "bar", "")
NUMBERS: Final = range(1, 6)  # of these columns
OVER_HTTP: Final = {  # columns of the other table, and what stands in them
    "clients": "clients",
    "processor": "processor_ms",
    "client's": "processor_ms_of_the_client",
    "p50": "p50_ms",
    "p95": "p95_ms",
    "p99": "p99_ms",
    "last p95": "last_p95_ms",
    "a second": "a_second",
    "taken": "taken",
    "errors": "errors_percent",
    "bytes": "bytes",
}


def compare(runs: Sequence[Measured]) -> None:
    """Add to the rows of the largest size how much slower than at the smallest they are.

    In ratios to the floor of each run: between the two, the machine may have become busier.
    """
    for database in dict.fromkeys(run["database"] for run in runs):
        of_it = sorted((r for r in runs if r["database"] == database), key=lambda r: r["appointments"])
        *smaller, largest = of_it
        # The smallest size at which each was measured.
        first = {row["row"]: (run, row) for run in reversed(smaller) for row in run["rows"]}
        for row in largest["rows"]:
            run, before = first.get(row["row"], (largest, None))
            if before and row["ratio"] and before["ratio"] and row["unit"] == "ms":
                slower = row["ratio"] / before["ratio"]
                row["slower_than_at_the_smallest_size"] = round(slower, 2)
                most = SLOWER.get(row["row"])
                if most:
                    text = f"at most {most:g} times slower than at {run['appointments']:,}"
                    row["bars"].append({"text": text, "held": slower <= most})


def table(runs: Sequence[Measured]) -> str:
    """One table for each database and size."""
    return "\n\n".join("\n".join(_of_run(run)) for run in runs)


def held(runs: Sequence[Measured]) -> tuple[int, int]:
    """How many bars are held, and how many there are."""
    bars = [bar["held"] for run in runs for row in run["rows"] for bar in row["bars"]]
    return sum(bars), len(bars)


def _of_run(run: Measured) -> Iterator[str]:
    yield f"{run['database']}: {run['appointments']:,} appointments, filled in {run['filled_in_seconds']} s"
    lines = [list(COLUMNS)]
    notes: list[str] = []
    for row in run["rows"]:
        bars = row["bars"] or [{"text": "", "held": None}]
        first, *others = [
            (bar["text"], {True: "held", False: "NOT HELD"}.get(bar["held"], "")) for bar in bars
        ]
        lines.append([*_numbers(row), *first])
        lines += [[*[""] * (len(COLUMNS) - 2), *other] for other in others]
        notes += _notes(row)
    yield from _aligned(lines, NUMBERS)
    yield from notes
    yield from _over_http(run)


def _over_http(run: Measured) -> Iterator[str]:
    """A table of its own: a line for each number of clients."""
    rows = [row for row in run["rows"] if row["over_http"]]
    if not rows:
        return
    entry = rows[0]["over_http"]["entry"]
    yield f"  Over HTTP, {entry}; milliseconds of an operation, errors in % of answers:"
    lines = [["", *OVER_HTTP]]
    for row in rows:
        for load in row["over_http"]["loads"]:
            values = [load[key] for key in OVER_HTTP.values()]
            lines.append([row["row"], *(f"{v:,}" if isinstance(v, int) else _short(v) for v in values)])
    yield from _aligned(lines, range(1, len(OVER_HTTP) + 1))


def _aligned(lines: Sequence[Sequence[str]], to_the_right: range) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell.rjust(width) if n in to_the_right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield f"  {'  '.join(cells)}".rstrip()


def _numbers(row: Measured) -> list[str]:
    work, floor, unit = row["work"], row["floor"], row["unit"]
    ratio = row["ratio"]
    return [
        row["row"],
        f"{_short(work['median'])} {unit}",
        "" if work["low"] == work["high"] else f"{_short(work['low'])}–{_short(work['high'])}",
        f"{_short(floor['median'])} {unit}" if floor else "",
        "" if ratio is None else f"{_short(ratio)}x",
        "" if row["queries"] is None else str(row["queries"]),
    ]


def _notes(row: Measured) -> Iterator[str]:
    said = [f"{key.replace('_', ' ')} {value}" for key, value in row["detail"].items()]
    if row["reads_in_full"]:
        said.append(f"reads in full: {', '.join(row['reads_in_full'])}")
    slower = row.get("slower_than_at_the_smallest_size")
    if slower is not None:
        said.append(f"{_short(slower)} times the ratio of the smallest size")
    if said:
        yield f"    {row['row']}: {'; '.join(said)}"


def _short(value: float) -> str:
    """Three digits that count."""
    if value == 0:
        return "0"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"
