"""Two people never get the same time, however closely they ask: the last tests ever to be loosened.

The controls at the end take a guard away, or do what most systems do, under the same harness: they must
double-book, or a clean result above would mean nothing.
"""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from scheduling.booking.actions import book, overbook
from scheduling.booking.proposal import NewPatient
from scheduling.models import Appointment, Claim, Patient, Status
from tests.booking.clinic import DOCTORS, ROUNDS, START, Clinic, answers_of, at
from tests.booking.sound import assert_as_promised, attempt, faults, kinds, promises, refusals
from tests.booking.together import WORKERS
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TAKEN = frozenset({"doctor_taken"})


@pytest.fixture
def clinic():
    return Clinic()


@pytest.fixture
def rules_look_away(monkeypatch):
    """As they do when another desk commits between their look and our write."""
    monkeypatch.setattr("scheduling.booking.rules.problems_with", lambda *args, **kwargs: [])


def everybody_wants_one_time(clinic):
    def want(worker, round_):
        status = Status.PENDING if worker % 2 else Status.CONFIRMED
        start = at(0, round_)
        wish = clinic.wish(doctor=round_, patient=worker, start=start, status=status)
        return attempt(book, wish, by=None, now=NOW)

    return answers_of(want)


def test_of_many_who_want_one_time_pending_or_not_exactly_one_gets_it(clinic):
    answers = everybody_wants_one_time(clinic)
    assert len(promises(answers)) == ROUNDS
    assert refusals(answers) == {TAKEN}
    assert_as_promised(promises(answers))


def test_where_the_rules_look_away_the_database_alone_lets_one_in(clinic, rules_look_away):
    answers = everybody_wants_one_time(clinic)
    assert len(promises(answers)) == ROUNDS
    assert refusals(answers) == {TAKEN}
    assert_as_promised(promises(answers))


@pytest.mark.parametrize("looking", ["with_rules", "without_rules"])
def test_visits_of_different_lengths_and_their_buffers_never_overlap(clinic, looking, request):
    if looking == "without_rules":
        request.getfixturevalue("rules_look_away")

    def want(worker, round_):
        minutes = 5 * ((worker * 7 + round_ * 11) % 40)
        wish = clinic.wish(
            doctor=worker % 2,
            patient=worker,
            start=at(minutes),
            kind=(worker + round_) % 3,
        )
        return attempt(book, wish, by=None, now=NOW)

    answers = answers_of(want)
    assert len(promises(answers)) > 2
    assert refusals(answers)
    assert_as_promised(promises(answers))


def test_a_patient_is_never_in_two_places(clinic):
    def want(worker, round_):
        start = at(5 * (worker % 4), round_)
        wish = clinic.wish(doctor=worker % DOCTORS, patient=round_, start=start, kind=2)
        return attempt(book, wish, by=None, now=NOW)

    answers = answers_of(want)
    assert any("patient_taken" in codes for codes in refusals(answers))
    assert len(promises(answers)) == ROUNDS
    assert_as_promised(promises(answers))


def test_one_form_sent_many_times_is_one_visit_of_one_new_patient(clinic):
    known = Patient.objects.count()
    forms = [uuid4() for _ in range(ROUNDS)]

    def want(worker, round_):
        ana = NewPatient(patient_name="Ana", patient_lastname=f"Number {round_}")
        wish = clinic.wish(uuid=forms[round_], doctor=round_, patient=ana, start=START)
        return attempt(book, wish, by=None, now=NOW)

    answers = answers_of(want)
    assert {answer[0] for answer in answers} == set(forms)
    assert Appointment.objects.count() == ROUNDS
    assert Patient.objects.count() == known + ROUNDS
    assert_as_promised(answers)


def test_overbooking_ends_exactly_at_the_limit(clinic, rae):
    def want(worker, round_):
        wish = clinic.wish(doctor=round_, patient=worker, start=at(0, round_))
        return attempt(overbook, wish, reason="Fever", by=rae, now=NOW)

    answers = answers_of(want)
    assert refusals(answers) == {frozenset({"overbook_limit"})}
    for doctor in clinic.doctors[:ROUNDS]:
        visits = Appointment.objects.filter(doctor=doctor)
        assert visits.count() == doctor.overbook_limit + 1
        assert visits.filter(overbook_reason="Fever").count() == doctor.overbook_limit
        lanes = Claim.objects.filter(doctor=doctor).values_list("lane", flat=True)
        assert set(lanes.order_by("lane").distinct()) == set(range(doctor.overbook_limit + 1))
    assert_as_promised(promises(answers))


def test_overbooked_visits_of_different_lengths_never_crowd_beyond_the_limit(clinic, rae):
    def want(worker, round_):
        start = at(5 * (worker * 7 % 12), 2 * round_)
        wish = clinic.wish(doctor=round_, patient=worker, start=start, kind=worker % 3)
        if worker % 3 == 0:
            return attempt(book, wish, by=rae, now=NOW)
        return attempt(overbook, wish, reason="Fever", by=rae, now=NOW)

    answers = answers_of(want)
    assert frozenset({"overbook_limit"}) in refusals(answers)
    assert Claim.objects.filter(lane=2).exists()
    assert_as_promised(promises(answers))


# -- Controls: each must be caught ----------------------------------------------------------------


def test_without_its_keys_the_same_race_double_books_and_every_eye_sees_it(
    clinic, rules_look_away, without_keys
):
    answers = everybody_wants_one_time(clinic)
    assert len(promises(answers)) == WORKERS * ROUNDS
    assert kinds() == {"lane", "doctor", "crowd"}
    Appointment.objects.update(patient=clinic.patients[0])
    assert "patient" in kinds()


def test_a_system_that_checks_and_then_inserts_is_caught(clinic):
    def check_then_insert(worker, round_):
        start = at(0, round_)
        taken = Appointment.objects.filter(
            doctor=clinic.doctors[round_],
            appointment_datetime__lt=start + timedelta(minutes=30),
            appointment_datetime__gt=start - timedelta(minutes=30),
        )
        if taken.exists():
            return
        time.sleep(0.1)  # what lies between look and write elsewhere: a form, a page, a slower disk
        now = datetime.now(UTC)
        Appointment.objects.create(
            doctor=clinic.doctors[round_],
            patient=clinic.patients[worker],
            visit_type=clinic.types[1],
            appointment_datetime=start,
            minutes=30,
            created_at=now,
            updated_at=now,
        )

    answers_of(check_then_insert)
    found = {kind for kind, _ in faults()}
    assert found >= {"doctor", "claims", "history"}
