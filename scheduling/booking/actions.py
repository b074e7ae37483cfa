"""The only writer of appointments. Each action is one transaction and may be asked for twice.

All take `by` (a user, or None for a program) and `now` (aware). They raise `Refused` with every problem,
`Stale` where somebody changed the appointment since it was looked at, and Appointment.DoesNotExist; what is
refused has written nothing.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import IntegrityError

from accounts.models import User
from scheduling import metrics
from scheduling.booking import changing, editing, making, rules
from scheduling.booking.change import Change
from scheduling.booking.changing import Wish
from scheduling.booking.conflicts import conflict_of, problem_of
from scheduling.booking.edits import Edit
from scheduling.booking.proposal import Proposal
from scheduling.booking.records import Stale
from scheduling.booking.requests import Made
from scheduling.booking.rules import Problem, Refused
from scheduling.booking.seen import Seen
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Doctor, Source, Status

__all__ = [
    "Edit",
    "Refused",
    "Seen",
    "Stale",
    "Wish",
    "book",
    "book_once",
    "cancel",
    "edit",
    "move",
    "overbook",
    "set_status",
    "undo",
    "undo_edit",
]

P = ParamSpec("P")
Answer = TypeVar("Answer")


def book(proposal: Proposal, *, by: User | None, now: datetime) -> Appointment:
    """Make the appointment, its claims and its first event, or nothing.

    Asked twice with the same proposal, it answers with the first appointment.
    """
    return book_once(proposal, by=by, now=now).row


def book_once(proposal: Proposal, *, by: User | None, now: datetime) -> Made[Appointment]:
    """`book`, for those who want to know whether the appointment is new."""
    try:
        taken = partial(rules.doctor_taken, proposal.doctor)
        return _counted(_answering(taken, making.book, proposal, by=by, now=now))
    except IntegrityError as error:
        if conflict_of(error) != "same_uuid":
            raise
        # Sent twice at once; or long ago, and the time of its visit is free again.
        earlier = in_one_transaction(making.booked_before)(proposal)
        if earlier is None:  # something else was made under it
            raise Refused(rules.already_on_record()) from error
        return Made(earlier, is_new=False)


def overbook(proposal: Proposal, *, reason: str, by: User, now: datetime) -> Appointment:
    """Knowingly book a taken time: needs the right, a reason, and a lane below the doctor's limit.

    The patient cannot be in two places even so. A time that is free after all is booked as any other.
    """
    reason = _cleaned_reason(reason, rules.LONGEST_OVERBOOK_REASON)
    if not reason:
        raise Refused(rules.reason_missing("start"))
    # Once for each lane, and once more to find that all are full, or that this very form took one.
    for _lane in range(proposal.doctor.overbook_limit + 2):
        try:
            return _counted(making.overbook(proposal, reason=reason, by=by, now=now)).row
        except IntegrityError as error:
            # Another desk took that lane a moment ago: look for the next one.
            if conflict_of(error) == "patient_taken":
                raise Refused(rules.patient_taken()) from error
            if conflict_of(error) is None:
                raise
    raise Refused(rules.lanes_full(proposal))


def move(
    seen: Seen,
    *,
    doctor: Doctor,
    start: datetime,
    by: User | None,
    now: datetime,
    reason: str = "",
    channel: Source = Source.DESK,
    accepted: frozenset[str] = frozenset(),
) -> Appointment:
    """Give the visit another time (aware), or another doctor: it takes the new time or keeps the old one.

    Its minutes stay. A visit that stands there already is answered as moved.
    """
    return _answering(
        partial(rules.doctor_taken, doctor),
        changing.move,
        seen,
        Change(by=by, now=now, reason=_cleaned_reason(reason), channel=channel),
        doctor=doctor,
        start=start,
        accepted=accepted,
    )


def edit(
    seen: Seen,
    asked: Edit,
    *,
    by: User | None,
    now: datetime,
    channel: Source = Source.DESK,
    accepted: frozenset[str] = frozenset(),
) -> Appointment:
    """Correct the type, length, reason or patient of a visit, all or nothing.

    Longer takes more time, which can be refused; shorter frees it. What is so already writes nothing. `asked`
    may bring another place as well, for a visit that does not fit where it stands: then it moves there.
    """
    change = Change(by=by, now=now, channel=channel)
    try:
        return editing.edit(seen, asked, change, accepted=accepted)
    except IntegrityError as error:
        raise Refused(editing.just_taken(error, asked)) from error


def undo_edit(seen: Seen, *, by: User | None, now: datetime, channel: Source = Source.DESK) -> Appointment:
    """Take a correction back, if nothing was done since. The time that it freed is claimed again, which can
    fail. Needs no right of its own: it is a correction too."""
    try:
        return editing.undo(seen, Change(by=by, now=now, channel=channel))
    except IntegrityError as error:
        raise Refused(editing.just_taken(error, Edit())) from error


def set_status(
    seen: Seen,
    to: Status,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    channel: Source = Source.DESK,
) -> Appointment:
    """Take the visit one step on (`states.FORWARD`). Cancelling asks for more: it has its own action."""
    if to == Status.CANCELLED:
        raise Refused(rules.reason_missing("status"))
    change = Change(by=by, now=now, reason=_cleaned_reason(reason), channel=channel)
    return changing.set_status(seen, to, change)


def cancel(
    seen: Seen, *, reason: str, wish: Wish, by: User | None, now: datetime, channel: Source = Source.DESK
) -> Appointment:
    """Call the visit off and free its time; it stays as history, with why and at whose wish."""
    reason = _cleaned_reason(reason)
    if not reason:
        raise Refused(rules.reason_missing())
    change = Change(by=by, now=now, reason=reason, channel=channel)
    return changing.set_status(seen, Status.CANCELLED, change, told={"wish": wish})


def undo(
    seen: Seen,
    to: Status | None = None,
    *,
    by: User,
    now: datetime,
    reason: str = "",
    channel: Source = Source.DESK,
) -> Appointment:
    """Take the last change of status back: needs the right. A visit that had freed its time claims it again,
    which can fail.

    `to`: another of `states.BACK` than the status before, such as "arrived" for one given up as a no-show.
    """
    change = Change(by=by, now=now, reason=_cleaned_reason(reason), channel=channel)
    return _answering(rules.gone_meanwhile, changing.undo, seen, to, change)


def _counted(made: Made[Appointment]) -> Made[Appointment]:
    """What is committed."""
    if made.is_new:
        metrics.booked(made.row.source)
    return made


def _cleaned_reason(reason: str, longest: int = rules.LONGEST_REASON) -> str:
    """A reason without the space around it; raises `Refused` where its column would not take it."""
    reason = reason.strip()
    if len(reason) > longest:
        raise Refused(rules.reason_too_long(longest))
    return reason


def _answering(
    taken: Callable[[], Problem], action: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs
) -> Answer:
    """Run an action that claims time; a duplicate key is the answer "taken", never tried again."""
    try:
        return action(*args, **kwargs)
    except IntegrityError as error:
        raise Refused(problem_of(error, taken)) from error
