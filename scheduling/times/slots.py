"""Starts that fit into free time. In grains (`times.grid`): whole numbers, exact and quick."""

from collections.abc import Collection, Iterable, Iterator

from scheduling.times import grid
from scheduling.times.intervals import Interval


def whole_grains(interval: Interval) -> range:
    """The grains that lie wholly inside an interval."""
    first = -int(-interval.start.timestamp() // grid.GRAIN_SECONDS)
    return range(first, max(first, grid.grain_of(interval.end)))


def free_runs(within: range, taken: Iterable[int]) -> Iterator[range]:
    """The stretches of `within` that `taken` (ascending) leaves free."""
    start = within.start
    for grain in taken:
        if grain < start:
            continue
        if grain >= within.stop:
            break
        if grain > start:
            yield range(start, grain)
        start = grain + 1
    if start < within.stop:
        yield range(start, within.stop)


def starts(
    within: range, taken: Collection[int], *, length: int, buffer: int = 0, earliest: int = 0
) -> Iterator[int]:
    """Every grain of `within` at which `length` grains are free, and `buffer` more behind them.

    From the beginning of each free stretch in steps of length and buffer. The visit lies in `within`; its
    buffer may reach beyond (past closing time), but into nothing that is taken. Starts before `earliest` are
    left out without shifting the others: what is offered at 10:40 keeps its rhythm at 10:41.
    """
    for run in free_runs(within, sorted(taken)):
        for start in range(run.start, run.stop - length + 1, length + buffer):
            after = range(start + length, start + length + buffer)
            if start >= earliest and not any(grain in taken for grain in after):
                yield start
