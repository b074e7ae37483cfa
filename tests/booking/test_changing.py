"""Moving, cancelling, a step on: what is written, what is kept, what is refused."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking import hours_lock, integrity
from scheduling.booking.actions import Stale, cancel, move, overbook, set_status, undo
from scheduling.booking.changing import Wish
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Claim, Source, Status, VisitType
from scheduling.times import grid
from tests import factories
from tests.booking.asking import booked, lanes, last_event, refusal, stored, wish
from tests.conftest import madrid
from tests.environment import on_mariadb

TEN, ELEVEN = madrid("2026-03-03 10:00"), madrid("2026-03-03 11:00")


@pytest.fixture
def visit(osei, ana, checkup):
    return booked(osei, ana, checkup, TEN)


def told(event):
    return (event.kind, event.by, event.at, event.channel, event.reason)


def off(visit, by=None, *, reason="Ill", now):
    return cancel(Seen.of(visit), reason=reason, wish=Wish.PATIENT, by=by, now=now)


class TestMoving:
    def test_a_move_takes_the_new_time_and_leaves_the_old(self, visit, lind, ana, rae, now):
        moved = move(
            Seen.of(visit), doctor=lind, start=ELEVEN, by=rae, now=now, reason=" Bus ", channel=Source.API
        )
        stored_now = Appointment.objects.get()
        assert moved == stored_now
        assert (stored_now.doctor, stored_now.appointment_datetime) == (lind, ELEVEN)
        assert (stored_now.version, stored_now.updated_at, stored_now.created_at) == (2, now, now)
        assert lanes(visit) == [(grain, 0, ana.pk) for grain in grid.grains(ELEVEN, 30)]
        assert set(Claim.objects.values_list("doctor", flat=True)) == {lind.pk}
        event = last_event(visit)
        assert told(event) == ("moved", rae, now, "api", "Bus")
        facts = {"status": "confirmed", "minutes": 30}
        assert event.before == facts | {
            "start": "2026-03-03T09:00:00+00:00",
            "doctor": str(visit.doctor.uuid),
        }
        assert event.after == facts | {"start": "2026-03-03T10:00:00+00:00", "doctor": str(lind.uuid)}
        assert integrity.problems(now=now) == []

    def test_the_visit_keeps_its_own_minutes_and_buffer_whatever_became_of_its_type(self, osei, ana, now):
        kind = factories.VisitTypeFactory(minutes=40, buffer_minutes=10)
        visit = booked(osei, ana, kind, TEN)
        VisitType.objects.filter(pk=kind.pk).update(minutes=15, buffer_minutes=0, is_active=False)
        moved = move(Seen.of(visit), doctor=osei, start=ELEVEN, by=None, now=now)
        assert (moved.minutes, moved.buffer_minutes, moved.visit_type) == (40, 10, kind)
        held = lanes(visit)
        assert [grain for grain, _, _ in held] == list(grid.grains(ELEVEN, 50))
        assert [patient for _, _, patient in held] == [ana.pk] * 8 + [None] * 2

    @pytest.mark.parametrize("minutes", [-25, -5, 5, 25])
    def test_a_visit_may_move_onto_a_part_of_its_own_time(self, visit, osei, now, minutes):
        moved = move(Seen.of(visit), doctor=osei, start=TEN + timedelta(minutes=minutes), by=None, now=now)
        assert moved.appointment_datetime == TEN + timedelta(minutes=minutes)
        assert integrity.problems(now=now) == []

    def test_a_refused_move_keeps_the_old_time(self, visit, osei, lind, ana, ben, checkup, now, monkeypatch):
        booked(osei, ben, checkup, ELEVEN)
        ready = stored()

        def asked(doctor, start, version=0):
            seen = replace(Seen.of(visit), version=visit.version + version)
            return refusal(move, seen, doctor=doctor, start=start, by=None, now=now)

        assert asked(osei, ELEVEN) == {"doctor_taken"}
        assert asked(osei, madrid("2026-03-03 15:00")) == {"outside_hours"}
        assert asked(osei, TEN + timedelta(minutes=2)) == {"off_the_grid"}
        assert stored() == ready
        # The rules look away, as they do when another desk commits between their look and our write.
        monkeypatch.setattr("scheduling.booking.rules.problems_with", lambda *args, **kwargs: [])
        assert asked(osei, ELEVEN) == {"doctor_taken"}
        assert stored() == ready

    def test_the_patients_other_visit_stands_in_the_way(
        self, visit, osei, lind, ana, checkup, now, monkeypatch
    ):
        booked(lind, ana, checkup, ELEVEN)
        ready = stored()
        asked = {"doctor": osei, "start": ELEVEN, "by": None, "now": now}
        assert refusal(move, Seen.of(visit), **asked) == {"patient_taken"}
        monkeypatch.setattr("scheduling.booking.rules.problems_with", lambda *args, **kwargs: [])
        assert refusal(move, Seen.of(visit), **asked) == {"patient_taken"}
        assert stored() == ready

    def test_asked_twice_it_moves_once(self, visit, osei, now):
        seen = Seen.of(visit)
        first = move(seen, doctor=osei, start=ELEVEN, by=None, now=now)
        ready = stored()
        again = move(seen, doctor=osei, start=ELEVEN, by=None, now=now + timedelta(minutes=1))
        assert (again, again.version) == (first, 2)
        assert stored() == ready

    def test_a_cancelled_visit_is_not_moved_not_even_to_where_it_stood(self, visit, osei, now):
        cancelled = off(visit, now=now)
        for start in (TEN, ELEVEN):
            asked = {"doctor": osei, "start": start, "by": None, "now": now}
            assert refusal(move, Seen.of(cancelled), **asked) == {"not_from_here"}
            with pytest.raises(Stale):
                move(Seen.of(visit), **asked)

    @pytest.mark.parametrize("status", [Status.ARRIVED, Status.NO_SHOW, Status.ENTERED_IN_ERROR])
    def test_only_a_visit_that_is_still_to_come_is_moved(self, visit, osei, status):
        changed = set_status(Seen.of(visit), status, by=None, now=TEN)
        asked = {"doctor": osei, "start": ELEVEN, "by": None, "now": TEN}
        assert refusal(move, Seen.of(changed), **asked) == {"not_from_here"}

    def test_an_overbooked_visit_returns_to_the_normal_lane(self, visit, osei, ben, checkup, rae, now):
        extra = overbook(wish(osei, ben, checkup, TEN), reason="Pain", by=rae, now=now)
        assert {lane for _, lane, _ in lanes(extra)} == {1}
        moved = move(Seen.of(extra), doctor=osei, start=ELEVEN, by=rae, now=now)
        assert {lane for _, lane, _ in lanes(extra)} == {0}
        assert moved.overbook_reason == ""
        assert integrity.problems(now=now) == []

    def test_a_move_outside_the_hours_needs_the_right_and_says_that_it_was_meant(
        self, visit, osei, rae, max_, now
    ):
        asked = {
            "doctor": osei,
            "start": madrid("2026-03-03 15:00"),
            "now": now,
            "accepted": frozenset({"outside_hours"}),
        }
        assert refusal(move, Seen.of(visit), **asked, by=rae) == {"outside_hours"}
        moved = move(Seen.of(visit), **asked, by=max_)
        assert moved.appointment_datetime == madrid("2026-03-03 15:00")
        assert last_event(visit).after["accepted"] == ["outside_hours"]

    def test_a_patient_moves_no_visit_to_a_time_that_the_patients_door_does_not_offer(self, visit, osei, now):
        late = madrid("2026-06-09 10:00")
        asked = {"doctor": osei, "start": late, "by": None, "now": now}
        assert refusal(move, Seen.of(visit), **asked, channel=Source.PATIENT) == {"too_far_ahead"}
        assert move(Seen.of(visit), **asked).appointment_datetime == late

    def test_a_move_takes_a_fixed_number_of_queries(self, visit, osei, lind, now, django_assert_num_queries):
        hours_lock.take([lind.pk])
        # Look; savepoint twice, look, hours and claims, update, look, delete, insert, event; where several
        # write at a time, the lock of the hours.
        with django_assert_num_queries(11 if on_mariadb() else 10):
            move(Seen.of(visit), doctor=lind, start=ELEVEN, by=None, now=now)


class TestCancelling:
    def test_a_cancellation_frees_the_time_and_stays_as_history(self, visit, ben, checkup, rae, now):
        cancelled = off(visit, rae, reason=" Has a cold ", now=now)
        assert (cancelled.status, cancelled.version) == (Status.CANCELLED, 2)
        assert lanes(visit) == []
        event = last_event(visit)
        assert told(event) == ("cancelled", rae, now, "desk", "Has a cold")
        assert event.before == {"status": "confirmed"}
        assert event.after == {"status": "cancelled", "wish": "patient"}
        booked(visit.doctor, ben, checkup, TEN)
        assert integrity.problems(now=now) == []

    @pytest.mark.parametrize(
        ("reason", "code"),
        [("", "reason_missing"), ("  ", "reason_missing"), ("x" * 1001, "reason_too_long")],
    )
    def test_it_asks_for_a_reason_that_fits_the_history(self, visit, now, reason, code):
        ready = stored()
        assert refusal(off, visit, reason=reason, now=now) == {code}
        assert stored() == ready

    def test_a_plain_change_of_status_does_not_cancel(self, visit, now):
        asked = {"by": None, "now": now, "reason": "Ill"}
        assert refusal(set_status, Seen.of(visit), Status.CANCELLED, **asked) == {"reason_missing"}

    def test_asked_twice_the_first_reason_stays(self, visit, now):
        off(visit, now=now)
        ready = stored()
        assert off(visit, reason="Another", now=now).status == Status.CANCELLED
        assert stored() == ready


class TestTwoClerks:
    def test_the_second_is_told_what_the_first_did(self, visit, osei, rae, max_, now):
        seen = Seen.of(visit)
        move(seen, doctor=osei, start=ELEVEN, by=max_, now=now)
        ready = stored()
        later = {"by": rae, "now": now + timedelta(minutes=1)}
        for second in (
            lambda: move(seen, doctor=osei, start=ELEVEN + timedelta(hours=1), **later),
            lambda: cancel(seen, reason="Ill", wish=Wish.CLINIC, **later),
            lambda: set_status(seen, Status.ENTERED_IN_ERROR, **later),
            lambda: undo(seen, **later),
        ):
            with pytest.raises(Stale, match="version 2") as caught:
                second()
            assert caught.value.current.appointment_datetime == ELEVEN
            assert (caught.value.last.kind, caught.value.last.by) == ("moved", max_)
        assert stored() == ready

    def test_a_change_between_our_look_and_our_write_is_noticed(self, visit, rae, now, monkeypatch):
        Appointment.objects.update(version=2)
        monkeypatch.setattr("scheduling.booking.records.compare", lambda current, seen: None)
        with pytest.raises(Stale):
            set_status(Seen.of(visit), Status.ENTERED_IN_ERROR, by=rae, now=now)
        assert Appointment.objects.get().status == Status.CONFIRMED

    def test_an_appointment_that_never_was_is_not_found(self, osei, rae, now):
        nothing = Seen(uuid4(), 1)
        for action in (
            lambda: move(nothing, doctor=osei, start=TEN, by=rae, now=now),
            lambda: set_status(nothing, Status.ARRIVED, by=rae, now=now),
            lambda: undo(nothing, by=rae, now=now),
        ):
            with pytest.raises(Appointment.DoesNotExist):
                action()


class TestStatus:
    def test_a_step_writes_who_when_and_why(self, visit, rae):
        changed = set_status(
            Seen.of(visit), Status.ARRIVED, by=rae, now=TEN, reason=" Early ", channel=Source.API
        )
        assert (changed.status, changed.version, changed.updated_at) == (Status.ARRIVED, 2, TEN)
        event = last_event(visit)
        assert told(event) == ("status", rae, TEN, "api", "Early")
        assert (event.before, event.after) == ({"status": "confirmed"}, {"status": "arrived"})

    def test_asked_twice_it_is_one_step(self, visit, rae):
        set_status(Seen.of(visit), Status.ARRIVED, by=rae, now=TEN)
        ready = stored()
        assert set_status(Seen.of(visit), Status.ARRIVED, by=rae, now=TEN).version == 2
        assert stored() == ready

    def test_a_long_reason_is_refused_in_words(self, visit, rae):
        asked = {"by": rae, "now": TEN, "reason": "x" * 1001}
        assert refusal(set_status, Seen.of(visit), Status.ARRIVED, **asked) == {"reason_too_long"}
