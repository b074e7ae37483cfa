"""Knowingly beside a visit: a right, a reason and a limit; and what that leaves in the lanes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError

from scheduling.booking import integrity, making, rules
from scheduling.booking.actions import book, cancel, overbook
from scheduling.booking.changing import Wish
from scheduling.booking.openings import free_starts
from scheduling.booking.seen import Seen
from scheduling.models import Appointment
from scheduling.times import grid
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.asking import booked, lanes, last_event, refusal, stored, wish
from tests.conftest import madrid

TEN = madrid("2026-03-03 10:00")
HALF_PAST = TEN + timedelta(minutes=30)


@pytest.fixture
def visit(osei, ana, checkup):
    return booked(osei, ana, checkup, TEN)


@pytest.fixture
def extra(visit, ben, checkup):
    """What Ben asks for: the time that Ana has."""
    return wish(visit.doctor, ben, checkup, TEN)


def test_an_overbooked_visit_stands_in_its_own_lane_with_its_reason(extra, ben, rae, now):
    visit = overbook(extra, reason=" Strong pain ", by=rae, now=now)
    assert lanes(visit) == [(grain, 1, ben.pk) for grain in grid.grains(TEN, 30)]
    assert visit.overbook_reason == "Strong pain"
    event = last_event(visit)
    assert (event.kind, event.by, event.reason, event.after["lane"]) == ("booked", rae, "Strong pain", 1)
    assert integrity.problems(now=now) == []


def test_it_needs_the_right_a_reason_and_one_that_fits(extra, rae, max_, now):
    ready = stored()
    max_.groups.clear()
    assert refusal(overbook, extra, reason="Pain", by=max_, now=now) == {"not_allowed"}
    assert refusal(overbook, extra, reason=" ", by=rae, now=now) == {"reason_missing"}
    assert refusal(overbook, extra, reason="x" * 256, by=rae, now=now) == {"reason_too_long"}
    assert stored() == ready
    assert overbook(extra, reason="x" * 255, by=rae, now=now).overbook_reason == "x" * 255


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_lanes_fill_up_to_the_doctors_limit_and_no_further(visit, osei, checkup, rae, now, limit):
    osei.overbook_limit = limit
    osei.save()
    for lane in range(1, limit + 1):
        extra = wish(osei, factories.PatientFactory(), checkup, TEN)
        assert {held for _, held, _ in lanes(overbook(extra, reason="Pain", by=rae, now=now))} == {lane}
    one_more = wish(osei, factories.PatientFactory(), checkup, TEN)
    assert refusal(overbook, one_more, reason="Pain", by=rae, now=now) == {"overbook_limit"}


def test_a_lane_must_be_free_for_the_whole_time(visit, osei, checkup, rae, now):
    osei.overbook_limit = 2
    overbook(wish(osei, factories.PatientFactory(), checkup, TEN), reason="Pain", by=rae, now=now)
    across = wish(osei, factories.PatientFactory(), checkup, TEN + timedelta(minutes=15))
    assert {lane for _, lane, _ in lanes(overbook(across, reason="Pain", by=rae, now=now))} == {2}


def test_the_patient_is_in_one_place_even_so(visit, osei, lind, ana, ben, checkup, rae, now, monkeypatch):
    booked(lind, ben, checkup, TEN)
    ready = stored()

    def asked(patient):
        extra = wish(osei, patient, checkup, TEN, accepted=frozenset({"patient_taken"}))
        return refusal(overbook, extra, reason="Pain", by=rae, now=now)

    assert asked(ana) == {"patient_taken"}
    assert asked(ben) == {"patient_taken"}
    # The rules look away, as they do when another desk commits between their look and our write.
    taken = [rules.doctor_taken(osei)]
    monkeypatch.setattr("scheduling.booking.rules.problems_with", lambda *args, **kwargs: taken)
    assert asked(ben) == {"patient_taken"}
    assert stored() == ready


def test_any_other_reason_against_it_still_stands(visit, osei, ben, checkup, rae, now):
    extra = wish(osei, ben, checkup, madrid("2026-03-03 13:45"), description="x" * 1001)
    booked(osei, factories.PatientFactory(), checkup, "2026-03-03 13:30")
    codes = refusal(overbook, extra, reason="Pain", by=rae, now=now)
    assert codes == {"description_too_long", "outside_hours"}


def test_a_buffer_is_overbooked_as_a_visit_is(osei, ana, ben, checkup, rae, now):
    kind = factories.VisitTypeFactory(minutes=30, buffer_minutes=15)
    booked(osei, ana, kind, TEN)
    extra = wish(osei, ben, checkup, HALF_PAST)
    assert refusal(book, extra, by=rae, now=now) == {"buffer"}
    assert {lane for _, lane, _ in lanes(overbook(extra, reason="Pain", by=rae, now=now))} == {1}


def test_a_time_that_is_free_after_all_is_booked_as_any_other(osei, ben, checkup, rae, now):
    visit = overbook(wish(osei, ben, checkup, TEN), reason="Pain", by=rae, now=now)
    assert ({lane for _, lane, _ in lanes(visit)}, visit.overbook_reason) == ({0}, "")
    assert "lane" not in last_event(visit).after


def test_the_same_form_sent_twice_is_one_visit_and_with_other_content_is_told_so(extra, rae, now):
    first = overbook(extra, reason="Pain", by=rae, now=now)
    ready = stored()
    assert overbook(extra, reason="Pain", by=rae, now=now) == first
    other = replace(extra, description="Other")
    assert refusal(overbook, other, reason="Pain", by=rae, now=now) == {"already_booked"}
    assert stored() == ready


@pytest.mark.parametrize("action", ["book", "overbook"])
def test_accepting_that_a_time_is_taken_does_not_go_round_the_lanes(visit, extra, osei, rae, now, action):
    """The normal lane is free again beside an overbooked visit: still nobody enters it unasked."""
    overbook(extra, reason="Pain", by=rae, now=now)
    cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=rae, now=now)
    accepting = wish(osei, factories.PatientFactory(), extra.visit_type, TEN)
    accepting = replace(accepting, accepted=frozenset({"doctor_taken", "buffer"}))
    if action == "book":
        assert refusal(book, accepting, by=rae, now=now) == {"doctor_taken"}
    else:
        second = overbook(accepting, reason="Pain too", by=rae, now=now)
        assert second.overbook_reason == "Pain too"


def test_overbooked_time_is_not_offered_even_where_the_visit_beside_it_is_cancelled(visit, extra, rae, now):
    overbook(extra, reason="Pain", by=rae, now=now)
    cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=rae, now=now)
    span = Interval(madrid("2026-03-03 09:30"), madrid("2026-03-03 11:00"))
    starts = free_starts([visit.doctor], minutes=30, span=span, now=now)[visit.doctor_id]
    assert starts == [madrid("2026-03-03 09:30"), HALF_PAST]


class TestOthersAreQuicker:
    """Another desk commits between our look at the lanes and our write."""

    def quicker(self, monkeypatch, *lanes):
        """Answers of the look at the lanes that are wrong by then; afterwards it looks for itself."""
        answers, look = list(lanes), making._free_lane
        monkeypatch.setattr(making, "_free_lane", lambda p: answers.pop(0) if answers else look(p))

    def test_the_next_lane_is_taken(self, visit, extra, rae, now, monkeypatch):
        self.quicker(monkeypatch, 0)
        assert {lane for _, lane, _ in lanes(overbook(extra, reason="Pain", by=rae, now=now))} == {1}

    def test_when_every_lane_goes_to_others_the_limit_is_told(self, visit, extra, rae, now, monkeypatch):
        self.quicker(monkeypatch, 0, 0, 0, 0, 0)
        assert refusal(overbook, extra, reason="Pain", by=rae, now=now) == {"overbook_limit"}

    def test_the_same_form_sent_twice_at_once_is_one_visit_even_without_lanes(
        self, osei, ben, checkup, rae, now, monkeypatch
    ):
        osei.overbook_limit = 0
        form = wish(osei, ben, checkup, TEN)
        first = overbook(form, reason="Pain", by=rae, now=now)
        look, blind = making.booked_before, [True]
        monkeypatch.setattr(making, "booked_before", lambda p: None if blind and blind.pop() else look(p))
        monkeypatch.setattr(making, "problems_now", lambda *args, **kwargs: [])
        assert overbook(form, reason="Pain", by=rae, now=now) == first
        assert Appointment.objects.count() == 1

    def test_any_other_violation_is_no_answer(self, visit, extra, rae, now, monkeypatch):
        def broken(*args, **kwargs):
            raise IntegrityError("CHECK constraint failed")

        monkeypatch.setattr(making, "overbook", broken)
        with pytest.raises(IntegrityError, match="CHECK"):
            overbook(extra, reason="Pain", by=rae, now=now)
