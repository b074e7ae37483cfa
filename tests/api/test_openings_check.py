"""Why a time is not free, and which are near it that are."""

from datetime import timedelta

import pytest

from scheduling.booking.merging import merge
from scheduling.booking.seen import Seen
from scheduling.models import TimeOff
from tests import factories
from tests.api.conftest import UNKNOWN, codes
from tests.booking.asking import booked, stored
from tests.conftest import NOW, madrid


@pytest.fixture
def check(website, osei, checkup):
    def ask(at, **query):
        query = {"doctor": osei.uuid, "visit_type": checkup.uuid} | query
        return website.get("openings/check", at=at, **query)

    return ask


def said_at(text):
    return f"2026-03-03T{text}:00+01:00"


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        (said_at("09:00"), []),
        (said_at("13:30"), []),
        (said_at("11:35"), []),
        (said_at("10:00"), ["doctor_taken"]),
        (said_at("10:15"), ["doctor_taken"]),
        (said_at("09:45"), ["doctor_taken"]),
        (said_at("10:45"), ["buffer"]),
        (said_at("11:00"), ["buffer"]),
        (said_at("13:45"), ["outside_hours"]),
        (said_at("08:45"), ["outside_hours"]),
        (said_at("20:00"), ["outside_hours"]),
        (said_at("12:30"), ["time_off"]),
        (said_at("09:02"), ["off_the_grid"]),
        ("2026-03-08T10:00:00+01:00", ["outside_hours"]),
        ("2026-03-02T07:55:00+01:00", ["in_the_past", "outside_hours"]),
        ("2026-02-27T10:00:00+01:00", ["in_the_past"]),
        ("2028-03-02T10:00:00+01:00", ["too_far_ahead"]),
        ("2199-12-31T23:55:00+01:00", ["too_far_ahead", "outside_hours"]),
        ("1900-01-01T00:00:00Z", ["in_the_past", "outside_hours"]),
    ],
)
def test_why_a_time_is_not_free(check, osei, ana, at, codes):
    kind = factories.VisitTypeFactory(minutes=30, buffer_minutes=35)
    booked(osei, ana, kind, "2026-03-03 10:00")
    noon = madrid("2026-03-03 12:15")
    TimeOff.objects.create(doctor=osei, starts_at=noon, ends_at=noon + timedelta(minutes=30))
    before = stored()
    answer = check(at)
    verdict = answer.json()
    assert answer.status_code == 200
    assert [each["code"] for each in verdict["problems"]] == codes
    assert {each["field"] for each in verdict["problems"]} <= {"at"}
    assert verdict["is_free"] == (codes == [])
    of_the_time = {"doctor_taken", "buffer", "outside_hours", "time_off"}
    assert not verdict["nearest"] or not of_the_time.isdisjoint(codes)
    for other in verdict["nearest"]:
        assert check(other["appointment_datetime"]).json()["is_free"]
    assert stored() == before


def test_a_patient_who_is_elsewhere_then(check, lind, ana, checkup):
    booked(lind, ana, checkup, "2026-03-03 10:00")
    assert check(said_at("10:00")).json()["is_free"]  # whoever it will be
    verdict = check(said_at("10:00"), patient=ana.uuid).json()
    assert [each["code"] for each in verdict["problems"]] == ["patient_taken"]
    assert said_at("10:30") in [each["appointment_datetime"] for each in verdict["nearest"]]
    assert said_at("10:00") not in [each["appointment_datetime"] for each in verdict["nearest"]]


def test_a_patient_whose_record_was_merged_is_where_the_other_one_is(check, website, lind, ana, checkup, rae):
    booked(lind, ana, checkup, "2026-03-03 10:00")
    gone = factories.PatientFactory(patient_name="Ana", patient_lastname="Souza")
    merge(Seen.of(ana), Seen.of(gone), {}, by=rae, now=NOW)
    verdict = check(said_at("10:00"), patient=gone.uuid).json()
    assert [each["code"] for each in verdict["problems"]] == ["patient_taken"]
    assert check(said_at("11:00"), patient=gone.uuid).json()["is_free"]


def test_who_and_what_is_switched_off(check, osei, ana, checkup):
    for row in (osei, ana, checkup):
        row.is_active = False
        row.save()
    verdict = check(said_at("10:00"), patient=ana.uuid).json()
    told = [each["code"] for each in verdict["problems"]]
    # Beside the parameters that were given, not beside the fields of a booking.
    assert {each["field"] for each in verdict["problems"]} <= {"doctor", "patient", "visit_type", "at"}
    assert told == ["patient_inactive", "doctor_inactive", "visit_type_inactive"]
    assert verdict["nearest"] == []


def test_a_doctor_without_hours(check, lind, cardiology):
    newcomer = factories.DoctorFactory(specialty=cardiology)
    verdict = check(said_at("10:00"), doctor=newcomer.uuid).json()
    assert [each["code"] for each in verdict["problems"]] == ["no_hours"]
    assert {each["doctor_uuid"] for each in verdict["nearest"]} >= {str(lind.uuid)}


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"at": "2026-03-03T10:00:00"}, "at", "naive_datetime"),
        ({"at": "2026-03-03T10:00:00 01:00"}, "at", "datetime"),  # a + that was not written as %2B
        ({"at": "10:00"}, "at", "datetime"),
        ({"doctor": UNKNOWN}, "doctor", "unknown"),
        ({"patient": UNKNOWN}, "patient", "unknown"),
        ({"visit_type": UNKNOWN}, "visit_type", "unknown"),
        ({"minutes": 4}, "minutes", "greater_than_equal"),
    ],
)
def test_what_cannot_be_checked(check, query, field, code):
    answer = check(**{"at": said_at("10:00")} | query)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["problems"]] == [(field, code)]


def test_a_length_is_needed(website, osei):
    answer = website.get("openings/check", doctor=osei.uuid, at=said_at("10:00"))
    assert (answer.status_code, codes(answer)) == (422, ["no_length"])
