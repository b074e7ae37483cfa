"""Taking a slip back: what returns, and what cannot because somebody has its time."""

from datetime import timedelta

import pytest

from scheduling.booking.actions import cancel, overbook, set_status, undo
from scheduling.booking.changing import Wish
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, AppointmentEvent, Source, Status
from tests.booking.asking import booked, lanes, last_event, refusal, stored, wish
from tests.conftest import madrid

TEN = madrid("2026-03-03 10:00")


@pytest.fixture
def visit(osei, ana, checkup):
    return booked(osei, ana, checkup, TEN)


def off(visit, *, now):
    return cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=None, now=now)


def test_a_revived_visit_claims_its_time_again(visit, rae, now):
    held, cancelled = lanes(visit), off(visit, now=now)
    revived = undo(Seen.of(cancelled), by=rae, now=now, reason="Wrong row", channel=Source.API)
    assert (revived.status, revived.version) == (Status.CONFIRMED, 3)
    assert lanes(visit) == held
    event = last_event(visit)
    assert (event.kind, event.by, event.at, event.channel) == ("undone", rae, now, "api")
    assert event.reason == "Wrong row"


def test_where_somebody_has_the_time_now_it_stays_cancelled(visit, osei, ben, checkup, rae, now, monkeypatch):
    cancelled = off(visit, now=now)
    booked(osei, ben, checkup, TEN + timedelta(minutes=15))
    ready = stored()
    assert refusal(undo, Seen.of(cancelled), by=rae, now=now) == {"doctor_taken"}
    monkeypatch.setattr("scheduling.booking.records.somebody_has_the_time_of", lambda visit: False)
    assert refusal(undo, Seen.of(cancelled), by=rae, now=now) == {"doctor_taken"}
    assert stored() == ready


def test_nothing_returns_beside_a_visit_in_another_lane(visit, osei, ben, checkup, rae, now):
    overbook(wish(osei, ben, checkup, TEN), reason="Pain", by=rae, now=now)
    cancelled = off(visit, now=now)
    assert refusal(undo, Seen.of(cancelled), by=rae, now=now) == {"doctor_taken"}


def test_where_the_patient_is_elsewhere_now_it_stays_cancelled(visit, lind, ana, checkup, rae, now):
    cancelled = off(visit, now=now)
    booked(lind, ana, checkup, TEN)
    ready = stored()
    assert refusal(undo, Seen.of(cancelled), by=rae, now=now) == {"patient_taken"}
    assert stored() == ready


def test_asked_twice_it_takes_one_step_back(visit, rae, now):
    seen = Seen.of(off(visit, now=now))
    first = undo(seen, by=rae, now=now)
    ready = stored()
    assert undo(seen, by=rae, now=now) == first
    assert undo(seen, Status.CONFIRMED, by=rae, now=now) == first
    assert stored() == ready


def test_what_was_taken_back_is_not_taken_back_again(visit, rae):
    arrived = set_status(Seen.of(visit), Status.ARRIVED, by=rae, now=TEN)
    undone = undo(Seen.of(arrived), by=rae, now=TEN)
    assert undone.status == Status.CONFIRMED
    assert refusal(undo, Seen.of(undone), by=rae, now=TEN) == {"nothing_to_undo"}


def test_a_patient_given_up_who_comes_after_all_has_arrived(visit, rae):
    missed = set_status(Seen.of(visit), Status.NO_SHOW, by=rae, now=TEN)
    assert lanes(visit) == []
    came = undo(Seen.of(missed), Status.ARRIVED, by=rae, now=TEN + timedelta(minutes=20))
    assert came.status == Status.ARRIVED
    assert len(lanes(visit)) == 6


def test_a_visit_called_off_for_another_day_has_not_arrived_yet(visit, rae, now):
    cancelled = off(visit, now=now)
    assert refusal(undo, Seen.of(cancelled), Status.ARRIVED, by=rae, now=now) == {"too_early"}


def test_a_status_that_the_history_does_not_know_is_left_to_a_person(visit, rae):
    """Written past the engine: by an import, or by hand."""
    Appointment.objects.update(status=Status.COMPLETED)
    AppointmentEvent.objects.filter(kind="status").delete()
    assert refusal(undo, Seen.of(visit), by=rae, now=TEN) == {"nothing_to_undo"}
