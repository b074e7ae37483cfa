"""Many visits moved or cancelled in one commit: each in the version that was seen, all of them or none.

By the rules and claims of a single move. Places that the visits give up are free for the others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias, TypeVar
from uuid import UUID

from django.db import IntegrityError

from accounts.models import User
from scheduling import metrics
from scheduling.booking import calls, making, records, rules, states
from scheduling.booking.change import Change
from scheduling.booking.changing import Wish
from scheduling.booking.conflicts import problem_of
from scheduling.booking.editing import WAS_SO
from scheduling.booking.proposal import at_another_time
from scheduling.booking.rules import Problem
from scheduling.booking.seen import Seen
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, AppointmentEvent, Claim, Doctor, Source, Status

EventKind = AppointmentEvent.Kind
Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Move:
    """A visit is to stand elsewhere."""

    seen: Seen
    doctor: Doctor
    start: datetime  # aware


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """A visit is to be called off."""

    seen: Seen
    wish: Wish = Wish.CLINIC  # whose


Step: TypeAlias = Move | Cancel
InTheWay: TypeAlias = Mapping[UUID, Sequence[Problem]]


class NotTogether(Exception):
    """Nothing was written; `in_the_way` says of each visit that cannot go why."""

    def __init__(self, in_the_way: InTheWay) -> None:
        super().__init__(f"{len(in_the_way)} visits")
        self.in_the_way = in_the_way
        metrics.refused(problem.code for problems in in_the_way.values() for problem in problems)


class Overtaken(Exception):
    """The keys refused a time that was free when it was looked at."""

    def __init__(self, uuid: UUID, problem: Problem) -> None:
        super().__init__(problem.code)
        self.uuid, self.problem = uuid, problem


def change(
    steps: Sequence[Step],
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    channel: Source = Source.DESK,
    series: UUID | None = None,
    words: str = "",
) -> list[Appointment]:
    """Do all of the steps, at most one for each visit, and note that the patients have to be told; the visits
    as they are then, in the order of the steps.

    `series`: they are those of one that a patient asks about, who knows then; the history says so. `words`:
    what the patients are to be told, apart from the reason, which the history has. What was done before, as
    asked, is answered as done. Raises `NotTogether`, Appointment.DoesNotExist, and `Refused` where a reason
    is missing or too long.
    """
    reason = reason.strip()
    if len(reason) > rules.LONGEST_REASON:
        raise rules.Refused(rules.reason_too_long(rules.LONGEST_REASON))
    if not reason and any(isinstance(step, Cancel) for step in steps):
        raise rules.Refused(rules.reason_missing())
    wanted = Change(by=by, now=now, reason=reason, channel=channel)
    facts = {"series": str(series)} if series else {}
    return all_or_none(partial(_change, steps, wanted, facts, words.strip()))


def move_back(steps: Sequence[Move], change: Change, *, series: UUID) -> list[Appointment]:
    """Undo a move of visits of a series: to where each stood. Raises `NotTogether`."""
    return all_or_none(partial(_change, steps, change, {"series": str(series), "undone": True}))


def all_or_none(action: Callable[[], Answer]) -> Answer:
    """Run an action that raises `Overtaken` where the keys refuse a time; then `NotTogether` says whose."""
    try:
        return action()
    except Overtaken:
        pass
    try:
        return action()  # once more: what stands in the way of each can be read now
    except Overtaken as overtaken:
        raise NotTogether({overtaken.uuid: [overtaken.problem]}) from overtaken


def what_can(
    steps: Sequence[Step], *, by: User, now: datetime, reason: str = "", words: str = ""
) -> tuple[list[Appointment], InTheWay]:
    """`change`, without those steps that something is in the way of: the rest goes on, in one commit."""
    left: dict[UUID, Sequence[Problem]] = {}
    while True:
        going = [step for step in steps if step.seen.uuid not in left]
        try:
            return (change(going, by=by, now=now, reason=reason, words=words) if going else []), left
        except NotTogether as refused:
            left.update(refused.in_the_way)


@in_one_transaction
def _change(
    steps: Sequence[Step], change: Change, facts: Mapping[str, object], words: str = ""
) -> list[Appointment]:
    visits = _lock([step.seen.uuid for step in steps])
    doing = [step for step in steps if not _is_done(step, visits[step.seen.uuid])]
    in_the_way = dict(_not_as_seen(doing, visits))
    if in_the_way:
        raise NotTogether(in_the_way)
    before = {step.seen.uuid: records.snapshot(visits[step.seen.uuid]) for step in doing}
    Claim.objects.filter(appointment__in=[visits[step.seen.uuid].pk for step in doing]).delete()
    for step in sorted(doing, key=_order):
        visit = visits[step.seen.uuid]
        if isinstance(step, Cancel):
            visits[visit.uuid] = _cancelled(visit, step, change, facts)
        elif problems := _problems(visit, step, change, facts):
            in_the_way[visit.uuid] = problems
        else:
            visits[visit.uuid] = _moved(visit, step, change, before[visit.uuid], facts)
    if in_the_way:
        raise NotTogether(in_the_way)
    if "series" not in facts:
        calls.must_be_told([(visits[uuid], was) for uuid, was in before.items()], change, words=words)
    return [visits[step.seen.uuid] for step in steps]


def _lock(uuids: Sequence[UUID]) -> dict[UUID, Appointment]:
    """The visits, with their people, kept until the transaction ends: always in one order."""
    rows = Appointment.objects.filter(uuid__in=uuids).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    found = {visit.uuid: visit for visit in rows.with_people()}
    if missing := set(uuids) - set(found):
        raise Appointment.DoesNotExist(f"{len(missing)} of {len(uuids)}")
    return found


def _is_done(step: Step, visit: Appointment) -> bool:
    """Whether it was asked for before."""
    if isinstance(step, Cancel):
        return visit.status == Status.CANCELLED
    stands = (visit.doctor_id, visit.appointment_datetime)
    return stands == (step.doctor.pk, step.start) and visit.holds_time


def _not_as_seen(
    steps: Iterable[Step], visits: Mapping[UUID, Appointment]
) -> Iterable[tuple[UUID, list[Problem]]]:
    for step in steps:
        visit = visits[step.seen.uuid]
        if visit.version != step.seen.version:
            yield visit.uuid, [rules.changed_meanwhile()]
        elif not (
            visit.status in states.MOVABLE
            if isinstance(step, Move)
            else Status.CANCELLED in states.FORWARD[Status(visit.status)]
        ):
            yield visit.uuid, [rules.not_from_here(visit.get_status_display())]


def _order(step: Step) -> tuple[bool, int, float]:
    """Moves by doctor and time, so that two who want the same wait for each other; then the others."""
    if isinstance(step, Move):
        return False, step.doctor.pk, step.start.timestamp()
    return True, 0, 0


def _problems(visit: Appointment, step: Move, change: Change, facts: Mapping[str, object]) -> list[Problem]:
    wished = at_another_time(visit, doctor=step.doctor, start=step.start, source=change.channel)
    found = making.problems_now(wished, by=change.by, now=change.now, moving=visit)
    return [problem for problem in found if "undone" not in facts or problem.code not in WAS_SO]


def _moved(
    visit: Appointment, step: Move, change: Change, before: dict[str, object], facts: Mapping[str, object]
) -> Appointment:
    moved = records.change(
        visit,
        step.seen,
        now=change.now,
        doctor=step.doctor,
        appointment_datetime=step.start,
        overbook_reason="",
    )
    try:
        records.claim(moved)
    except IntegrityError as error:
        problem = problem_of(error, partial(rules.doctor_taken, step.doctor))
        raise Overtaken(visit.uuid, problem) from error
    records.record_event(
        moved, EventKind.MOVED, change, before=before, after=records.snapshot(moved) | dict(facts)
    )
    return moved


def _cancelled(visit: Appointment, step: Cancel, change: Change, facts: Mapping[str, object]) -> Appointment:
    cancelled = records.change(visit, step.seen, now=change.now, status=Status.CANCELLED)
    records.record_event(
        cancelled,
        EventKind.CANCELLED,
        change,
        before={"status": visit.status},
        after={"status": Status.CANCELLED, "wish": step.wish, **facts},
    )
    return cancelled
