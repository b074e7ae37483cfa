"""Messages that went out, as delivery leaves them."""

from scheduling.booking import outbox, records
from scheduling.models import Message, Notice
from tests.conftest import NOW


def sent(*visits, kind=Notice.Kind.ANSWER, code="7567", at=NOW, channel="webhook", address=None, **more):
    """The notices of one message about these visits of one patient, its lead first."""
    patient = visits[0].patient
    to = address if address is not None else (patient.phone if channel == "webhook" else patient.email)
    message = Message.objects.create(
        patient=patient, channel=channel, language="en", sent_at=at, address=to, text="..."
    )
    return [
        Notice.objects.create(
            **{
                "appointment": visit,
                "version": visit.version,
                "starts_at": visit.appointment_datetime,
                "kind": kind,
                "state": Notice.State.SENT,
                "due_at": at,
                "created_at": at,
                "sent_at": at,
                "code": code,
                "told": outbox.facts_of(records.snapshot(visit)),
                "message": message,
            }
            | more
        )
        for visit in visits
    ]


def stored(row):
    return type(row).objects.get(pk=row.pk)
