"""Taking a correction back."""

from datetime import timedelta

import pytest

from scheduling.booking.actions import (
    move,
    set_status,
    undo,
    undo_edit,
)
from scheduling.booking.seen import Seen
from scheduling.models import Status
from tests import factories
from tests.booking.asking import booked, corrected, lanes, last_event, refusal
from tests.conftest import madrid

TEN, ELEVEN = madrid("2026-03-03 10:00"), madrid("2026-03-03 11:00")


@pytest.fixture
def visit(osei, ana, checkup):
    return booked(osei, ana, checkup, TEN, description="Cough")


@pytest.fixture
def long(db):
    return factories.VisitTypeFactory(name="First visit", minutes=45, buffer_minutes=10)


class TestTakingBack:
    def test_everything_is_as_it_was_and_the_history_says_so(self, visit, long, ben, rae, now):
        claims = lanes(visit)
        after = corrected(visit, now, visit_type=long, patient=ben, description="")
        back = undo_edit(Seen.of(after), by=rae, now=now)
        assert (back.visit_type, back.minutes, back.buffer_minutes) == (visit.visit_type, 30, 0)
        assert (back.patient, back.description, back.version) == (visit.patient, "Cough", 3)
        assert lanes(visit) == claims
        event = last_event(visit)
        assert (event.kind, event.by) == ("edited", rae)
        assert event.after["undone"] and event.after["description"] == "Cough"
        assert undo_edit(Seen.of(after), by=rae, now=now).version == 3  # asked twice

    def test_time_that_was_given_away_meanwhile_does_not_come_back(self, visit, osei, ben, checkup, now):
        after = corrected(visit, now, minutes=15)
        booked(osei, ben, checkup, TEN + timedelta(minutes=15))
        assert refusal(undo_edit, Seen.of(after), by=None, now=now) == {"doctor_taken"}

    def test_what_is_no_longer_offered_comes_back_all_the_same(self, visit, checkup, long, ana, ben, now):
        after = corrected(visit, now, visit_type=long, patient=ben)
        checkup.is_active = ana.is_active = False
        checkup.save()
        ana.save()
        back = undo_edit(Seen.of(after), by=None, now=now)
        assert (back.visit_type, back.patient) == (checkup, ana)

    def test_of_a_visit_without_a_type(self, osei, ana, checkup, now):
        old = booked(osei, ana, None, TEN, minutes=20)
        back = undo_edit(Seen.of(corrected(old, now, visit_type=checkup)), by=None, now=now)
        assert (back.visit_type, back.minutes) == (None, 20)

    def test_only_the_last_change_and_once(self, visit, osei, rae, now):
        nothing = {"nothing_to_undo"}
        assert refusal(undo_edit, Seen.of(visit), by=rae, now=now) == nothing
        after = corrected(visit, now, minutes=15)
        moved = move(Seen.of(after), doctor=osei, start=ELEVEN, by=rae, now=now)
        assert refusal(undo_edit, Seen.of(moved), by=rae, now=now) == nothing
        again = undo_edit(Seen.of(corrected(moved, now, minutes=20)), by=rae, now=now)
        assert refusal(undo_edit, Seen.of(again), by=rae, now=now) == nothing

    def test_a_step_before_the_correction_is_still_taken_back_by_undo(self, visit, rae, now):
        arrived = set_status(Seen.of(visit), Status.ARRIVED, by=rae, now=TEN)
        after = corrected(arrived, TEN, minutes=15)
        back = undo(Seen.of(after), by=rae, now=TEN)
        assert (back.status, back.minutes) == (Status.CONFIRMED, 15)
