"""Correcting a visit: what is written, which time it takes or frees, what is refused, and taking it back."""

from datetime import timedelta

import pytest

from scheduling.booking import integrity
from scheduling.booking.actions import (
    Edit,
    Stale,
    Wish,
    cancel,
    edit,
    overbook,
    set_status,
    undo_edit,
)
from scheduling.booking.merging import merge
from scheduling.booking.seen import Seen
from scheduling.models import Claim, Source, Status, VisitType
from scheduling.times import grid
from tests import factories
from tests.booking.asking import booked, corrected, lanes, last_event, stored, wish
from tests.conftest import madrid

TEN, ELEVEN = madrid("2026-03-03 10:00"), madrid("2026-03-03 11:00")


@pytest.fixture
def visit(osei, ana, checkup):
    return booked(osei, ana, checkup, TEN, description="Cough")


@pytest.fixture
def long(db):
    return factories.VisitTypeFactory(name="First visit", minutes=45, buffer_minutes=10)


def refused(visit, now, by=None, accepted=frozenset(), **right):
    """The (code, field) of each problem; nothing may have been written."""
    before = stored()
    with pytest.raises(Exception) as caught:
        edit(Seen.of(visit), Edit(**right), by=by, now=now, accepted=accepted)
    assert stored() == before
    return [(problem.code, problem.field) for problem in caught.value.problems]


def held(visit):
    return [grain for grain, _, _ in lanes(visit)]


class TestCorrecting:
    def test_all_at_once_is_one_change_and_one_event_that_says_from_what_to_what(
        self, visit, checkup, long, ana, ben, rae, now
    ):
        right = {"visit_type": long, "minutes": 50, "description": "Cough, deaf", "patient": ben}
        after = edit(Seen.of(visit), Edit(**right), by=rae, now=now, channel=Source.API)
        assert (after.visit_type, after.minutes, after.buffer_minutes) == (long, 50, 10)
        assert (after.description, after.patient) == ("Cough, deaf", ben)
        assert (after.doctor, after.appointment_datetime) == (visit.doctor, TEN)
        assert (after.version, after.updated_at) == (2, now)
        assert lanes(visit) == [
            *((grain, 0, ben.pk) for grain in grid.grains(TEN, 50)),
            *((grain, 0, None) for grain in grid.grains(TEN + timedelta(minutes=50), 10)),
        ]
        event = last_event(visit)
        assert (event.kind, event.by, event.at, event.channel, event.version) == (
            "edited",
            rae,
            now,
            "api",
            2,
        )
        assert event.before == {
            "visit_type": str(checkup.uuid),
            "minutes": 30,
            "buffer_minutes": 0,
            "description": "Cough",
            "patient": str(ana.uuid),
        }
        assert event.after == {
            "visit_type": str(long.uuid),
            "minutes": 50,
            "buffer_minutes": 10,
            "description": "Cough, deaf",
            "patient": str(ben.uuid),
        }
        assert integrity.problems(now=now) == []

    def test_another_type_brings_its_length_and_buffer(self, visit, long, now):
        after = corrected(visit, now, visit_type=long)
        assert (after.minutes, after.buffer_minutes) == (45, 10)
        assert held(visit) == list(grid.grains(TEN, 55))

    def test_the_same_type_is_no_reason_to_take_its_length_anew(self, visit, checkup, now):
        VisitType.objects.filter(pk=checkup.pk).update(minutes=60, is_active=False)
        checkup.refresh_from_db()
        after = corrected(visit, now, visit_type=checkup, description="Fever")
        assert (after.minutes, after.description) == (30, "Fever")
        assert set(last_event(visit).after) == {"description"}

    def test_shorter_frees_the_time(self, visit, osei, ben, checkup, now):
        corrected(visit, now, minutes=15)
        booked(osei, ben, checkup, TEN + timedelta(minutes=15))
        assert held(visit) == list(grid.grains(TEN, 15))

    def test_nothing_to_change_writes_nothing_whatever_was_seen(self, visit, checkup, ana, now):
        before = stored()
        same = {"visit_type": checkup, "minutes": 30, "description": "Cough", "patient": ana}
        assert corrected(visit, now, **same).version == 1
        assert edit(Seen(visit.uuid, 7), Edit(), by=None, now=now).version == 1
        assert stored() == before

    def test_asked_twice_it_is_done_once(self, visit, long, now):
        first = corrected(visit, now, visit_type=long)
        assert edit(Seen.of(visit), Edit(visit_type=long), by=None, now=now).version == first.version == 2

    def test_who_comes_second_is_told_what_the_first_did(self, visit, now):
        corrected(visit, now, description="Fever")
        with pytest.raises(Stale) as caught:
            corrected(visit, now, minutes=15)
        assert (caught.value.current.description, caught.value.last.kind) == ("Fever", "edited")

    def test_an_overlap_of_a_patients_own_visits_that_was_kept_stays_kept(self, visit, ana, now):
        Claim.objects.filter(appointment=visit).update(patient=None)  # as the old book's are
        corrected(visit, now, minutes=20)
        assert [patient for _, _, patient in lanes(visit)] == [None] * 4
        moved = edit(Seen(visit.uuid, 2), Edit(minutes=10, start=ELEVEN), by=None, now=now)
        assert [patient for _, _, patient in lanes(moved)] == [ana.pk] * 2
        assert integrity.problems(now=now) == []

    def test_a_record_that_was_merged_meanwhile_gives_the_visit_to_the_one_that_stands(
        self, visit, ben, max_, now
    ):
        kept = factories.PatientFactory()
        merge(Seen.of(kept), Seen.of(ben), {}, by=max_, now=now)
        after = corrected(visit, now, patient=ben)
        assert after.patient == kept
        assert {patient for _, _, patient in lanes(visit)} == {kept.pk}
        assert last_event(visit).after == {"patient": str(kept.uuid)}


