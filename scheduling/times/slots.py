"""Starts that fit into free time. In grains (`times.grid`): whole numbers, exact and quick.

What is taken comes as the bits of one whole number: a day is looked through in a few operations, whether it
is empty, full, or full of holes that are too short.
"""

from collections.abc import Iterator
from functools import lru_cache

from scheduling.times import grid
from scheduling.times.intervals import Interval


@lru_cache(maxsize=8192)  # a clinic's doctors share most of their hours
def whole_grains(interval: Interval) -> range:
    """The grains that lie wholly inside an interval."""
    first = -int(-interval.start.timestamp() // grid.GRAIN_SECONDS)
    return range(first, max(first, grid.grain_of(interval.end)))


def fitting(within: range, taken: int, *, length: int, buffer: int = 0) -> int:
    """Every grain of `within` at which `length` grains are free, and `buffer` more behind them. Bit n, of
    what is taken and of the answer, is the grain `within.start + n`.

    The visit lies in `within`; its buffer may reach beyond (past closing time), but into nothing taken.
    """
    found, length = ~taken & ((1 << len(within) + buffer) - 1), length + buffer
    sure = 1  # so many ones begin at each bit that is left
    while sure < length and found:
        more = min(sure, length - sure)
        found &= found >> more
        sure += more
    return found


def starts(within: range, fits: int, *, step: int, earliest: int = 0) -> Iterator[int]:
    """Of the grains at which a visit fits (`fitting`): from the beginning of each free stretch in steps of
    the visit and its buffer.

    Starts before `earliest` are left out without shifting the others: what is offered at 10:40 keeps its
    rhythm at 10:41.
    """
    # In each free stretch the grains that fit are its first ones: the lowest begins it, and where the next
    # step does not fit, none behind it does.
    while fits:
        lowest = (fits & -fits).bit_length() - 1
        if within.start + lowest >= earliest:
            yield within.start + lowest
        fits = fits >> lowest + step << lowest + step


def count(fits: int, *, step: int) -> int:
    """How many `starts` there are, without counting them out: stretch by stretch."""
    found = 0
    while fits:
        fits >>= (fits & -fits).bit_length() - 1
        length = (~fits & (fits + 1)).bit_length() - 1
        found += -(-length // step)
        fits >>= length
    return found
