"""What a person did about a message that did not arrive, or about a reply that nobody but them could answer.

Each is one conditional UPDATE: pressed twice, or by two, it is done once.
"""

from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from accounts.models import User
from scheduling.booking import records
from scheduling.booking.outbox import OFF, facts_of
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Notice, Reply, UnreachableAddress
from scheduling.models.notices import NEVER_SENT
from scheduling.notices.whose import FORMER, reader_of

State, Why = Notice.State, Notice.Why
NOT_TOLD: Final = (State.FAILED, State.SKIPPED)
# What may be tried again: it failed, or there was no address that works.
NOT_ARRIVED: Final = Q(state=State.FAILED) | Q(state=State.SKIPPED, why=Why.UNREACHABLE)


def may_be_tried_again(notice: Notice) -> bool:
    return notice.state == State.FAILED or notice.why == Why.UNREACHABLE


@in_one_transaction
def told(notice: Notice, *, version: int, by: User, now: datetime) -> bool:
    """Somebody told the patient how the visit is, in the version that they saw. False: it has changed since,
    or somebody else was quicker.

    `notice`: with its visit and its people. With it all others of the visit are settled.
    """
    visit = notice.appointment
    if visit.version != version:
        return False
    facts = facts_of(records.snapshot(visit))
    if notice.former_patient_id is not None:
        facts = {**notice.was, "standing": OFF}
    settled = {"settled_at": now, "settled_by": by}
    rows = Notice.objects.filter(state__in=NOT_TOLD, settled_at=None).order_by()
    done = rows.filter(pk=notice.pk).update(**settled, told=facts)
    if done and notice.former_patient_id is None:
        lost = rows.filter(appointment=visit, former_patient=None, state=State.FAILED, pk__lt=notice.pk)
        lost.update(**settled)
    return bool(done)


@in_one_transaction
def try_again(which: Q, *, now: datetime) -> int:
    """Send again at once those of these that did not arrive: what was wrong with the addresses is taken for
    mended. How many that were; 3 statements."""
    rows = Notice.objects.filter(which, NOT_ARRIVED, settled_at=None).order_by()
    readers = {
        reader_of(row, row.appointment).pk for row in rows.select_related("appointment__patient", FORMER)
    }
    done = rows.update(
        state=State.DUE,
        due_at=now,
        created_at=now,  # it is asked for now: a reminder is of use only for so long
        tries=0,
        why="",
        answer="",
        holder="",
        lease_ends_at=None,
        **NEVER_SENT,
    )
    if done:
        UnreachableAddress.objects.filter(patient__in=readers).delete()
    return done


def dealt_with(reply: Reply, *, by: User, now: datetime) -> bool:
    """Somebody read it and did what there was to do."""
    rows = Reply.objects.filter(pk=reply.pk, outcome=Reply.Outcome.TO_DESK, settled_at=None)
    return bool(rows.update(settled_at=now, settled_by=by))


@in_one_transaction
def take_back(*, settled_at: datetime, by: User) -> int:
    """Open again what this person settled at that moment; how many that were."""
    settled = {"settled_at": settled_at, "settled_by": by}
    open_again: dict[str, Any] = {"settled_at": None, "settled_by": None}
    notices = Notice.objects.filter(**settled, state__in=NOT_TOLD).order_by()
    visits = notices.values("appointment").distinct().count()
    notices.update(**open_again, told={})
    return visits + Reply.objects.filter(**settled).order_by().update(**open_again)


def settled_at(moment: datetime, *, by: User) -> int:
    """How many this person settled at that moment: visits with their messages, and replies."""
    settled = {"settled_at": moment, "settled_by": by}
    visits = Notice.objects.filter(**settled).order_by().values("appointment").distinct()
    return visits.count() + Reply.objects.filter(**settled).count()
