"""Corrections at once, and against bookings and moves: a time is taken once, and all that is told is so."""

import pytest

from scheduling.booking.actions import Edit, book, edit, move, undo_edit
from scheduling.booking.seen import Seen
from scheduling.models import Appointment
from tests.booking.clinic import DOCTORS, ROUNDS, Clinic, answers_of, at
from tests.booking.sound import assert_as_promised, attempt, kinds, promises, refusals, state_of
from tests.booking.together import WORKERS
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

STALE, TAKEN = frozenset({"stale"}), frozenset({"doctor_taken"})
# Of a patient as well as of a doctor: who is told what depends on which of the two keys was there first.
LOST = (TAKEN, frozenset({"patient_taken"}), frozenset({"doctor_taken", "patient_taken"}))


@pytest.fixture
def clinic():
    return Clinic()


@pytest.fixture
def pairs(clinic):
    """Two visits of each doctor, 30 minutes each, with half an hour free between them."""
    patients = iter(range(WORKERS))
    return [
        [book(clinic.wish(doctor=n, patient=next(patients), start=at(m)), by=None, now=NOW) for m in (0, 60)]
        for n in range(DOCTORS)
    ]


def test_two_corrections_of_two_visits_never_take_the_same_time(clinic, pairs):
    """Half make the first visit longer, half move the second one earlier and longer."""
    seen = [[Seen.of(visit) for visit in pair] for pair in pairs]

    def change(worker, round_):
        first, second = seen[round_]
        if worker % 2:
            return attempt(edit, first, Edit(minutes=35 + 5 * (worker % 3)), by=None, now=NOW)
        there = {"start": at(30 + 5 * (worker % 3)), "minutes": 30 + 5 * (worker % 4)}
        return attempt(edit, second, Edit(**there), by=None, now=NOW)

    answers = answers_of(change)
    assert STALE in refusals(answers)
    assert_as_promised([*(state_of(visit) for pair in pairs for visit in pair), *promises(answers)])


def test_a_correction_against_a_booking_of_the_same_time(clinic, pairs):
    seen = [Seen.of(pair[0]) for pair in pairs]

    def want(worker, round_):
        if worker % 2:
            return attempt(edit, seen[round_], Edit(minutes=40), by=None, now=NOW)
        wish = clinic.wish(doctor=round_, patient=worker, kind=0, start=at(30 + 5 * (worker % 2)))
        return attempt(book, wish, by=None, now=NOW)

    answers = answers_of(want)
    for pair in pairs[:ROUNDS]:
        longer = Appointment.objects.get(pk=pair[0].pk).minutes == 40
        between = Appointment.objects.filter(doctor=pair[0].doctor, minutes=15)
        assert between.count() == 0 if longer else between.count() <= 1
    assert_as_promised([*(state_of(visit) for pair in pairs for visit in pair), *promises(answers)])


def test_a_correction_against_a_move_into_the_same_time_and_of_the_same_visit(clinic, pairs):
    seen = [[Seen.of(visit) for visit in pair] for pair in pairs]

    def want(worker, round_):
        first, second = seen[round_]
        doctor = clinic.doctors[round_]
        match worker % 3:
            case 0:
                return attempt(edit, first, Edit(minutes=45), by=None, now=NOW)
            case 1:
                return attempt(move, second, doctor=doctor, start=at(35), by=None, now=NOW)
            case _:
                return attempt(move, first, doctor=doctor, start=at(120), by=None, now=NOW)

    answers = answers_of(want)
    assert_as_promised([*(state_of(visit) for pair in pairs for visit in pair), *promises(answers)])


def test_one_patient_is_given_several_visits_at_one_time_and_gets_one(clinic):
    """Booked for the wrong Ana at every doctor, and all corrected at once."""
    patient = clinic.patients[WORKERS - 1]
    visits = [book(clinic.wish(doctor=n, patient=n, start=at(0)), by=None, now=NOW) for n in range(DOCTORS)]

    def give(worker, _round):
        return attempt(edit, Seen.of(visits[worker % DOCTORS]), Edit(patient=patient), by=None, now=NOW)

    answers = answers_of(give)
    assert Appointment.objects.filter(patient=patient).count() == 1
    assert refusals(answers) & set(LOST)
    assert_as_promised([*map(state_of, visits), *promises(answers)])


def test_taking_a_correction_back_against_a_booking_of_what_it_freed(clinic, pairs):
    shorter = [edit(Seen.of(pair[0]), Edit(minutes=10), by=None, now=NOW) for pair in pairs]

    def want(worker, round_):
        if worker % 2:
            return attempt(undo_edit, Seen.of(shorter[round_]), by=None, now=NOW)
        wish = clinic.wish(doctor=round_, patient=worker, kind=0, start=at(10 + 5 * (worker % 4)))
        return attempt(book, wish, by=None, now=NOW)

    answers = answers_of(want)
    before = [state_of(visit) for pair in pairs for visit in pair]
    assert_as_promised([*before, *map(state_of, shorter), *promises(answers)])


# -- Control: must be caught -----------------------------------------------------------------------


def test_a_correction_that_claims_nothing_is_caught(clinic, pairs, monkeypatch):
    """Its rules look, and no key knows: what is booked meanwhile stands at the same time."""
    monkeypatch.setattr("scheduling.booking.editing._claim", lambda *args, **others: None)
    for first, _second in pairs:
        edit(Seen.of(first), Edit(minutes=40), by=None, now=NOW)

    def want(worker, round_):
        wish = clinic.wish(doctor=round_, patient=worker, kind=0, start=at(30))
        return attempt(book, wish, by=None, now=NOW)

    answers_of(want)
    assert {"doctor", "claims"} <= kinds()
