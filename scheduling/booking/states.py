"""Which status may follow which: the one table, and who may go back in it.

Status is never derived from the date, and "rescheduled" is an event, not a status.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from scheduling.models import HOLDS_TIME, Status

S = Status
OVER: Final = frozenset({S.CANCELLED, S.NO_SHOW, S.ENTERED_IN_ERROR})

# What happens in a day's work. "Entered in error" is possible from everywhere but itself.
FORWARD: Final[Mapping[Status, frozenset[Status]]] = {
    S.PENDING: frozenset({S.CONFIRMED, S.ARRIVED, S.CANCELLED, S.NO_SHOW, S.ENTERED_IN_ERROR}),
    S.CONFIRMED: frozenset({S.ARRIVED, S.CANCELLED, S.NO_SHOW, S.ENTERED_IN_ERROR}),
    S.ARRIVED: frozenset({S.IN_PROGRESS, S.COMPLETED, S.CANCELLED, S.ENTERED_IN_ERROR}),
    S.IN_PROGRESS: frozenset({S.COMPLETED, S.ENTERED_IN_ERROR}),
    S.COMPLETED: frozenset({S.ENTERED_IN_ERROR}),
    S.CANCELLED: frozenset({S.ENTERED_IN_ERROR}),
    S.NO_SHOW: frozenset({S.ENTERED_IN_ERROR}),
    S.ENTERED_IN_ERROR: frozenset(),
}

# The undoing of a slip, which needs a right. From a status that freed the time, it must be claimed again.
BACK: Final[Mapping[Status, frozenset[Status]]] = {
    S.PENDING: frozenset(),
    S.CONFIRMED: frozenset({S.PENDING}),
    S.ARRIVED: frozenset({S.PENDING, S.CONFIRMED}),
    S.IN_PROGRESS: frozenset({S.ARRIVED}),
    S.COMPLETED: frozenset({S.ARRIVED, S.IN_PROGRESS}),
    S.CANCELLED: frozenset({S.PENDING, S.CONFIRMED, S.ARRIVED}),
    S.NO_SHOW: frozenset({S.PENDING, S.CONFIRMED, S.ARRIVED}),
    S.ENTERED_IN_ERROR: frozenset(HOLDS_TIME | {S.CANCELLED, S.NO_SHOW}),
}

# Which say that the patient is or was here (or was missed): not before the day has come.
NOT_BEFORE_THE_DAY: Final = frozenset({S.ARRIVED, S.IN_PROGRESS, S.COMPLETED})
# A patient can only be missed once the visit has begun.
NOT_BEFORE_THE_START: Final = frozenset({S.NO_SHOW})

MOVABLE: Final = frozenset({S.PENDING, S.CONFIRMED})
# Whose type, reason and patient may be corrected: what was seen for the wrong Ana was seen for somebody.
EDITABLE: Final = HOLDS_TIME
# Whose length may be too. How long a visit took that is over, is no wish any more.
RESIZABLE: Final = EDITABLE - {S.COMPLETED}


def too_early(to: Status, *, day_start: datetime, start: datetime, now: datetime) -> bool:
    """Whether a status cannot be true yet. All three are aware; `day_start` begins the visit's clinic day."""
    return (to in NOT_BEFORE_THE_DAY and now < day_start) or (to in NOT_BEFORE_THE_START and now < start)
