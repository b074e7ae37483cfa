"""Many programs put the same doctor, or the same patient, on record at the same moment."""

import time
from collections import Counter
from uuid import uuid4

import pytest
from django.test import Client

from accounts import api_keys
from accounts.models import Scope
from scheduling.models import Doctor, FirstRequest, Patient
from tests import factories
from tests.api.conftest import Program
from tests.booking.together import WORKERS, run_together
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def ask():
    """The statuses and codes of one answer to each worker."""
    secret = api_keys.issue("Registry", Scope.MANAGE, expires_at=None, now=NOW)[1]

    def all_at_once(collection, body_of):
        def work(worker, _round):
            answer = Program(Client(), secret).post(collection, body_of(worker))
            problems = answer.json().get("problems", [])
            return (answer.status_code, *[each["code"] for each in problems])

        return Counter(answer for _, _, answer in run_together(work))

    return all_at_once


def doctor(**other):
    specialty = {"specialty_uuid": str(factories.SpecialtyFactory().uuid)}
    return (
        {"uuid": str(uuid4()), "doctor_name": "Dr Berg", "email": "berg@clinic.example"} | specialty | other
    )


def patient(**other):
    return {"uuid": str(uuid4()), "patient_name": "Zoë", "patient_lastname": "Field"} | other


KINDS = [("doctors", Doctor, doctor), ("patients", Patient, patient)]


@pytest.mark.parametrize(("collection", "model", "make"), KINDS)
def test_one_request_sent_many_times_at_once_makes_one(ask, collection, model, make):
    body = make()
    assert ask(collection, lambda worker: body) == {(201,): 1, (200,): WORKERS - 1}
    assert (model.objects.count(), FirstRequest.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("collection", "model", "make", "name"),
    [("doctors", Doctor, doctor, "doctor_name"), ("patients", Patient, patient, "patient_name")],
)
def test_of_different_ones_under_a_uuid_one_is_made(ask, collection, model, make, name):
    body = make()
    said = ask(collection, lambda worker: body | {name: f"Number {worker}"})
    assert said == {(201,): 1, (409, "already_on_record"): WORKERS - 1}
    assert (model.objects.count(), FirstRequest.objects.count()) == (1, 1)


def test_of_many_doctors_with_one_e_mail_one_is_made(ask):
    body = doctor()
    emails = ["berg@clinic.example", "Berg@clinic.example", "BERG@CLINIC.EXAMPLE"]
    said = ask("doctors", lambda worker: body | {"uuid": str(uuid4()), "email": emails[worker % 3]})
    assert said == {(201,): 1, (409, "email_taken"): WORKERS - 1}
    assert (Doctor.objects.count(), FirstRequest.objects.count()) == (1, 1)


def test_a_system_that_looks_and_then_writes_is_caught(ask):
    """The control: where no key of the database refuses it, there are two."""

    def look_then_write(worker, round_):
        if Patient.objects.filter(patient_lastname="Field").exists():
            return False
        time.sleep(0.05)  # what lies between look and write elsewhere
        factories.PatientFactory(patient_name="Zoë", patient_lastname="Field")
        return True

    assert [made for _, _, made in run_together(look_then_write)].count(True) > 1
    assert Patient.objects.count() > 1
