"""What may be done with a visit next: the answer that `actions` would give, known before asking.

The one source for the buttons and keys of the visit's page, the board and the waiting room.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduling.booking import states
from scheduling.booking.rights import UNDO
from scheduling.models import AppointmentEvent, Status
from scheduling.times import clinic_day

EventKind = AppointmentEvent.Kind
STATUS_CHANGES = (EventKind.STATUS, EventKind.CANCELLED, EventKind.UNDONE)


@dataclass(frozen=True)
class Steps:
    """`forward` are those of `actions.set_status`, `back` those of `actions.undo`; `before` is the one of
    them that undoing gives unasked."""

    forward: frozenset[Status] = frozenset()
    back: frozenset[Status] = frozenset()
    before: Status | None = None
    cancel: bool = False
    move: bool = False
    edit: bool = False

    @property
    def any(self) -> bool:
        return bool(self.forward or self.back or self.cancel or self.move or self.edit)


def possible(
    status: Status,
    *,
    start: datetime,
    now: datetime,
    zone: ZoneInfo,
    rights: Collection[str],
    before: Status | None = None,
) -> Steps:
    """`before`: the status that the last change left (`taken_back_to`), or None: nothing can be taken back.

    Whether a revived or moved visit finds its time free is only known when it is asked for.
    """
    day_start = clinic_day.whole_day(clinic_day.day_of(start, zone), zone).start

    def timely(among: Iterable[Status]) -> frozenset[Status]:
        late = (to for to in among if not states.too_early(to, day_start=day_start, start=start, now=now))
        return frozenset(late)

    forward = states.FORWARD[status]
    back = timely(states.BACK[status]) if before is not None and UNDO in rights else frozenset()
    return Steps(
        forward=timely(forward - {Status.CANCELLED}),
        back=back,
        before=before if before in back else None,
        cancel=Status.CANCELLED in forward,
        move=status in states.MOVABLE,
        edit=status in states.EDITABLE,
    )


def taken_back_to(status: Status, events: Iterable[AppointmentEvent]) -> Status | None:
    """What undoing would return to; `events` are the visit's whole history, in any order."""
    changes = [event for event in events if event.kind in STATUS_CHANGES]
    last = max(changes, key=lambda event: event.version, default=None)
    if last is None or last.kind == EventKind.UNDONE or last.after.get("status") != status:
        return None
    before = last.before.get("status")
    return Status(before) if before in Status.values else None