class TestRefusals:
    def test_longer_does_not_fit_before_the_next_visit(self, visit, osei, ben, checkup, now):
        booked(osei, ben, checkup, TEN + timedelta(minutes=40))
        assert refused(visit, now, minutes=45) == [("doctor_taken", "minutes")]
        assert corrected(visit, now, minutes=40).minutes == 40

    def test_nor_into_the_buffer_of_an_overbooked_one_or_with_its_own(
        self, visit, osei, ben, checkup, long, now
    ):
        booked(osei, ben, checkup, TEN + timedelta(minutes=45))
        assert refused(visit, now, visit_type=long) == [("doctor_taken", "minutes")]

    def test_nor_where_the_patient_is_elsewhere(self, visit, lind, ana, checkup, now):
        booked(lind, ana, checkup, TEN + timedelta(minutes=30))
        assert refused(visit, now, minutes=35) == [("patient_taken", "minutes")]

    def test_another_patient_must_be_free_for_all_of_it(self, visit, lind, ben, checkup, now):
        booked(lind, ben, checkup, TEN - timedelta(minutes=15))
        assert refused(visit, now, patient=ben) == [("patient_taken", "patient")]

    def test_longer_than_the_doctors_hours_needs_the_right_and_the_word(self, osei, ana, checkup, max_, now):
        last = booked(osei, ana, checkup, madrid("2026-03-03 13:30"))
        outside = frozenset({"outside_hours"})
        assert refused(last, now, by=max_, minutes=40) == [("outside_hours", "minutes")]
        assert refused(last, now, accepted=outside, minutes=40) == [("outside_hours", "minutes")]
        after = edit(Seen.of(last), Edit(minutes=40), by=max_, now=now, accepted=outside)
        assert (after.minutes, last_event(last).after["accepted"]) == (40, ["outside_hours"])

    def test_what_stands_outside_hours_may_be_corrected_where_it_takes_no_more(
        self, osei, ana, ben, checkup, max_, now
    ):
        evening = booked(
            osei, ana, checkup, madrid("2026-03-03 18:00"), by=max_, accepted=frozenset({"outside_hours"})
        )
        after = corrected(evening, now, patient=ben, minutes=20, description="Late")
        assert (after.patient, after.minutes) == (ben, 20)
        assert refused(after, now, minutes=25) == [("outside_hours", "minutes")]

    def test_a_visit_that_is_running_may_get_longer(self, visit, osei, now):
        osei.is_active = False
        osei.save()
        later = TEN + timedelta(minutes=10)
        arrived = set_status(Seen.of(visit), Status.ARRIVED, by=None, now=later)
        running = set_status(Seen.of(arrived), Status.IN_PROGRESS, by=None, now=later)
        assert corrected(running, later, minutes=45).minutes == 45

    def test_of_a_visit_that_is_over_the_length_stands(self, visit, long, ben, now):
        over = set_status(Seen.of(visit), Status.ARRIVED, by=None, now=TEN)
        over = set_status(Seen.of(over), Status.COMPLETED, by=None, now=TEN)
        assert refused(over, TEN, minutes=45) == [("length_stands", "minutes")]
        after = corrected(over, TEN, visit_type=long, patient=ben, description="Asthma")
        assert (after.visit_type, after.minutes, after.buffer_minutes) == (long, 30, 0)
        assert (after.patient, after.description) == (ben, "Asthma")

    @pytest.mark.parametrize("status", ["cancelled", "no_show", "entered_in_error"])
    def test_what_holds_no_time_is_not_corrected(self, visit, status, now):
        if status == "cancelled":
            ended = cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=None, now=now)
        else:
            ended = set_status(Seen.of(visit), Status(status), by=None, now=TEN + timedelta(hours=1))
        assert refused(ended, now, description="Fever") == [("not_from_here", "status")]

    def test_what_is_switched_off_is_not_chosen_anew(self, visit, long, ben, now):
        long.is_active = ben.is_active = False
        long.save()
        ben.save()
        assert refused(visit, now, visit_type=long, patient=ben) == [
            ("patient_inactive", "patient"),
            ("visit_type_inactive", "visit_type"),
        ]

    def test_bounds_are_those_of_booking(self, visit, now):
        assert refused(visit, now, minutes=4, description="x" * 1001) == [
            ("minutes_out_of_range", "minutes"),
            ("description_too_long", "description"),
        ]


