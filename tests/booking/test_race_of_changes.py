"""Moves, cancellations, undoing and changes of hours at once: a visit is in one place, never in none."""

from datetime import time, timedelta

import pytest

from scheduling.booking import hours
from scheduling.booking.actions import Wish, book, cancel, move, undo
from scheduling.booking.hours import Weekly
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status, TimeOff, WorkingHours
from scheduling.times.intervals import Interval
from tests.booking.clinic import DOCTORS, ROUNDS, START, Clinic, answers_of, at
from tests.booking.sound import (
    assert_as_promised,
    attempt,
    broken_promises,
    overlapping_hours,
    promises,
    refusals,
    state_of,
)
from tests.booking.together import WORKERS
from tests.conftest import NOW
from tests.weeks import replace_week

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

STALE = frozenset({"stale"})
CLINICS_WISH = {"reason": "Strike", "wish": Wish.CLINIC, "by": None, "now": NOW}


@pytest.fixture
def clinic():
    return Clinic()


@pytest.fixture
def visits(clinic):
    """A visit for every round, each of its own doctor and patient, an hour apart."""
    wishes = [clinic.wish(doctor=n, patient=n, start=at(0, n)) for n in range(DOCTORS)]
    return [book(wish, by=None, now=NOW) for wish in wishes]


def test_book_against_move_against_cancel_of_one_visit(clinic, visits):
    """Some call it off, some move it (half over its own old time), some want its time for themselves."""
    seen = [Seen.of(visit) for visit in visits]

    def change(worker, round_):
        match worker % 5:
            case 0:
                return attempt(cancel, seen[round_], **CLINICS_WISH)
            case 1 | 2:
                doctor = clinic.doctors[(round_ + worker % 2) % DOCTORS]
                start = at(15 * (1 + worker % 5 % 2) + 120, round_) if worker % 2 else at(15, round_)
                return attempt(move, seen[round_], doctor=doctor, start=start, by=None, now=NOW)
            case _:
                start = at(0 if worker % 2 else 15, round_)
                wish = clinic.wish(doctor=round_, patient=worker, start=start)
                return attempt(book, wish, by=None, now=NOW)

    answers = answers_of(change)
    assert STALE in refusals(answers)
    assert all(Appointment.objects.get(pk=visit.pk).version == 2 for visit in visits[:ROUNDS])
    assert_as_promised([*map(state_of, visits), *promises(answers)])


