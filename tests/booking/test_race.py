"""Two people never get the same time, however closely they ask: the last test ever to be loosened.

The control at the end does what most systems do, check and then insert, under the same harness: it must
double-book, or a clean result above would mean nothing.
"""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from scheduling.booking import integrity
from scheduling.booking.actions import book
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rules import Refused
from scheduling.models import Appointment, AppointmentEvent, Claim, Patient
from tests import factories
from tests.booking.together import WORKERS, run_together
from tests.conftest import NOW, madrid, works

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROUNDS = 6
START = madrid("2026-03-03 09:00")


@pytest.fixture
def clinic():
    """One doctor per round, and a patient for every worker."""
    doctors = factories.DoctorFactory.create_batch(ROUNDS)
    for doctor in doctors:
        works(doctor, time(9), time(20))
    types = [factories.VisitTypeFactory(minutes=minutes) for minutes in (15, 30, 45)]
    return doctors, factories.PatientFactory.create_batch(WORKERS), types


def attempt(proposal):
    """The booked uuid, or the codes of the refusal."""
    try:
        return book(proposal, by=None, now=NOW).uuid
    except Refused as refused:
        return refused.codes


def doubles(owner):
    """Pairs of visits of one doctor (or patient) that overlap: from the appointments, not from the claims."""
    found, last = 0, {}
    for visit in Appointment.objects.holding_time().order_by(owner, "appointment_datetime"):
        key = getattr(visit, owner)
        before = last.get(key)
        if before is not None and visit.appointment_datetime < before:
            found += 1
        last[key] = max(visit.ends_at, before or visit.ends_at)
    return found


def assert_sound():
    assert doubles("doctor_id") == 0
    assert doubles("patient_id") == 0
    assert integrity.problems(now=NOW) == []
    assert AppointmentEvent.objects.count() == Appointment.objects.count()


def test_of_many_who_want_one_time_exactly_one_gets_it(clinic):
    doctors, patients, types = clinic

    def want(worker, round_):
        return attempt(
            Proposal(
                uuid=uuid4(),
                doctor=doctors[round_],
                patient=patients[worker],
                visit_type=types[1],
                start=START + timedelta(hours=round_),
            )
        )

    answers = run_together(want, rounds=ROUNDS)
    booked = [answer for _, _, answer in answers if not isinstance(answer, frozenset)]
    refused = [answer for _, _, answer in answers if isinstance(answer, frozenset)]
    assert len(booked) == ROUNDS
    assert set(refused) == {frozenset({"doctor_taken"})}
    assert set(Appointment.objects.values_list("uuid", flat=True)) == set(booked)
    assert_sound()


def test_visits_of_different_lengths_never_overlap(clinic):
    doctors, patients, types = clinic

    def want(worker, round_):
        return attempt(
            Proposal(
                uuid=uuid4(),
                doctor=doctors[worker % 2],
                patient=patients[worker],
                visit_type=types[(worker + round_) % 3],
                start=START + timedelta(minutes=5 * ((worker * 7 + round_ * 11) % 40)),
            )
        )

    answers = run_together(want, rounds=ROUNDS)
    booked = {answer for _, _, answer in answers if not isinstance(answer, frozenset)}
    assert len(booked) > 2
    assert set(Appointment.objects.values_list("uuid", flat=True)) == booked
    assert_sound()


def test_a_patient_is_never_in_two_places(clinic):
    doctors, patients, types = clinic

    def want(worker, round_):
        return attempt(
            Proposal(
                uuid=uuid4(),
                doctor=doctors[worker % ROUNDS],
                patient=patients[round_],
                visit_type=types[2],
                start=START + timedelta(hours=round_, minutes=5 * (worker % 4)),
            )
        )

    answers = run_together(want, rounds=ROUNDS)
    assert any("patient_taken" in answer for _, _, answer in answers if isinstance(answer, frozenset))
    assert Appointment.objects.count() == ROUNDS
    assert_sound()


def test_one_form_sent_many_times_is_one_visit_of_one_new_patient(clinic):
    doctors, _, types = clinic
    known = Patient.objects.count()
    forms = [uuid4() for _ in range(ROUNDS)]

    def want(worker, round_):
        return attempt(
            Proposal(
                uuid=forms[round_],
                doctor=doctors[round_],
                patient=NewPatient(patient_name="Ana", patient_lastname=f"Number {round_}"),
                visit_type=types[1],
                start=START,
            )
        )

    answers = run_together(want, rounds=ROUNDS)
    assert all(answer == forms[round_] for _, round_, answer in answers)
    assert Appointment.objects.count() == ROUNDS
    assert Patient.objects.count() == known + ROUNDS
    assert_sound()


def test_the_same_harness_catches_a_system_that_checks_and_then_inserts(clinic):
    doctors, patients, types = clinic

    def check_then_insert(worker, round_):
        start = START + timedelta(hours=round_)
        taken = Appointment.objects.filter(
            doctor=doctors[round_],
            appointment_datetime__lt=start + timedelta(minutes=30),
            appointment_datetime__gt=start - timedelta(minutes=30),
        )
        if taken.exists():
            return None
        now = datetime.now(UTC)
        Appointment.objects.create(
            doctor=doctors[round_],
            patient=patients[worker],
            visit_type=types[1],
            appointment_datetime=start,
            minutes=30,
            created_at=now,
            updated_at=now,
        )
        return None

    run_together(check_then_insert, rounds=ROUNDS)
    assert doubles("doctor_id") > 0
    assert Claim.objects.count() == 0
    assert integrity.problems(now=NOW) != []
