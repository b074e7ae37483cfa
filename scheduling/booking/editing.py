"""Correcting an appointment: the transactions behind `actions.edit` and `actions.undo_edit`.

By the rules of booking, for what is asked for anew: what the visit holds already is not asked for again. A
visit in time off that it was knowingly booked in may get another reason, one that is running may get longer.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import IntegrityError

from scheduling.booking import day, edits, fitting, hours_lock, making, records, rules, states
from scheduling.booking.change import Change
from scheduling.booking.claims import grains_of
from scheduling.booking.conflicts import problem_of
from scheduling.booking.day import Day
from scheduling.booking.edits import Edit
from scheduling.booking.proposal import Proposal
from scheduling.booking.rights import OVERBOOK, rights_of
from scheduling.booking.rules import Field, Problem, Refused
from scheduling.booking.seen import Seen
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import NORMAL_LANE, Appointment, AppointmentEvent, Claim
from scheduling.times import grid
from scheduling.times.intervals import Interval

EventKind = AppointmentEvent.Kind
PLACE: Final = frozenset({"doctor", "appointment_datetime"})
LENGTH: Final = frozenset({"minutes", "buffer_minutes"})
HELD: Final = LENGTH | {"patient"}  # of what claims are made; a visit at a date that can't be may have none
ASKED: Final = HELD | {"visit_type"}  # what is looked at with the day's facts
# Of what stands already: its doctor and its start.
STANDS: Final = frozenset({"doctor_inactive", "in_the_past", "too_soon", "too_far_ahead", "off_the_grid"})
# What was so before, and returns as it was.
WAS_SO: Final = frozenset(
    {"patient_inactive", "visit_type_inactive", "doctor_inactive", "no_hours", "outside_hours", "time_off"}
    | set(fitting.CODES)
)


@in_one_transaction
def edit(seen: Seen, asked: Edit, change: Change, *, accepted: frozenset[str]) -> Appointment:
    return corrected(seen, asked, change, accepted=accepted)


def corrected(
    seen: Seen,
    asked: Edit,
    change: Change,
    *,
    accepted: frozenset[str] = frozenset(),
    facts: Mapping[str, Any] | None = None,
) -> Appointment:
    """In a transaction; `facts` are kept by the event."""
    current = records.lock(seen)
    changes = asked.changes(current)
    if not changes:
        return current  # it is so already; or asked twice
    records.compare(current, seen)
    return _written(current, seen, changes, change, accepted, facts=facts)


@in_one_transaction
def undo(seen: Seen, change: Change) -> Appointment:
    return taken_back(seen, change)


def taken_back(seen: Seen, change: Change) -> Appointment:
    """In a transaction."""
    current = records.lock(seen)
    last = records.last_event(current)
    edited = last is not None and last.kind == EventKind.EDITED
    is_undone = edited and last is not None and bool(last.after.get("undone"))
    if is_undone and current.version == seen.version + 1:
        return current  # asked twice
    records.compare(current, seen)
    if last is None or not edited or is_undone:
        raise Refused(rules.no_edit_to_undo())
    changes = edits.changes_back(current, last)
    return _written(current, seen, changes, change, frozenset(), is_undo=True)


def _written(
    current: Appointment,
    seen: Seen,
    changes: Mapping[str, Any],
    change: Change,
    accepted: frozenset[str],
    *,
    is_undo: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> Appointment:
    wished = edits.as_changed(current, changes, source=change.channel, accepted=accepted)
    held = list(Claim.objects.filter(appointment=current))
    problems = _problems(current, wished, changes, change, lane=_lane_of(held))
    if is_undo:
        problems = [problem for problem in problems if problem.code not in WAS_SO]
    if problems:
        raise Refused(*problems)
    moves = not PLACE.isdisjoint(changes)
    columns = {**changes, **({"overbook_reason": ""} if moves else {})}
    edited = records.change(current, seen, now=change.now, **columns)
    if "patient" in changes:
        making.follow_a_merge(edited)
    if moves or (held and not HELD.isdisjoint(changes)):
        _claim(current, edited, held, lane=NORMAL_LANE if moves else _lane_of(held))
    before, after = edits.facts(current, changes), edits.facts(edited, changes) | dict(facts or {})
    if accepted:
        after["accepted"] = sorted(accepted)
    if is_undo:
        after["undone"] = True
    records.record_event(edited, EventKind.EDITED, change, before=before, after=after)
    return edited


def _lane_of(held: list[Claim]) -> int:
    return max((claim.lane for claim in held), default=NORMAL_LANE)


def _claim(current: Appointment, edited: Appointment, held: list[Claim], *, lane: int) -> None:
    """Hold the time that it takes now, in this lane."""
    visit = grid.grains(current.appointment_datetime, current.minutes)
    was_free = bool(held) and all(claim.patient_id is None for claim in held if claim.grain in visit)
    # An overlap of the patient that was knowingly kept (old data) stays so: of that patient, in that place.
    stays = edited.patient_id == current.patient_id and _place(edited) == _place(current)
    records.release(edited)
    records.claim(edited, lane=lane, patient_free=was_free and stays)


def _place(appointment: Appointment) -> tuple[int, datetime]:
    return appointment.doctor_id, appointment.appointment_datetime


def _problems(
    current: Appointment, wished: Proposal, changes: Mapping[str, Any], change: Change, *, lane: int
) -> list[Problem]:
    """Why the visit may not be changed so, each beside what was asked for."""
    status = current.status
    moves = not PLACE.isdisjoint(changes)
    if status not in (states.MOVABLE if moves else states.EDITABLE):
        return [rules.not_from_here(current.get_status_display())]
    if status not in states.RESIZABLE and not LENGTH.isdisjoint(changes):
        return [rules.length_stands()]
    if moves:
        return making.problems_now(wished, by=change.by, now=change.now, moving=current)
    day_of_it = Day(has_hours=True, open=())
    if not ASKED.isdisjoint(changes):
        hours_lock.hold(wished.doctor.pk)
        day_of_it = day.load(wished, moving=current)
    stands = day_of_it.beside(
        Interval(current.appointment_datetime, current.ends_at),
        frozenset(grains_of(current)),
        is_patients="patient" not in changes,
    )
    found = [p for p in rules.problems_with(wished, stands, now=change.now) if p.code not in STANDS]
    if lane != NORMAL_LANE:
        found = _beside_others(found, current, wished, change, lane)
    if found and wished.accepted:
        found = rules.remaining(found, accepted=wished.accepted, rights=rights_of(change.by))
    return [replace(problem, field=_cause(problem, changes)) for problem in found]


def _beside_others(
    found: list[Problem], current: Appointment, wished: Proposal, change: Change, lane: int
) -> list[Problem]:
    """An overbooked visit stands beside another one knowingly. Who may overbook makes it longer beside that
    one too, while its own lane is free."""
    may = OVERBOOK in rights_of(change.by) and lane <= wished.doctor.overbook_limit
    more = [grain for grain in wished.grains if grain not in grains_of(current)]
    in_lane = Claim.objects.filter(doctor=wished.doctor, lane=lane, grain__in=more)
    if not may or in_lane.exists():
        return found
    return [problem for problem in found if problem.code not in {"doctor_taken", "buffer"}]


def _cause(problem: Problem, changes: Collection[str]) -> Field:
    """The time of the visit stands: what is wrong with it comes from its length, or from whose it is."""
    if problem.code == "patient_taken" and "patient" in changes:
        return "patient"
    return "minutes" if problem.field in {"start", "doctor"} else problem.field


def just_taken(error: IntegrityError, asked: Edit) -> Problem:
    """Whose time was taken in this moment, by a duplicate key. Raises any other fault again."""
    moves = asked.start is not None or asked.doctor is not None
    problem = problem_of(error, partial(rules.no_room_any_more, "start" if moves else "minutes"))
    if problem.code == "patient_taken":
        return replace(problem, field=_cause(problem, [] if asked.patient is None else ["patient"]))
    return problem
