"""The only writer of whether a patient knows what became of a visit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max

from accounts.models import User
from scheduling.booking.change import Change
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Call, Doctor

Outcome = Call.Outcome


class SomebodyWasQuicker(Exception):
    """More has been written down of this visit than the asker has seen."""


def must_be_told(
    visits: Sequence[tuple[Appointment, dict[str, Any]]], change: Change, *, words: str = ""
) -> None:
    """In the transaction that moved or cancelled the visits: the patients do not know it yet.

    Each comes with the snapshot of what it was (`records.snapshot`). `words`: what they are to be told.
    """
    if not visits:
        return
    last = _last(visit.pk for visit, _was in visits)
    doctors = {str(uuid): pk for uuid, pk in _keys(was["doctor"] for _visit, was in visits)}
    Call.objects.bulk_create(
        Call(
            appointment=visit,
            number=last.get(visit.pk, 0) + 1,
            outcome=Outcome.TO_CALL,
            at=change.now,
            by=change.by,
            words=words,
            doctor_id=doctors[was["doctor"]],
            was_at=datetime.fromisoformat(was["start"]),
        )
        for visit, was in visits
    )


def note(uuid: UUID, outcome: Call.Outcome, *, seen: int, by: User | None, now: datetime) -> Call:
    """Write down how a call went. `seen`: how many were written down of this visit when it was looked at.

    Asked twice, it is one. Raises `SomebodyWasQuicker` and Appointment.DoesNotExist.
    """
    try:
        return _note(uuid, outcome, seen=seen, by=by, now=now)
    except IntegrityError:
        return _note(uuid, outcome, seen=seen, by=by, now=now)  # it is there now, to be looked at


@in_one_transaction
def _note(uuid: UUID, outcome: Call.Outcome, *, seen: int, by: User | None, now: datetime) -> Call:
    visit = Appointment.objects.get(uuid=uuid)
    last = visit.calls.order_by("-number").first()
    number = last.number if last else 0
    if last is not None and number == seen + 1 and (last.outcome, last.by) == (outcome, by):
        return last
    if number != seen:
        raise SomebodyWasQuicker
    return Call.objects.create(
        appointment=visit,
        number=number + 1,
        outcome=outcome,
        at=now,
        by=by,
        doctor_id=last.doctor_id if last else visit.doctor_id,
        was_at=last.was_at if last else visit.appointment_datetime,
    )


def _last(keys: Iterable[int]) -> dict[int, int]:
    found = Call.objects.filter(appointment__in=list(keys)).order_by().values_list("appointment")
    return dict(found.annotate(Max("number")))


def _keys(uuids: Iterable[str]) -> list[tuple[UUID, int]]:
    return list(Doctor.objects.filter(uuid__in=set(uuids)).order_by().values_list("uuid", "pk"))
