"""Time cut into grains of 5 minutes: the unit in which a schedule is claimed.

A grain is the whole number `epoch_utc // 300`, so both 02:30 of an autumn night are different grains.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

GRAIN_SECONDS: Final = 300
GRAIN_MINUTES: Final = GRAIN_SECONDS // 60


def grain_of(instant: datetime) -> int:
    """The grain that an aware instant lies in. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("a grain needs an aware time")
    return int(instant.timestamp() // GRAIN_SECONDS)


def instant_of(grain: int) -> datetime:
    """The aware UTC instant at which a grain begins."""
    return datetime.fromtimestamp(grain * GRAIN_SECONDS, UTC)


def grains(start: datetime, minutes: int) -> range:
    """Every grain that the half-open time [start, start + minutes) touches, ascending.

    A time off the grid (old data: 10:08:37) takes the grains that it begins and ends in as well.
    """
    end = start.astimezone(UTC) + timedelta(minutes=minutes)  # in a zone, `+` would move the wall clock
    return range(grain_of(start), -int(-end.timestamp() // GRAIN_SECONDS))


def on_grid(instant: datetime) -> bool:
    """Whether an aware instant is the beginning of a grain."""
    # In UTC: an aware time in the repeated hour equals no time of another zone (PEP 495).
    return instant_of(grain_of(instant)) == instant.astimezone(UTC)
