"""Every example of the document works: it is sent as it stands there to a clinic that has its cast."""

from datetime import UTC, date, datetime, time
from functools import cache
from urllib.parse import urlencode

import pytest
import time_machine
from django.utils import timezone

from scheduling.api import examples
from scheduling.api.openapi import JSON, complete
from scheduling.api.site import api
from scheduling.booking import actions, integrity
from scheduling.booking.proposal import Proposal
from scheduling.clock import clinic_today
from scheduling.models import Appointment, Patient, Status
from tests import factories
from tests.conftest import MADRID, NOW, works

# A Monday, a Sunday before the clocks go forward, one before they go back, and the last day of a year.
DAYS = (date(2026, 3, 2), date(2026, 3, 22), date(2026, 10, 18), date(2026, 12, 31))


def document():
    """Its examples are of the day on which it is asked for."""
    return document_of(clinic_today(timezone.now()))


@cache
def document_of(_today):
    return api.get_openapi_schema(path_prefix="/api/v1/")


def operations():
    """(method, path, operation) of everything that can be asked for."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def cases():
    """Each operation with each of its bodies, by name; without one, once."""
    for _method, _path, operation in operations():
        bodies = operation.get("requestBody", {"content": {JSON: {}}})["content"][JSON]
        for body in bodies.get("examples", {"": None}):
            yield pytest.param(operation["operationId"], body, id=f"{operation['operationId']}-{body}")


@pytest.fixture
def cast(db):
    """Those of `scheduling.api.examples`, under the same uuids; Ana's visit is on Tuesday at nine."""
    cardiology = factories.SpecialtyFactory(uuid=examples.CARDIOLOGY)
    doctors = [
        factories.DoctorFactory(uuid=uuid, specialty=cardiology) for uuid in (examples.OSEI, examples.LIND)
    ]
    for doctor in doctors:
        works(doctor, time(9), time(14))
    checkup = factories.VisitTypeFactory(uuid=examples.CHECKUP, minutes=30)
    ana = factories.PatientFactory(
        uuid=examples.ANA, patient_name="Ana", patient_lastname="Souza Prieto", phone="+34600555119"
    )
    user = factories.UserFactory()

    def booked(now):
        start = datetime.fromisoformat(examples.at(9, now.astimezone(MADRID).date()))
        proposal = Proposal(
            uuid=examples.BOOKED,
            doctor=doctors[0],
            patient=ana,
            visit_type=checkup,
            start=start,
            status=Status.PENDING,
        )
        return actions.book(proposal, by=user, now=now)

    return booked


def sent(program, operation, method, path, body):
    """The answer to the example as the document has it."""
    given = {each["name"]: (each["in"], each.get("example")) for each in operation["parameters"]}
    needed = {each["name"] for each in operation["parameters"] if each["required"]}
    assert needed <= {name for name, (_place, value) in given.items() if value is not None}
    values = {place: {} for place in ("path", "query", "header")}
    for name, (place, value) in given.items():
        if value is not None:
            values[place][name] = value
    address = path.removeprefix("/api/v1/").format(**values["path"])
    if method == "get":
        return program.get(f"{address}?{urlencode(values['query'])}", headers=values["header"])
    content = operation["requestBody"]["content"][JSON]
    send = program.patch if method == "patch" else program.post
    return send(address, content["examples"][body]["value"], headers=values["header"])


@pytest.mark.parametrize(("name", "body"), list(cases()))
def test_an_example_works(program, cast, name, body):
    cast(NOW)
    method, path, operation = next(each for each in operations() if each[2]["operationId"] == name)
    (scope,) = operation["security"][0]["Bearer"]
    response = sent(program(scope), operation, method, path, body)
    wanted = 201 if 201 in operation["responses"] else 200
    assert response.status_code == wanted, response.content
    said = response.json()
    assert said.get("items", "some") != []
    assert said.get("is_free", True)
    assert list(integrity.problems(now=NOW)) == []


def test_an_operation_that_takes_a_body_has_an_example():
    with_body = [operation for _method, _path, operation in operations() if "requestBody" in operation]
    assert len(with_body) >= 7
    for operation in with_body:
        assert operation["requestBody"]["content"][JSON]["examples"], operation["operationId"]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_examples_work_on_any_day(program, cast, today):
    now = datetime.combine(today, time(23, 30), MADRID).astimezone(UTC)
    website = program("book")
    with time_machine.travel(now, tick=False):
        cast(now)
        for name in ("create_appointment", "move_appointment", "check_opening"):
            method, path, operation = next(each for each in operations() if each[2]["operationId"] == name)
            content = operation.get("requestBody", {"content": {JSON: {}}})["content"][JSON]
            body = next(iter(content.get("examples", {"": None})))
            assert sent(website, operation, method, path, body).status_code in (200, 201), name
    assert Appointment.objects.count() == 2


def test_the_same_example_again_is_answered_with_what_it_made(program, cast):
    cast(NOW)
    website = program("book")
    method, path, operation = next(
        each for each in operations() if each[2]["operationId"] == "create_appointment"
    )
    answers = [sent(website, operation, method, path, "new_patient") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert Patient.objects.filter(uuid=answers[0].json()["patient_uuid"]).count() == 1


def test_who_forgets_an_example_is_found():
    """A control: an operation of which `examples` knows nothing has none in the document."""
    operation = {
        "operationId": "rename_doctor",
        "description": "Rename.",
        "x-scope": "manage",
        "parameters": [],
        "requestBody": {"content": {JSON: {"schema": {}}}},
        "responses": {200: {"content": {JSON: {"schema": {}}}}},
    }
    whole = {"info": {}, "paths": {"/x": {"post": operation}}, "components": {"schemas": {}}}
    complete(whole, NOW.date())
    assert operation["requestBody"]["content"][JSON]["examples"] == {}
