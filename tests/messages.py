"""Messages about a visit, as they stand after some of them went out."""

from datetime import timedelta
from uuid import uuid4

from scheduling.booking.outbox import facts_of, notice_of
from scheduling.booking.records import snapshot
from scheduling.models import Message, Notice, Reply
from tests.conftest import NOW

Kind, State, Why = Notice.Kind, Notice.State, Notice.Why
TEXT = "Your appointment is agreed."


def notice(visit, kind=Kind.CONFIRMED, *, now=NOW, was=None, **values):
    row = notice_of(visit, kind, was=was or {}, now=now, **values)
    row.save()
    return row


def sent(visit, kind=Kind.CONFIRMED, *, at=NOW, **values):
    """One that went out, with its message."""
    message = Message.objects.create(
        patient=visit.patient,
        channel="email",
        language="es",
        sent_at=at,
        address="ana@mail.example",
        subject="Your appointment",
        text=TEXT,
        html=f"<p>{TEXT}</p>",
    )
    told = {"told": facts_of(snapshot(visit))} | values
    return notice(visit, kind, now=at, state=State.SENT, message=message, sent_at=at, channel="email", **told)


def one_of_each(visit, by):
    """One that was sent and answered, one that was held back, one that failed, and a reminder that is due."""
    earlier = facts_of(snapshot(visit)) | {"start": "2026-02-27T10:00:00+00:00"}
    first = sent(visit, version=0, at=NOW - timedelta(days=3), told=earlier)
    Reply.objects.create(
        webhook_id=str(uuid4()),
        at=NOW,
        text="YES 7567",
        meaning=Reply.Meaning.YES,
        outcome=Reply.Outcome.NOTED,
        notice=first,
    )
    failed = {"state": State.FAILED, "why": Why.REFUSED, "answer": "550", "tries": 1}
    notice(visit, Kind.MOVED, was=earlier, version=0, now=NOW - timedelta(days=2), **failed)
    held = {"state": State.SKIPPED, "why": Why.HELD_BACK, "settled_by": by, "settled_at": NOW}
    notice(visit, Kind.MOVED, was=earlier, version=max(visit.version, 1), **held)
    notice(visit, Kind.REMINDER, days_before=3)
    return first
