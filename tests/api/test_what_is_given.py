"""Types that a doctor does not give, and patients of another age, as other programs meet them."""

from datetime import date
from uuid import uuid4

import pytest

from tests import factories
from tests.api.conftest import codes
from tests.api.test_openings import TOMORROW, free


@pytest.fixture
def echo(db):
    return factories.VisitTypeFactory(name="Echo", minutes=30)


@pytest.fixture
def leo(db):
    return factories.PatientFactory(patient_name="Leo", date_of_birth=date(2009, 3, 3))


def asked(doctor, patient, kind, **more):
    return {
        "uuid": uuid4(),
        "doctor_uuid": doctor.uuid,
        "patient_uuid": patient.uuid,
        "visit_type_uuid": kind.uuid,
        "appointment_datetime": "2026-03-03T10:00:00+01:00",
    } | more


def test_it_is_refused_with_a_code_of_its_own(website, osei, ana, checkup, echo):
    osei.visit_types.set([echo])
    answer = website.post("appointments", asked(osei, ana, checkup))
    assert (answer.status_code, codes(answer)) == (422, ["type_not_given"])
    (problem,) = answer.json()["problems"]
    assert problem["field"] == "visit_type_uuid"
    assert problem["message"] == "Dr Ama Osei does not give Check-up."
    assert website.post("appointments", asked(osei, ana, echo)).status_code == 201


def test_a_refused_age_names_nobody(website, osei, leo, checkup):
    checkup.oldest_age = osei.oldest_age = 16
    checkup.save(), osei.save()
    answer = website.post("appointments", asked(osei, leo, checkup))
    assert (answer.status_code, codes(answer)) == (422, ["type_not_for_age", "doctor_not_for_age"])
    assert "Leo" not in answer.content.decode()
    the_day_before = {"appointment_datetime": "2026-03-02T10:00:00+01:00"}
    assert website.post("appointments", asked(osei, leo, checkup, **the_day_before)).status_code == 201


def test_a_doctor_who_does_not_give_it_has_no_free_times(website, osei, lind, checkup, echo):
    osei.visit_types.set([echo])
    assert free(website, doctor=osei.uuid, visit_type=checkup.uuid, **TOMORROW) == []
    assert free(website, doctor=osei.uuid, minutes=30, **TOMORROW) != []
    found = website.get("openings", specialty=osei.specialty.uuid, visit_type=checkup.uuid, **TOMORROW)
    assert {each["doctor_uuid"] for each in found.json()["items"]} == {str(lind.uuid)}


def test_free_times_for_a_patient_are_those_at_their_age(website, osei, leo, checkup):
    checkup.oldest_age = 16
    checkup.save()
    days = {"from_": "2026-03-02", "days": 2}
    all_of_them = free(website, doctor=osei.uuid, visit_type=checkup.uuid, **days)
    theirs = free(website, doctor=osei.uuid, visit_type=checkup.uuid, patient=leo.uuid, **days)
    assert len(all_of_them) == 2 * len(theirs) == 20


def test_one_time_is_asked_about(website, osei, leo, checkup, echo):
    osei.visit_types.set([echo])
    checkup.oldest_age = 16
    checkup.save()
    one = {"doctor": osei.uuid, "visit_type": checkup.uuid, "patient": leo.uuid}
    said = website.get("openings/check", at="2026-03-03T10:00:00+01:00", **one).json()
    assert [each["code"] for each in said["problems"]] == ["type_not_given", "type_not_for_age"]


def test_a_move_and_a_correction_are_refused_beside_what_was_sent(clinic, website, change, lind, echo, ana):
    lind.visit_types.set([echo])
    to = {"doctor_uuid": lind.uuid, "appointment_datetime": "2026-03-04T10:00:00+01:00"}
    answer = change("move", to)
    assert [(each["code"], each["field"]) for each in answer.json()["problems"]] == [
        ("type_not_given", "doctor_uuid")
    ]
    clinic.osei.visit_types.set([clinic.checkup])
    answer = change("correct", {"visit_type_uuid": echo.uuid})
    assert [(each["code"], each["field"]) for each in answer.json()["problems"]] == [
        ("type_not_given", "visit_type_uuid")
    ]


def test_who_gives_what_is_listed(website, osei, checkup, echo):
    osei.visit_types.set([checkup, echo])
    osei.youngest_age = 18
    osei.save()
    said = website.get(f"doctors/{osei.uuid}").json()
    assert set(said["visit_type_uuids"]) == {str(checkup.uuid), str(echo.uuid)}
    assert (said["youngest_age"], said["oldest_age"]) == (18, None)
    assert website.get("doctors").json()["items"] == [said]
