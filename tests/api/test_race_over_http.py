"""Programs that want one time, through real gunicorn with several workers: exactly one gets it.

The controls at the end: each client can book where nobody else wants to, and without the keys of the claims
the same race double-books, which the same eyes see.
"""

from collections import Counter
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts import api_keys
from accounts.models import Scope
from scheduling.models import Appointment, Patient
from tests import factories
from tests.api.served import ask, at_once, met
from tests.booking.sound import assert_sound, kinds
from tests.conftest import MADRID, works

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

CLIENTS = 50
LOOK_AWAY = {"X-Rules-Look-Away": "1"}
DAY = 3  # days from now: the server's clock is the real one


@pytest.fixture
def secret(transactional_db):
    return api_keys.issue("Website", Scope.BOOK, expires_at=None, now=timezone.now())[1]


@pytest.fixture
def doctor(transactional_db):
    return working_doctor()


def working_doctor():
    doctor = factories.DoctorFactory(overbook_limit=2)
    works(doctor, time(9), time(20), weekdays=range(7))
    return doctor


def at(hour):
    day = datetime.now(MADRID).date() + timedelta(days=DAY)
    return datetime.combine(day, time(hour), tzinfo=MADRID)


def wishes(doctors, patients, start):
    """A body for each patient, each with a uuid of its own."""
    return [
        {
            "uuid": uuid4(),
            "doctor_uuid": doctor.uuid,
            "patient_uuid": patient.uuid,
            "minutes": 30,
            "appointment_datetime": start.isoformat(),
        }
        for doctor, patient in zip(doctors, patients, strict=True)
    ]


def everybody_wants_one_time(server, secret, doctor, **headers):
    bodies = wishes([doctor] * CLIENTS, factories.PatientFactory.create_batch(CLIENTS), at(10))
    answers = at_once(server, secret, "POST", "appointments", bodies, **headers)
    assert met(answers), "the requests came one after the other"
    return answers


def statuses(answers):
    return Counter(answer.status for answer in answers)


def assert_one_was_let_in(answers, doctor):
    assert statuses(answers) == {201: 1, 409: CLIENTS - 1}
    [booked] = [answer for answer in answers if answer.status == 201]
    assert Appointment.objects.get().uuid.hex == booked.body["uuid"].replace("-", "")
    for answer in answers:
        if answer is not booked:
            assert answer.headers["content-type"] == "application/problem+json"
            assert [problem["code"] for problem in answer.body["problems"]] == ["doctor_taken"]
            assert_all_are_beside(answer.body["nearest"], doctor)
    assert_sound(timezone.now())


def assert_all_are_beside(nearest, doctor):
    """At least one other time, of the same doctor, and none within the one that is taken."""
    assert {opening["doctor_uuid"] for opening in nearest} == {str(doctor.uuid)}
    starts = [datetime.fromisoformat(opening["appointment_datetime"]) for opening in nearest]
    assert all(abs(start - at(10)) >= timedelta(minutes=30) for start in starts)


def test_of_fifty_programs_that_want_one_time_one_gets_it_and_the_others_get_other_times(
    server, secret, doctor
):
    answers = everybody_wants_one_time(server, secret, doctor)
    assert_one_was_let_in(answers, doctor)


def test_where_the_rules_look_away_the_database_alone_lets_one_in(server, secret, doctor):
    answers = everybody_wants_one_time(server, secret, doctor, **LOOK_AWAY)
    assert_one_was_let_in(answers, doctor)


def test_the_times_that_are_offered_instead_can_be_booked(server, secret, doctor):
    first, second = wishes([doctor] * 2, factories.PatientFactory.create_batch(2), at(10))
    assert ask(server, secret, "POST", "appointments", first).status == 201
    refused = ask(server, secret, "POST", "appointments", second)
    instead = refused.body["nearest"][0]
    assert ask(server, secret, "POST", "appointments", second | instead).status == 201
    assert_sound(timezone.now())


def test_one_request_sent_by_twenty_at_once_is_one_visit_of_one_new_patient(server, secret, doctor):
    known = Patient.objects.count()
    [body] = wishes([doctor], factories.PatientFactory.build_batch(1), at(10))
    del body["patient_uuid"]
    body["patient"] = {"patient_name": "Ana", "patient_lastname": "Souza Prieto"}
    answers = at_once(server, secret, "POST", "appointments", [body] * 20)
    assert met(answers), "the requests came one after the other"
    assert statuses(answers) == {201: 1, 200: 19}
    assert all(answer.body == answers[0].body for answer in answers)
    assert {(answer.headers["etag"], answer.headers["location"]) for answer in answers} == {
        ('"1"', f"/api/v1/appointments/{body['uuid']}")
    }
    assert Appointment.objects.get().uuid == body["uuid"]
    assert Patient.objects.count() == known + 1
    assert_sound(timezone.now())


# -- Controls: the harness itself -----------------------------------------------------------------


def test_fifty_programs_that_want_fifty_doctors_all_get_what_they_want(server, secret):
    doctors = [working_doctor() for _ in range(CLIENTS)]
    bodies = wishes(doctors, factories.PatientFactory.create_batch(CLIENTS), at(10))
    answers = at_once(server, secret, "POST", "appointments", bodies)
    assert statuses(answers) == {201: CLIENTS}
    assert Appointment.objects.count() == CLIENTS
    assert_sound(timezone.now())


def test_without_its_keys_the_same_race_double_books_and_is_seen(server, secret, doctor, without_keys):
    answers = everybody_wants_one_time(server, secret, doctor, **LOOK_AWAY)
    assert statuses(answers) == {201: CLIENTS}
    assert kinds(timezone.now()) == {"lane", "doctor", "crowd"}
