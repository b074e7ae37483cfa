"""The outbox: what a change of a visit is to tell its patient, written in the commit of the change.

`notices.delivery` sends it, by the visit as it is then. Nothing is written where no channel is set up, of a
visit that has begun, or of what concerns the desk alone: who has arrived, a longer visit, a corrected reason.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from scheduling.booking.change import Change
from scheduling.models import Appointment, AppointmentEvent, Notice, Patient, Status
from scheduling.models.statements import Insertion

Kind = Notice.Kind
Facts = Mapping[str, Any]
NOTICES: Final = Insertion(Notice)
# Who is there, or was awaited there, is told nothing by a message.
AT_THE_CLINIC: Final = frozenset({Status.ARRIVED, Status.IN_PROGRESS, Status.COMPLETED, Status.NO_SHOW})
PENDING, AGREED, OFF = "pending", "agreed", "off"
STANDING: Final[Mapping[str, str]] = {
    Status.PENDING: PENDING,
    Status.CANCELLED: OFF,
    Status.ENTERED_IN_ERROR: OFF,
}
NOBODY_KNOWS: Final[Facts] = {}


def facts_of(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """What of a visit (`records.snapshot`) its patient has to know: when (UTC, ISO 8601), with whom (public
    identity), and whether it is agreed."""
    return {
        "start": snapshot["start"],
        "doctor": snapshot["doctor"],
        "standing": STANDING.get(snapshot["status"], AGREED),
    }


def news_between(was: Facts, now: Facts) -> Kind | None:
    """What has to be told to a patient who knows `was` ({}: nothing) where `now` is true; None: nothing."""
    if was == now:
        return None
    if now["standing"] == OFF:
        return Kind.CANCELLED if was and was["standing"] != OFF else None
    if was and was["standing"] != OFF and _place(was) != _place(now):
        return Kind.MOVED
    return Kind.RECEIVED if now["standing"] == PENDING else Kind.CONFIRMED


def write(
    appointment: Appointment,
    snapshot: Mapping[str, Any],
    kind: AppointmentEvent.Kind,
    change: Change,
    before: Mapping[str, Any],
) -> None:
    """Add what this change of a visit has to tell; in its transaction, at most 1 statement, and 1 or 2 more
    where the visit turned out to be another patient's.

    `snapshot`: the visit as it is now. `before`: what its event keeps of how it was.
    """
    if not settings.NOTICE_CHANNELS:
        return
    earlier = {name: before.get(name, value) for name, value in snapshot.items()}
    if not AT_THE_CLINIC.isdisjoint({snapshot["status"], earlier["status"]}):
        return
    now = facts_of(snapshot)
    was: Facts = facts_of(earlier)
    if change.now >= max(datetime.fromisoformat(facts["start"]) for facts in (now, was)):
        return
    if "patient" in before and before["patient"] != str(appointment.patient.uuid):
        _tell_former_patient(appointment, UUID(before["patient"]), was, change)
        was = NOBODY_KNOWS
    elif kind == AppointmentEvent.Kind.BOOKED:
        was = NOBODY_KNOWS
    news = news_between(was, now)
    if news is not None:
        NOTICES.one(vars(notice_of(appointment, news, was=was, now=change.now)))


def notice_of(appointment: Appointment, kind: Kind, *, was: Facts, now: datetime, **more: Any) -> Notice:
    """An unsaved row, due when it can no longer be taken back. `more`: other columns."""
    values: dict[str, Any] = {
        "version": appointment.version,
        "starts_at": appointment.appointment_datetime,
        "due_at": now + timedelta(minutes=settings.NOTICE_UNDO_MINUTES),
    }
    return Notice(appointment_id=appointment.pk, kind=kind, was=dict(was), created_at=now, **(values | more))


def _tell_former_patient(appointment: Appointment, former: UUID, was: Facts, change: Change) -> None:
    """That the visit is not theirs, if they were told of it."""
    key = Patient.objects.filter(uuid=former).values_list("pk", flat=True).first()
    row = notice_of(appointment, Kind.CANCELLED, was=was, now=change.now, former_patient_id=key)
    NOTICES.one(vars(row))


def _place(facts: Facts) -> tuple[str, str]:
    return facts["start"], facts["doctor"]