def test_many_who_move_into_one_time_leave_one_there_and_the_others_where_they_were(clinic):
    wishes = [
        clinic.wish(doctor=n % DOCTORS, patient=n, kind=0, start=at(25 * (n // DOCTORS)))
        for n in range(WORKERS // 2)
    ]
    visits = [book(wish, by=None, now=NOW) for wish in wishes]
    before = [state_of(visit) for visit in visits]

    def shift(worker, round_):
        if worker >= len(visits):
            return None
        start = START + timedelta(days=1, hours=round_)
        current = Appointment.objects.get(pk=visits[worker].pk)
        doctor = clinic.doctors[0]
        return attempt(move, Seen.of(current), doctor=doctor, start=start, by=None, now=NOW)

    answers = answers_of(shift)
    moved = promises(answers)
    assert len(moved) >= ROUNDS
    assert Appointment.objects.holding_time().count() == len(visits)
    assert frozenset({"doctor_taken"}) in refusals(answers)
    assert_as_promised([*before, *moved])


def test_undoing_a_cancellation_against_a_new_booking_of_its_time(clinic, visits, rae):
    cancelled = [cancel(Seen.of(visit), **CLINICS_WISH) for visit in visits]

    def want(worker, round_):
        if worker % 2:
            return attempt(undo, Seen.of(cancelled[round_]), by=rae, now=NOW)
        wish = clinic.wish(doctor=round_, patient=worker, start=at(5 * (worker % 5), round_))
        return attempt(book, wish, by=None, now=NOW)

    answers = answers_of(want)
    # Whoever books for the very patient may be told of the patient's visit: it came back between two reads.
    assert {
        codes for codes in refusals(answers) if codes.isdisjoint({"doctor_taken", "patient_taken"})
    } == set()
    for visit in visits[:ROUNDS]:
        assert Appointment.objects.holding_time().filter(doctor=visit.doctor).count() == 1
    assert_as_promised([*map(state_of, visits), *map(state_of, cancelled), *promises(answers)])


WEEKS = [
    [Weekly(day, time(9), time(14)) for day in range(5)],
    [Weekly(day, time(9), time(12)) for day in range(5)],
    [Weekly(day, time(10), time(16)) for day in range(5)],
    [Weekly(day, time(8), time(11)) for day in range(5)] + [Weekly(0, time(12), time(13))],
]


def test_hours_that_change_meanwhile_never_disturb_the_schedule(clinic):
    day_off = Interval(START, START + timedelta(hours=1))

    def work(worker, round_):
        doctor = clinic.doctors[round_]
        match worker % 10:
            case 0:
                replace_week(doctor, WEEKS[worker // 10 % len(WEEKS)], by=None, now=NOW)
            case 1:
                return _time_off(doctor, day_off)
            case _:
                start = at(15 * (worker % 7), 0) + timedelta(days=round_)
                wish = clinic.wish(doctor=round_, patient=worker, start=start)
                return attempt(book, wish, by=None, now=NOW)
        return None

    answers = answers_of(work)
    for doctor in clinic.doctors[:ROUNDS]:
        rows = WorkingHours.objects.filter(doctor=doctor)
        assert {Weekly(row.weekday, row.starts, row.ends) for row in rows} in [set(week) for week in WEEKS]
    assert overlapping_hours() == []
    assert TimeOff.objects.count() == ROUNDS
    known = {"doctor_taken", "outside_hours", "time_off", "overlap"}
    assert all(codes <= known for codes in refusals(answers))
    assert_as_promised(promises(answers))


def _time_off(doctor, span):
    try:
        hours.add_time_off(doctor, span, reason="Course", by=None, now=NOW)
    except Refused as refused:
        return refused.codes
    return None


# -- Controls: each must be caught ----------------------------------------------------------------


def test_a_move_in_two_steps_is_caught_losing_visits(clinic, visits, rae):
    """Cancel, then book anew: whoever finds the new time taken has neither."""

    def move_in_two_steps(worker, round_):
        if worker >= DOCTORS:
            return None
        seen = Seen.of(visits[worker])
        if round_ == 0:
            cancel(seen, **CLINICS_WISH)
            wish = clinic.wish(doctor=0, patient=worker, start=START + timedelta(days=1))
            return attempt(book, wish, by=None, now=NOW)
        return None

    answers = answers_of(move_in_two_steps)
    assert len(promises(answers)) == 1
    assert Appointment.objects.holding_time().count() == 1 < DOCTORS


def test_a_change_that_does_not_compare_versions_is_caught(clinic, visits, monkeypatch):
    """The last writer wins, and somebody's change is gone although it was promised."""

    def overwrite(current, seen, *, now, **values):
        Appointment.objects.filter(pk=current.pk).update(**values, version=seen.version + 1)
        return Appointment.objects.with_people().get(pk=current.pk)

    monkeypatch.setattr("scheduling.booking.records.change", overwrite)
    monkeypatch.setattr("scheduling.booking.records.compare", lambda *args: None)
    # Else the database would refuse a second event of one version, and the control could not do its worst.
    monkeypatch.setattr("scheduling.booking.records.record_event", lambda *args, **kwargs: None)
    seen = [Seen.of(visit) for visit in visits]

    def shift(worker, round_):
        start = at(15 * (worker % 8), round_)
        doctor = clinic.doctors[round_]
        return attempt(move, seen[round_], doctor=doctor, start=start, by=None, now=NOW)

    answers = answers_of(shift)
    found = broken_promises([*map(state_of, visits), *promises(answers)])
    assert {what for what, _ in found} >= {"told two things"}


def test_a_promised_visit_that_is_gone_is_missed(clinic, visits):
    promised = [state_of(visit) for visit in visits]
    assert broken_promises(promised) == set()
    assert broken_promises(promised[1:]) == {("nobody was told", visits[0].uuid)}
    ghost = clinic.wish(doctor=0, patient=0, start=START).uuid
    lost = (ghost, 1, START, clinic.doctors[0].pk, Status.CONFIRMED)
    assert broken_promises([*promised, lost]) == {("lost", ghost)}
    Appointment.objects.filter(pk=visits[0].pk).update(version=3)
    assert broken_promises(promised) == {("a change is lost or was told to nobody", visits[0].uuid)}
    Appointment.objects.filter(pk=visits[0].pk).update(version=1, appointment_datetime=START + timedelta(1))
    assert broken_promises(promised) == {("stands elsewhere", visits[0].uuid)}
