"""Short words for what tests ask of the engine."""

from uuid import uuid4

import pytest

from scheduling.booking.actions import Edit, book, edit
from scheduling.booking.proposal import Proposal
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, AppointmentEvent, Claim, Patient
from tests.conftest import NOW, madrid


def wish(doctor, patient, kind, start, **others):
    """A proposal; `start` is aware, or a text on Madrid's clocks."""
    start = madrid(start) if isinstance(start, str) else start
    return Proposal(uuid=uuid4(), doctor=doctor, patient=patient, visit_type=kind, start=start, **others)


def booked(doctor, patient, kind, start, now=NOW, by=None, **others):
    return book(wish(doctor, patient, kind, start, **others), by=by, now=now)


def refusal(action, *args, **kwargs):
    """The codes with which the action is refused."""
    with pytest.raises(Refused) as caught:
        action(*args, **kwargs)
    return caught.value.codes


def stored():
    """Everything that an action may write, to see that one wrote nothing."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Appointment, Claim, AppointmentEvent, Patient)
    ]


def lanes(visit):
    """The (grain, lane, patient) that the visit holds, ascending."""
    return list(
        Claim.objects.filter(appointment=visit).order_by("grain").values_list("grain", "lane", "patient")
    )


def last_event(visit):
    return AppointmentEvent.objects.filter(appointment=visit).order_by("pk").last()


def corrected(visit, now, by=None, **right):
    """The visit with what is right of it (`actions.Edit`)."""
    return edit(Seen.of(visit), Edit(**right), by=by, now=now)
