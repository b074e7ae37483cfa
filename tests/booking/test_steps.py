"""What is offered is what the engine accepts: every status, on the day before, before the start, after it."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts import roles
from scheduling.booking.actions import Refused, Wish, cancel, move, set_status, undo
from scheduling.booking.rights import rights_of
from scheduling.booking.seen import Seen
from scheduling.booking.states import FORWARD
from scheduling.booking.steps import Steps, possible, taken_back_to
from scheduling.models import HOLDS_TIME, Appointment, AppointmentEvent, Claim, Status
from tests import factories
from tests.booking.asking import booked
from tests.conftest import MADRID, in_role, madrid

TEN = madrid("2026-03-03 10:00")
WHEN = {
    "the day before": madrid("2026-03-02 23:55"),
    "on the day": madrid("2026-03-03 00:00"),
    "at the start": TEN,
    "days later": TEN + timedelta(days=3),
}
EDGES = [(before, status) for before, after in FORWARD.items() for status in after]
Kind = AppointmentEvent.Kind


@pytest.fixture
def visit(osei, ana, checkup, db):
    return booked(osei, ana, checkup, TEN, status=Status.PENDING)


def stands(visit, status, *, before=None, undone=False):
    """The visit in a status, however it came there: some could not be reached so early by asking."""
    Appointment.objects.filter(pk=visit.pk).update(status=status, version=2)
    AppointmentEvent.objects.filter(appointment=visit, version=2).delete()
    kind = Kind.UNDONE if undone else Kind.CANCELLED if status == Status.CANCELLED else Kind.STATUS
    AppointmentEvent.objects.create(
        appointment=visit,
        version=2,
        at=TEN,
        kind=kind if before else Kind.MOVED,
        channel="desk",
        before={"status": before} if before else {},
        after={"status": status} if before else {},
    )
    return Seen(visit.uuid, 2)


def accepts(action, *args, **kwargs):
    """Whether the engine does it; it is taken back at once."""
    here = transaction.savepoint()
    try:
        action(*args, **kwargs)
    except Refused:
        return False
    finally:
        transaction.savepoint_rollback(here)
    return True


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("status", Status)
def test_a_step_on_is_offered_where_the_engine_accepts_it(visit, status, when, rae, lind):
    seen, now = stands(visit, status), WHEN[when]
    steps = possible(status, start=TEN, now=now, zone=MADRID, rights=frozenset())
    by = {"by": rae, "now": now}
    others = [to for to in Status if to not in {status, Status.CANCELLED}]
    assert steps.forward == {to for to in others if accepts(set_status, seen, to, **by)}
    assert steps.cancel == (
        status != Status.CANCELLED and accepts(cancel, seen, reason="Ill", wish=Wish.PATIENT, **by)
    )
    assert steps.move == accepts(move, seen, doctor=lind, start=TEN + timedelta(days=7), **by)
    assert steps.back == frozenset()


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("role", [roles.RECEPTIONIST, roles.DOCTOR])
def test_a_step_back_is_offered_where_the_engine_accepts_it(visit, when, role):
    user = in_role(factories.UserFactory(), role)
    now, rights = WHEN[when], rights_of(user)
    for before, status in sorted(EDGES, key=lambda edge: edge[1] not in HOLDS_TIME):
        seen = stands(visit, status, before=before)
        if status not in HOLDS_TIME:
            Claim.objects.all().delete()
        events = list(visit.events.all())
        steps = possible(
            status, start=TEN, now=now, zone=MADRID, rights=rights, before=taken_back_to(status, events)
        )
        accepted = {to for to in Status if to != status and accepts(undo, seen, to, by=user, now=now)}
        assert steps.back == accepted, (before, status)
        unasked = accepts(undo, seen, by=user, now=now)
        assert steps.before == (before if unasked else None), (before, status)


@pytest.mark.parametrize("status", Status)
def test_what_was_taken_back_or_never_changed_offers_nothing_to_take_back(visit, status, rae):
    for made in ({"before": Status.PENDING, "undone": True}, {}):
        seen = stands(visit, status, **made)
        assert taken_back_to(status, visit.events.all()) is None
        assert not accepts(undo, seen, by=rae, now=WHEN["days later"])


def test_a_visit_that_is_over_offers_nothing():
    steps = possible(Status.ENTERED_IN_ERROR, start=TEN, now=TEN, zone=MADRID, rights=frozenset())
    assert steps == Steps()
    assert not steps.any
    assert possible(Status.CANCELLED, start=TEN, now=TEN, zone=MADRID, rights=frozenset()).any
