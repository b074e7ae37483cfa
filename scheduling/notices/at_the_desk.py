"""What people at the desk do with messages: hold one back, send it after all, now, or again.

Each is one conditional statement that does nothing the second time; `delivery` sends what comes of it. What
is sent is what is true when it goes, whoever pressed what.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from scheduling.booking.outbox import facts_of, notice_of
from scheduling.booking.records import snapshot
from scheduling.models import Appointment, MessageSettings, Notice
from scheduling.models.notices import AT_MOST_ONCE
from scheduling.notices.reminders import Rhythms
from scheduling.notices.telling import AWAITED, what_is_true

State = Notice.State
Why = Notice.Why
Kind = Notice.Kind


def find(uuid: UUID) -> Notice | None:
    """With its visit and people. 1 statement."""
    people = [f"appointment__{name}" for name in ("patient", "doctor", "visit_type")]
    return Notice.objects.select_related(*people, "former_patient").filter(uuid=uuid).first()


def hold_back(notice: Notice, *, seen: int, by: User, now: datetime) -> bool:
    """Do not send what is due: who stands at the desk was told in person, and knows it from now on.

    `seen`: the version of the visit that was told them. False where it is no longer due, or the visit has
    moved on since.
    """
    visit = notice.appointment
    as_seen = Appointment.objects.filter(pk=OuterRef("appointment"), version=seen)
    is_change = notice.kind not in AT_MOST_ONCE and notice.former_patient_id is None
    due = Notice.objects.filter(Exists(as_seen), pk=notice.pk, state=State.DUE)
    if visit.version != seen:
        return False
    told = facts_of(snapshot(visit)) if is_change else {}
    return bool(due.update(state=State.SKIPPED, told=told, **_held(by, now)))


def send_after_all(notice: Notice, *, now: datetime) -> bool:
    """Take back that it was held back: it is due now. A reminder of which the time has not come is found
    again when it comes. False where it is not held back."""
    held = Notice.objects.filter(pk=notice.pk, state=State.SKIPPED, why=Why.HELD_BACK)
    if notice.kind in AT_MOST_ONCE and not _has_come(notice, now):
        return bool(held.delete()[0])
    again = {"settled_at": None, "settled_by": None, "due_at": now}
    if notice.kind in AT_MOST_ONCE:
        again["created_at"] = now  # asked for now: by that it is seen whether it comes too late
    return bool(held.update(state=State.DUE, why="", told={}, **again))


def hold_reminder_back(visit: Appointment, days: int, *, by: User, now: datetime) -> Notice | None:
    """Leave out the reminder of a visit (with its type) so many days before, as long as it keeps its time.

    The row stands where the reminder's own would, and then none is found. None where there is no such
    reminder to come. 4 statements.
    """
    rhythms = Rhythms.current(MessageSettings.current())
    if visit.status not in AWAITED or days not in rhythms.of(visit) or visit.appointment_datetime <= now:
        return None
    there = Notice.objects.filter(
        appointment=visit,
        kind__in=AT_MOST_ONCE,
        days_before=days,
        starts_at=visit.appointment_datetime,
    )
    if (row := there.first()) is not None:
        return row if row.why == Why.HELD_BACK else None
    due_at = max(rhythms.due_at(visit.appointment_datetime, days), now)
    values = {"days_before": days, "due_at": due_at, "state": State.SKIPPED, **_held(by, now)}
    row = notice_of(visit, Kind.REMINDER, was=facts_of(snapshot(visit)), now=now, **values)
    return row if _added(row) else there.first()


def send_now(notice: Notice, *, now: datetime) -> bool:
    """Due at once, in the hours for sending. False where it is not due at all, or already being sent."""
    return bool(Notice.objects.filter(pk=notice.pk, state=State.DUE).update(due_at=now))


def send_again(visit: Appointment, *, seen: int, now: datetime) -> Notice | None:
    """Tell once more how a visit (with its people) stands; the row, which is due at once.

    `seen`: how often something had been sent again when the button was shown. None where it has been pressed
    since. 2 statements.
    """
    copies = Notice.objects.filter(appointment=visit).order_by("-copy")
    if (copies.values_list("copy", flat=True).first() or 0) != seen:
        return None
    facts = facts_of(snapshot(visit))
    row = notice_of(visit, what_is_true(visit), was=facts, now=now, copy=seen + 1, due_at=now)
    return row if _added(row) else None


def _held(by: User, now: datetime) -> dict[str, object]:
    """Who did it stands in the row itself: a visit's history has its own changes only."""
    return {"why": Why.HELD_BACK, "settled_at": now, "settled_by": by}


def _has_come(notice: Notice, now: datetime) -> bool:
    rhythms = Rhythms.current(MessageSettings.current())
    return rhythms.due_at(notice.starts_at, notice.days_before) <= now


def _added(row: Notice) -> bool:
    """Whether it was added; else the same one was there already."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True
