"""No integer key leaves the server: not in the document, and in no answer, header or cursor."""

import json
import re
from base64 import urlsafe_b64decode

import pytest

from scheduling.models import Appointment
from tests import factories
from tests.api.conftest import UNKNOWN, Program
from tests.api.document import document, operations
from tests.api.good import TEN, TWELVE, Clinic, at
from tests.conftest import NOW, madrid, works

FIRST = 700_001
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
KEY = re.compile(r"70\d{4}")
# Which are no keys.
NUMBERS = {"minutes", "buffer_minutes", "version", "status", "limit", "days", "youngest_age", "oldest_age"}


def properties(part, name=""):
    """(name, schema) of every property and parameter anywhere in the document."""
    if isinstance(part, list):
        for each in part:
            yield from properties(each, name)
    elif isinstance(part, dict):
        if "in" in part and "schema" in part:
            yield part["name"], part["schema"]
        for key, each in part.get("properties", {}).items():
            yield key, each
        for key, each in part.items():
            if key not in {"example", "examples"}:
                yield from properties(each, key)


def is_number(schema):
    kinds = [schema, *schema.get("anyOf", [])]
    return any(kind.get("type") in {"integer", "number"} for kind in kinds)


def test_the_document_has_no_property_that_is_a_key():
    found = list(properties(document()))
    assert {"uuid", "doctor_uuid", "cursor", "specialty", "current", "nearest"} <= {name for name, _ in found}
    assert [name for name, _ in found if re.fullmatch(r"(.*_)?(id|pk)", name, re.IGNORECASE)] == []
    assert {name for name, schema in found if is_number(schema)} == NUMBERS


def test_the_walk_would_see_one():
    plain, nested = {"type": "integer"}, {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    for schema in (plain, nested):
        parts = {"components": {"schemas": {"A": {"properties": {"doctor_id": schema}}}}}
        assert [(name, is_number(each)) for name, each in properties(parts)] == [("doctor_id", True)]


@pytest.fixture
def numbered(at_eight, db):
    """A clinic whose keys are numbers that nothing else is; there are two rows of everything."""
    specialties = [factories.SpecialtyFactory(pk=FIRST + n) for n in range(2)]
    doctors = [factories.DoctorFactory(pk=FIRST + 10 + n, specialty=specialties[0]) for n in range(2)]
    for doctor in doctors:
        works(doctor, NOW.time().replace(hour=9), NOW.time().replace(hour=14))
    kinds = [factories.VisitTypeFactory(pk=FIRST + 20 + n) for n in range(2)]
    patients = [factories.PatientFactory(pk=FIRST + 30 + n, patient_lastname="Souza") for n in range(2)]
    Appointment.objects.create(
        pk=FIRST + 40,
        doctor=doctors[1],
        patient=patients[1],
        visit_type=kinds[1],
        appointment_datetime=madrid("2026-03-03 12:00"),
        minutes=30,
        status="cancelled",
        created_at=NOW,
        updated_at=NOW,
    )
    clinic = Clinic(doctors[0], patients[0], kinds[0])
    assert clinic.visit.pk > FIRST  # from there on, the database counts
    return clinic


def leaked(answer):
    """The keys in an answer: its body, its headers, and what a cursor says when it is read."""
    body = answer.content.decode()
    # The name of a request is made at random, of digits too.
    said = [
        body,
        *(f"{name}: {value}" for name, value in answer.headers.items() if name != "X-Request-ID"),
    ]
    cursor = json.loads(body).get("next")
    if cursor:
        said.append(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    return KEY.findall(UUID.sub("", "\n".join(said)))


def test_a_key_in_an_answer_would_be_seen(numbered, website):
    answer = website.get("doctors", limit=1)
    assert answer.json()["next"]
    answer.content = json.dumps({"items": [{"id": numbered.osei.pk}]})
    assert leaked(answer) == [str(numbered.osei.pk)]
    answer.content = b'{"next": "WyI3MDAwMTEiXQ"}'
    assert leaked(answer) == ["700011"]


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_no_answer_has_a_key(numbered, program, client, operation):
    manager = program("manage")
    path = operation.path.removeprefix("/api/v1/")
    unknown = operation.address(UNKNOWN).removeprefix("/api/v1/")
    numbered.before(operation.id)
    answers = [
        numbered.ask(Program(client), operation),
        numbered.ask(program("read", "Reader"), operation),
        numbered.ask(manager, operation),
        manager.ask(operation.method, f"{unknown}?unknown=1"),
        manager.ask("delete", unknown),
        manager.get(path.replace("{uuid}", str(numbered.osei.pk))),
    ]
    if operation.method == "get":
        answers += [manager.get(unknown), manager.get(unknown, limit=0), manager.get(unknown, limit=1)]
    else:
        answers += [manager.post(unknown, body, if_match='"1"') for body in ({}, {"id": 1}, [], None)]
    assert {answer.status_code for answer in answers} >= {401, 405, 422}
    assert [leaked(answer) for answer in answers] == [[]] * len(answers)


def test_no_refusal_of_a_change_has_a_key(numbered, website):
    visit = numbered.visit.uuid
    body = numbered.body("create_appointment")
    answers = [
        website.post("appointments", body | {"appointment_datetime": TWELVE}),
        website.post("appointments", body | {"doctor_uuid": UNKNOWN}),
        website.post("appointments", body),
        website.post("appointments", body),
        website.post("appointments", body | {"description": "other"}),
        website.post(f"appointments/{visit}/move", {"appointment_datetime": TEN}, if_match="*"),
        website.post(f"appointments/{visit}/move", {"appointment_datetime": at(13)}),
        website.post(f"appointments/{visit}/move", {"appointment_datetime": at(13)}, if_match='"9"'),
        website.post(f"appointments/{visit}/status", {"status": "completed"}, if_match="*"),
        website.get("openings/check", doctor=numbered.osei.uuid, at=TWELVE, minutes=30),
    ]
    assert [answer.status_code for answer in answers] == [409, 422, 201, 200, 409, 409, 428, 412, 409, 200]
    assert [leaked(answer) for answer in answers] == [[]] * len(answers)


@pytest.mark.parametrize("collection", ["specialties", "visit-types", "doctors", "patients", "appointments"])
def test_no_page_or_cursor_has_a_key(numbered, website, collection):
    for query in ({}, {"limit": 1}, {"limit": 1, "changed_since": "2026-03-01T00:00:00Z"}):
        if "changed_since" in query and collection != "appointments":
            continue
        answer = website.get(collection, **query)
        assert answer.json()["items"]
        assert bool(answer.json()["next"]) == ("limit" in query)
        assert leaked(answer) == []


def test_no_key_opens_anything(numbered, website):
    for collection, row in numbered.rows.items():
        assert website.get(f"{collection}/{row.pk}").status_code == 404
    for query in ({"doctor": numbered.osei.pk}, {"patient": numbered.ana.pk}):
        assert website.get("appointments", **query).status_code == 422
