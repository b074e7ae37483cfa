"""Booking through the API, asking again, and reading."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from scheduling.api.schemas.appointments import AppointmentCreate
from scheduling.booking import integrity
from scheduling.models import Appointment, AppointmentEvent, FirstRequest, Patient, Source, Status
from tests.api.conftest import UNKNOWN, codes
from tests.api.good import TEN
from tests.conftest import NOW, madrid


def test_a_booking_is_answered_with_what_stands_now(website, wanted, osei, ana):
    body = wanted(description="Knee")
    response = website.post("appointments", body)
    assert response.status_code == 201
    assert response["Location"] == f"/api/v1/appointments/{body['uuid']}"
    assert response["ETag"] == '"1"'
    said = response.json()
    assert said["appointment_datetime"] == TEN
    assert (said["doctor_name"], said["patient_name"]) == ("Dr Ama Osei", "Ana Souza Prieto")
    assert (said["status"], said["minutes"], said["source"]) == ("pending", 30, "api")
    stored = Appointment.objects.get(uuid=body["uuid"])
    assert (stored.doctor, stored.patient, stored.description) == (osei, ana, "Knee")
    assert stored.appointment_datetime == madrid("2026-03-03 10:00")
    assert stored.created_by == website.key.user
    assert list(integrity.problems(now=NOW)) == []
    assert website.get(f"appointments/{body['uuid']}").json() == said


def test_a_field_of_a_later_release_changes_no_fingerprint_of_a_request_before(wanted):
    class OfALaterRelease(AppointmentCreate):
        room: str = ""

    asked = AppointmentCreate(**wanted()).fingerprint()
    assert OfALaterRelease(**wanted()).fingerprint() == asked
    assert OfALaterRelease(**wanted(room="3")).fingerprint() != asked


def test_the_history_says_which_program(website, wanted):
    website.post("appointments", wanted())
    event = AppointmentEvent.objects.get()
    assert (event.channel, event.by.spoken_name) == (Source.API, "Website (program)")


def test_the_same_request_again_finds_the_first_result(website, wanted):
    body = wanted()
    first = website.post("appointments", body)
    again = website.post("appointments", body | {"appointment_datetime": "2026-03-03T09:00:00Z"})  # the same
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (Appointment.objects.count(), FirstRequest.objects.count()) == (1, 1)


def test_a_lost_answer_is_found_after_the_visit_was_moved_or_cancelled(website, wanted):
    body = wanted()
    address = f"appointments/{body['uuid']}"
    website.post("appointments", body)
    moved = website.post(
        f"{address}/move", {"appointment_datetime": "2026-03-03T11:00:00+01:00"}, if_match="*"
    )
    again = website.post("appointments", body)
    assert (moved.status_code, again.status_code) == (200, 200)
    assert again.json()["appointment_datetime"] == "2026-03-03T11:00:00+01:00"
    website.post(f"{address}/cancel", {"reason": "ill", "wish": "patient"}, if_match="*")
    again = website.post("appointments", body)
    assert (again.status_code, again.json()["status"]) == (200, Status.CANCELLED)
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"description": "Something else"},
        {"status": "confirmed"},
        {"appointment_datetime": "2026-03-03T10:30:00+01:00"},
        {"minutes": 20},
        {"patient_uuid": None, "patient": {"patient_name": "Ana", "patient_lastname": "Souza Prieto"}},
    ],
)
def test_another_request_under_the_same_uuid_is_refused(website, wanted, other):
    body = wanted()
    website.post("appointments", body)
    response = website.post("appointments", body | other)
    assert (response.status_code, codes(response)) == (409, ["already_booked"])
    assert Appointment.objects.count() == 1


def test_a_new_patient_is_recorded_once(website, wanted):
    person = {
        "patient_name": "  Zoë ",
        "patient_lastname": "Field",
        "date_of_birth": "1990-02-03",
        "phone": "600 555 482",
    }
    body = wanted(patient_uuid=None, patient=person)
    first, again = (website.post("appointments", body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    zoe = Patient.objects.get(patient_lastname="Field")
    assert (zoe.patient_name, zoe.phone) == ("Zoë", "+34600555482")
    other = website.post("appointments", body | {"patient": person | {"date_of_birth": "1991-02-03"}})
    assert codes(other) == ["already_booked"]


def test_a_taken_time_comes_with_the_nearest_free_ones(website, wanted, osei, ben):
    website.post("appointments", wanted())
    body = wanted(patient_uuid=ben.uuid)
    response = website.post("appointments", body)
    assert (response.status_code, codes(response)) == (409, ["doctor_taken"])
    nearest = response.json()["nearest"]
    assert {each["doctor_uuid"] for each in nearest} == {str(osei.uuid)}
    assert "2026-03-03T09:30:00+01:00" in [each["appointment_datetime"] for each in nearest]
    assert TEN not in [each["appointment_datetime"] for each in nearest]
    assert Appointment.objects.count() == 1
    offered = nearest[0]["appointment_datetime"]
    assert website.post("appointments", body | {"appointment_datetime": offered}).status_code == 201


@pytest.mark.parametrize(
    ("other", "status", "said"),
    [
        ({"appointment_datetime": "2026-03-03T10:00:00"}, 422, [("naive_datetime", "appointment_datetime")]),
        ({"appointment_datetime": "2026-02-27T10:00:00Z"}, 422, [("in_the_past", "appointment_datetime")]),
        ({"appointment_datetime": "0001-01-01T00:00:00+14:00"}, 422, [("datetime", "appointment_datetime")]),
        ({"appointment_datetime": 1772528400}, 422, [("text_expected", "appointment_datetime")]),
        ({"appointment_datetime": "2026-03-03T10:02:00Z"}, 422, [("off_the_grid", "appointment_datetime")]),
        ({"appointment_datetime": "2026-03-03T05:00:00Z"}, 409, [("outside_hours", "appointment_datetime")]),
        ({"doctor_uuid": UNKNOWN}, 422, [("unknown", "doctor_uuid")]),
        ({"patient_uuid": UNKNOWN}, 422, [("unknown", "patient_uuid")]),
        ({"visit_type_uuid": UNKNOWN}, 422, [("unknown", "visit_type_uuid")]),
        ({"visit_type_uuid": None}, 422, [("no_length", "minutes")]),
        ({"minutes": "30"}, 422, [("int_type", "minutes")]),
        ({"minutes": 3}, 422, [("greater_than_equal", "minutes")]),
        ({"patient_uuid": None}, 422, [("one_patient", "patient")]),
        ({"patient": {"patient_name": "A", "patient_lastname": "B"}}, 422, [("one_patient", "patient")]),
        ({"patient_uuid": None, "patient": {"patient_name": "\u200b", "patient_lastname": "A\0"}}, 422,
         [("required", "patient.patient_name"), ("null_characters_not_allowed", "patient.patient_lastname")]),
        ({"uuid": "5b0d5a3a-2a7e-1f6c-9a53-7f8f1c1d2e3f"}, 422, [("uuid", "uuid")]),
        ({"description": "x" * 1001}, 422, [("string_too_long", "description")]),
        ({"status": "arrived"}, 422, [("literal_error", "status")]),
        ({"descripton": "x"}, 422, [("extra_forbidden", "descripton")]),
    ],
)  # fmt: skip
def test_what_cannot_be_booked_is_told_beside_its_field_and_writes_nothing(
    website, wanted, other, status, said
):
    patients = Patient.objects.count()
    response = website.post("appointments", wanted() | other)
    problem = response.json()
    assert (response.status_code, problem["status"]) == (status, status)
    assert [(each["code"], each["field"]) for each in problem["problems"]] == said
    assert all(each["message"] for each in problem["problems"])
    assert (Appointment.objects.count(), Patient.objects.count()) == (0, patients)
    assert FirstRequest.objects.count() == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nope", b'{"minutes": NaN}', b'"\\ud800"', b"\xff", b"[" * 100_000, b"[]", b"null"]
)
def test_what_is_no_json_object_is_refused_in_words(website, body):
    response = website.post("appointments", body)
    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


def test_a_switched_off_doctor_and_type_are_refused(website, wanted, osei, checkup):
    osei.is_active = checkup.is_active = False
    osei.save()
    checkup.save()
    response = website.post("appointments", wanted())
    assert (response.status_code, codes(response)) == (422, ["doctor_inactive", "visit_type_inactive"])


def test_a_uuid_under_which_something_else_was_made_is_refused(website, wanted):
    uuid = uuid4()
    person = {"uuid": uuid, "patient_name": "Zoë", "patient_lastname": "Field"}
    assert website.post("patients", person).status_code == 201
    response = website.post("appointments", wanted(uuid=uuid))
    assert (response.status_code, codes(response)) == (409, ["already_on_record"])
    booked = wanted()
    assert website.post("appointments", booked).status_code == 201
    response = website.post("patients", person | {"uuid": booked["uuid"]})
    assert (response.status_code, codes(response)) == (409, ["already_on_record"])


def test_an_unknown_appointment_is_not_there(website):
    response = website.get(f"appointments/{UNKNOWN}")
    assert (response.status_code, codes(response)) == (404, ["not_found"])


def test_a_visit_from_before_clocks_went_by_zones(clinic, website):
    """Madrid's noon was 14 minutes and 44 seconds off: an offset that RFC 3339 does not know."""
    old = datetime(1899, 3, 3, 12, 0, tzinfo=UTC)
    Appointment.objects.filter(pk=clinic.visit.pk).update(appointment_datetime=old)
    said = website.get(f"appointments/{clinic.visit.uuid}").json()
    assert said["appointment_datetime"] == "1899-03-03T12:00:00+00:00"
