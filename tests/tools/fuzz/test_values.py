"""Requests made up from a schema alone are led to what there is, often enough and not always."""

import copy

import pytest

from tools.fuzz.values import Known, lead

KNOWN = Known(
    rows={kind: [f"{kind}-1", f"{kind}-2"] for kind in ("doctor", "patient", "visit_type", "specialty")}
    | {"appointment": ["appointment-1"]},
    free=[("doctor-3", "2026-03-03T10:00:00+01:00"), ("doctor-4", "2026-03-04T10:00:00+01:00")],
    words=["Ana"],
)
TRIES = 200


def led(path, place, part):
    """What becomes of many requests that differ only in something of no account."""
    made = []
    for number in range(TRIES):
        parts = {place: {"number": number} | copy.deepcopy(part)}
        lead(path, parts, KNOWN)
        made.append({name: value for name, value in parts[place].items() if name != "number"})
    changed = [one for one in made if one != part]
    assert TRIES / 2 < len(changed) < TRIES
    return changed


def test_the_same_request_becomes_the_same_one():
    once, twice = ({"query": {"doctor": "unknown", "at": "2000-01-01T00:00:00Z"}} for _ in range(2))
    lead("/api/v1/openings/check", once, KNOWN)
    lead("/api/v1/openings/check", twice, KNOWN)
    assert once == twice


@pytest.mark.parametrize(
    ("path", "uuids"),
    [
        ("/api/v1/doctors/{uuid}", {"doctor-1", "doctor-2"}),
        ("/api/v1/visit-types/{uuid}", {"visit_type-1", "visit_type-2"}),
        ("/api/v1/appointments/{uuid}/move", {"appointment-1"}),
    ],
)
def test_an_address_names_a_row(path, uuids):
    assert {part["uuid"] for part in led(path, "path", {"uuid": "unknown"})} == uuids


def test_the_identity_of_what_is_made_stays_its_own():
    bodies = led("/api/v1/doctors", "body", {"uuid": "made-up", "specialty_uuid": "unknown"})
    assert {body["uuid"] for body in bodies} == {"made-up"}


def test_a_booking_names_a_free_time_of_its_doctor_one_patient_and_a_length():
    made_up = {"doctor_uuid": "x", "appointment_datetime": "0273-08-04T16:31:05Z", "patient": None}
    for body in led("/api/v1/appointments", "body", made_up):
        assert (body["doctor_uuid"], body["appointment_datetime"]) in KNOWN.free
        assert body["patient_uuid"] in KNOWN.rows["patient"]
        assert body["visit_type_uuid"] in KNOWN.rows["visit_type"]


def test_of_two_ways_to_name_a_patient_one_is_left():
    made_up = {"patient_uuid": "x", "patient": {"patient_name": "Ana"}, "minutes": 241}
    bodies = led("/api/v1/appointments", "body", made_up)
    assert {"patient" in body for body in bodies} == {True, False}
    assert all(("patient" in body) != ("patient_uuid" in body) for body in bodies)
    assert all(body["minutes"] % 5 == 0 for body in bodies)


def test_a_search_for_free_times_has_a_length_and_no_place_that_nobody_gave_out():
    for query in led("/api/v1/openings", "query", {"cursor": "?", "from": "0001-01-01"}):
        assert query["visit_type"] in KNOWN.rows["visit_type"]
        assert "cursor" not in query
        assert query["from"] in {"2026-03-03", "2026-03-04"}


def test_what_is_no_mapping_is_left_alone():
    parts = {"path": None, "query": None, "body": ["doctor_uuid"]}
    lead("/api/v1/appointments", parts, KNOWN)
    assert parts == {"path": None, "query": None, "body": ["doctor_uuid"]}
