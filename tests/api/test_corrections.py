"""PATCH of an appointment: what is left out stands, what does not fit is refused beside its field."""

from uuid import uuid4

import pytest

from scheduling.booking import actions
from scheduling.models import Appointment
from tests import factories
from tests.api.conftest import UNKNOWN, codes
from tests.booking.asking import booked, stored
from tests.conftest import NOW


def fields(answer):
    return [(each["code"], each["field"]) for each in answer.json()["problems"]]


def test_everything_at_once(clinic, website, change, ben):
    kind = factories.VisitTypeFactory(name="First visit", minutes=45, buffer_minutes=10)
    body = {
        "visit_type_uuid": kind.uuid,
        "minutes": 40,
        "description": "Cough ",
        "patient_uuid": ben.uuid,
    }
    answer = change("correct", body)
    said = answer.json()
    assert (answer.status_code, answer["ETag"], said["version"]) == (200, '"2"', 2)
    assert (said["visit_type_uuid"], said["minutes"], said["buffer_minutes"]) == (str(kind.uuid), 40, 10)
    assert (said["description"], said["patient_uuid"]) == ("Cough", str(ben.uuid))
    assert said == website.get(f"appointments/{clinic.visit.uuid}").json()


def test_what_is_left_out_or_null_stands(clinic, change):
    nothing = dict.fromkeys(("visit_type_uuid", "minutes", "description", "patient_uuid"))
    before = stored()
    for body in ({}, nothing, {"minutes": 30, "description": ""}):
        answer = change("correct", body)
        assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert stored() == before


def test_another_type_brings_its_length(change):
    kind = factories.VisitTypeFactory(minutes=50, buffer_minutes=5)
    said = change("correct", {"visit_type_uuid": kind.uuid}).json()
    assert (said["minutes"], said["buffer_minutes"]) == (50, 5)


def test_the_same_request_again_finds_it_done(change):
    first, again = (change("correct", {"minutes": 45}) for _ in range(2))
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_length_that_does_not_fit_is_told_beside_it_with_times_of_that_length(clinic, change, ben):
    booked(clinic.osei, ben, clinic.checkup, "2026-03-03 12:30")
    before = stored()
    answer = change("correct", {"minutes": 45, "description": "Cough"})
    assert (answer.status_code, fields(answer)) == (409, [("doctor_taken", "minutes")])
    assert {each["minutes"] for each in answer.json()["nearest"]} == {45}
    assert stored() == before


def test_a_patient_who_is_elsewhere_is_told_beside_the_patient(clinic, change, lind, ben):
    booked(lind, ben, clinic.checkup, "2026-03-03 12:00")
    answer = change("correct", {"patient_uuid": ben.uuid})
    assert (answer.status_code, fields(answer)) == (409, [("patient_taken", "patient_uuid")])


def test_of_what_is_over_the_length_stands(clinic, change):
    Appointment.objects.filter(pk=clinic.visit.pk).update(status="completed")
    answer = change("correct", {"minutes": 45})
    assert (answer.status_code, fields(answer)) == (409, [("length_stands", "minutes")])
    assert answer.json()["nearest"] == []
    assert change("correct", {"description": "Asthma"}).json()["description"] == "Asthma"


def test_what_was_called_off_is_not_corrected(clinic, change):
    wish = {"reason": "Ill", "wish": actions.Wish.PATIENT}
    actions.cancel(actions.Seen.of(clinic.visit), **wish, by=None, now=NOW)
    answer = change("correct", {"minutes": 45}, if_match="*")
    assert (answer.status_code, codes(answer)) == (409, ["not_from_here"])


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"visit_type_uuid": UNKNOWN}, ("unknown", "visit_type_uuid")),
        ({"patient_uuid": UNKNOWN}, ("unknown", "patient_uuid")),
        ({"minutes": 4}, ("greater_than_equal", "minutes")),
        ({"minutes": "45"}, ("int_type", "minutes")),
        ({"description": "x" * 1001}, ("string_too_long", "description")),
        ({"patient": {"patient_name": "Zoë"}}, ("extra_forbidden", "patient")),
        ({"appointment_datetime": "2026-03-03T13:00:00+01:00"}, ("extra_forbidden", "appointment_datetime")),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field(change, body, problem):
    before = stored()
    answer = change("correct", body)
    assert (answer.status_code, fields(answer)) == (422, [problem])
    assert stored() == before


def test_what_is_switched_off_is_not_chosen(change):
    kind = factories.VisitTypeFactory(is_active=False)
    patient = factories.PatientFactory(is_active=False)
    answer = change("correct", {"visit_type_uuid": kind.uuid, "patient_uuid": patient.uuid})
    assert (answer.status_code, fields(answer)) == (
        422,
        [("patient_inactive", "patient_uuid"), ("visit_type_inactive", "visit_type_uuid")],
    )


def test_nothing_is_there_to_correct(change):
    assert change("correct", {"minutes": 45}, uuid=uuid4()).status_code == 404
