"""Changing an appointment: the transactions behind `actions.move`, `set_status`, `cancel` and `undo`.

Each takes the appointment, compares the version that the person saw, and writes with one conditional UPDATE.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.booking import hours_lock, making, records, rules, states
from scheduling.booking.change import Change
from scheduling.booking.proposal import at_another_time
from scheduling.booking.rights import UNDO, rights_of
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.booking.steps import STATUS_CHANGES
from scheduling.booking.transactions import in_one_transaction
from scheduling.clock import clinic_zone
from scheduling.models import HOLDS_TIME, Appointment, AppointmentEvent, Doctor, Status
from scheduling.times import clinic_day

EventKind = AppointmentEvent.Kind


class Wish(models.TextChoices):
    """Whose wish a cancellation was."""

    PATIENT = "patient", _("The patient")
    CLINIC = "clinic", _("The clinic")


@in_one_transaction
def move(
    seen: Seen, change: Change, *, doctor: Doctor, start: datetime, accepted: frozenset[str]
) -> Appointment:
    current = records.lock(seen)
    proposal = at_another_time(current, doctor=doctor, start=start, source=change.channel, accepted=accepted)
    there = (current.doctor_id, current.appointment_datetime) == (proposal.doctor.pk, proposal.start)
    if there and current.holds_time:
        return current  # asked twice
    records.compare(current, seen)
    if current.status not in states.MOVABLE:
        raise Refused(rules.not_from_here(current.get_status_display()))
    problems = making.problems_now(proposal, by=change.by, now=change.now, moving=current)
    if problems:
        raise Refused(*problems)
    before = records.snapshot(current)
    moved = records.change(
        current,
        seen,
        now=change.now,
        doctor=proposal.doctor,
        appointment_datetime=proposal.start,
        overbook_reason="",
    )
    records.release(moved)
    records.claim(moved)
    after = records.snapshot(moved)
    if proposal.accepted:
        after["accepted"] = sorted(proposal.accepted)
    records.record_event(moved, EventKind.MOVED, change, before=before, after=after)
    return moved


@in_one_transaction
def set_status(
    seen: Seen, to: Status, change: Change, *, told: Mapping[str, Any] | None = None
) -> Appointment:
    """`told`: facts that the event keeps beside the status, such as whose wish it was."""
    current = records.lock(seen)
    if current.status == to:
        return current
    records.compare(current, seen)
    if to not in states.FORWARD[Status(current.status)]:
        raise Refused(rules.not_from_here(current.get_status_display()))
    _not_too_early(current, to, change.now)
    changed = records.change(current, seen, now=change.now, status=to)
    if to not in HOLDS_TIME:
        records.release(changed)
    records.record_event(
        changed,
        EventKind.CANCELLED if to == Status.CANCELLED else EventKind.STATUS,
        change,
        before={"status": current.status},
        after={"status": to, **(told or {})},
    )
    return changed


@in_one_transaction
def undo(seen: Seen, to: Status | None, change: Change) -> Appointment:
    return taken_back(seen, to, change)


def taken_back(seen: Seen, to: Status | None, change: Change) -> Appointment:
    """In a transaction."""
    if UNDO not in rights_of(change.by):
        raise Refused(rules.not_allowed("status"))
    current = records.lock(seen)
    last = _last_status_change(current)
    undone = last is not None and last.kind == EventKind.UNDONE
    again = undone and current.version == seen.version + 1 and to in {None, current.status}
    if again and records.last_event(current) == last:
        return current  # asked twice
    records.compare(current, seen)
    if last is None or undone or last.after.get("status") != current.status:
        raise Refused(rules.nothing_to_undo())
    back = to or Status(last.before["status"])
    if back not in states.BACK[Status(current.status)]:
        raise Refused(rules.not_from_here(current.get_status_display()))
    _not_too_early(current, back, change.now)
    changed = records.change(current, seen, now=change.now, status=back)
    if back in HOLDS_TIME and current.status not in HOLDS_TIME:
        hours_lock.hold(current.doctor_id)  # a change of hours that does not see it waits, and then does
        if records.somebody_has_the_time_of(changed):
            raise Refused(rules.gone_meanwhile())
        records.claim(changed)
    before, after = {"status": current.status}, {"status": back}
    records.record_event(changed, EventKind.UNDONE, change, before=before, after=after)
    return changed


def _not_too_early(current: Appointment, to: Status, now: datetime) -> None:
    zone = clinic_zone()
    start = current.appointment_datetime
    day = clinic_day.whole_day(clinic_day.day_of(start, zone), zone)
    if states.too_early(to, day_start=day.start, start=start, now=now):
        raise Refused(rules.too_early())


def _last_status_change(appointment: Appointment) -> AppointmentEvent | None:
    changes = AppointmentEvent.objects.filter(appointment=appointment, kind__in=STATUS_CHANGES)
    return changes.order_by("-version").first()
