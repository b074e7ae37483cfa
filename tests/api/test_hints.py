"""What a careless request is told: beside what, and how it is mended."""

import pytest

from scheduling.models import Patient


def told(answer):
    assert answer.status_code in (400, 409, 422)
    return [(each["field"], each["message"]) for each in answer.json()["problems"]]


@pytest.mark.parametrize("parameter", ["at", "changed_since"])
def test_a_plus_that_became_a_space_is_recognised(website, osei, checkup, parameter):
    address = {"at": "openings/check", "changed_since": "appointments"}[parameter]
    asked = {"at": {"doctor": osei.uuid, "visit_type": checkup.uuid}, "changed_since": {}}[parameter]
    answer = website.get(address, **asked, **{parameter: "2026-03-03T10:00:00 01:00"})
    assert told(answer) == [
        (parameter, "The + before the offset became a space: in an address it is written %2B.")
    ]


def test_a_missing_body_is_called_so(website):
    assert told(website.post("appointments", b"")) == [("", "The body is missing: send a JSON object.")]


def test_a_mistyped_parameter_is_named_but_not_what_it_says(website):
    answer = website.get("openings", form="Ana Souza")
    assert [field for field, _message in told(answer)] == ["form"]
    assert "Ana" not in answer.content.decode()
    (field,) = [field for field, _message in told(website.get("openings", **{"x" * 500: "1"}))]
    assert len(field) <= 40


def test_another_booking_under_one_uuid_is_told_what_to_do(website, wanted):
    body = wanted()
    website.post("appointments", body)
    ((_field, message),) = told(website.post("appointments", body | {"description": "other"}))
    assert "Make up another uuid" in message
    assert "form" not in message


def test_nobody_has_agreed_to_messages_who_was_not_asked(website, wanted):
    person = {"patient_name": "Zoë", "patient_lastname": "Field"}
    for number, agreed in enumerate(({}, {"may_contact": True}, {"may_contact": False})):
        at = f"2026-03-03T1{1 + number}:00:00+01:00"
        body = wanted(patient_uuid=None, patient=person | agreed, appointment_datetime=at)
        said = website.post("appointments", body).json()
        assert Patient.objects.get(uuid=said["patient_uuid"]).may_contact is agreed.get("may_contact")