class TestBesideOthers:
    @pytest.fixture
    def extra(self, visit, osei, ben, max_, now):
        osei.overbook_limit = 1
        osei.save()
        short = factories.VisitTypeFactory(minutes=10)
        return overbook(wish(osei, ben, short, TEN), reason="Fever", by=max_, now=now)

    def test_an_overbooked_visit_stays_beside_the_other(self, extra, lind, ana, now):
        after = corrected(extra, now, description="High fever")
        assert {lane for _, lane, _ in lanes(after)} == {1}
        assert after.overbook_reason == "Fever"

    def test_who_may_overbook_makes_it_longer_beside_the_other(self, extra, max_, rae, now):
        assert refused(extra, now, minutes=20) == [("doctor_taken", "minutes")]
        after = corrected(extra, now, by=max_, minutes=40)
        assert held(after) == list(grid.grains(TEN, 40))
        assert {lane for _, lane, _ in lanes(after)} == {1}

    def test_but_not_over_a_third(self, extra, osei, max_, now):
        kind = factories.VisitTypeFactory(minutes=10)
        third = wish(osei, factories.PatientFactory(), kind, TEN + timedelta(minutes=15))
        overbook(third, reason="Child", by=max_, now=now)
        assert refused(extra, now, by=max_, minutes=20) == [("doctor_taken", "minutes")]

    def test_a_normal_visit_never_grows_into_an_overbooked_one(self, visit, extra, max_, now):
        shorter = corrected(visit, now, minutes=5)
        assert refused(shorter, now, by=max_, minutes=15) == [("doctor_taken", "minutes")]


class TestMovingAlong:
    def test_what_does_not_fit_may_move_with_the_correction(self, visit, osei, lind, ben, checkup, now):
        booked(osei, ben, checkup, TEN + timedelta(minutes=30))
        after = corrected(visit, now, minutes=45, doctor=lind, start=ELEVEN)
        assert (after.minutes, after.doctor, after.appointment_datetime) == (45, lind, ELEVEN)
        assert held(after) == list(grid.grains(ELEVEN, 45))
        event = last_event(visit)
        assert event.before == {
            "minutes": 30,
            "doctor": str(osei.uuid),
            "start": "2026-03-03T09:00:00+00:00",
        }
        assert undo_edit(Seen.of(after), by=None, now=now).appointment_datetime == TEN

    def test_there_the_rules_of_moving_hold(self, visit, osei, now):
        gone = {"minutes": 45, "doctor": osei, "start": now - timedelta(hours=1)}
        assert ("in_the_past", "start") in refused(visit, now, **gone)
        arrived = set_status(Seen.of(visit), Status.ARRIVED, by=None, now=TEN)
        assert refused(arrived, TEN, start=ELEVEN) == [("not_from_here", "status")]
