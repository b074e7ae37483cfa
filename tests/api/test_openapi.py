"""The document says what everything is, without being asked twice."""

import json

import time_machine

from scheduling.api import openapi, site
from tests.conftest import madrid

# Fields whose names say it all.
OBVIOUS = {
    "uuid",
    "name",
    "specialty_name",
    "specialty_uuid",
    "doctor_name",
    "doctor_uuid",
    "patient_name",
    "patient_lastname",
    "patient_uuid",
    "date_of_birth",
    "email",
    "minutes",
    "items",
    "is_free",
    "created_at",
    "status",
    "next",
}


def document(client):
    response = client.get("/api/v1/openapi.json")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    return response.json()


def test_anyone_may_read_it(client, db):
    said = document(client)
    assert said["openapi"] == "3.1.0"
    assert said["info"]["title"] == "Appointment book"  # a client's package is named after it
    assert "of Clínica San Telmo." in said["info"]["description"]
    for word in (
        "Bearer",
        "offset",
        "Europe/Madrid",
        "uuid",
        "If-Match",
        "RFC 9457",
        "cursor",
        "Retry-After",
    ):
        assert word in said["info"]["description"]
    assert [server["url"] for server in said["servers"]] == ["/"]


def test_every_operation_says_what_it_does_and_which_key_it_takes(client, db):
    said = document(client)
    operations = [each for methods in said["paths"].values() for each in methods.values()]
    assert len(operations) >= 19
    scopes = set()
    for operation in operations:
        assert operation["summary"], operation["operationId"]
        assert "\n" not in operation["summary"]
        (scope,) = operation["security"][0]["Bearer"]
        assert f"`{scope}`" in operation["description"]
        scopes.add(scope)
    assert scopes == {"read", "book", "manage"}
    assert len({operation["summary"] for operation in operations}) == len(operations)


def test_operations_come_under_tags_that_are_described_in_order(client, db):
    said = document(client)
    described = [tag["name"] for tag in said["tags"] if tag["description"]]
    met = dict.fromkeys(
        tag for methods in said["paths"].values() for each in methods.values() for tag in each["tags"]
    )
    assert list(met) == described


def test_every_parameter_and_every_field_that_is_not_obvious_is_described(client, db):
    said = document(client)
    silent = [
        f"{name}.{field}"
        for name, schema in said["components"]["schemas"].items()
        for field, what in schema.get("properties", {}).items()
        if field not in OBVIOUS and not what.get("description")
    ]
    silent += [
        f"{operation['operationId']}?{parameter['name']}"
        for methods in said["paths"].values()
        for operation in methods.values()
        for parameter in operation["parameters"]
        if parameter["name"] not in OBVIOUS - {"uuid", "status"} and not parameter.get("description")
    ]
    assert silent == []


def test_it_is_made_once_a_day(client, db, monkeypatch):
    made = []
    complete = openapi.complete
    monkeypatch.setattr(openapi, "complete", lambda *args: made.append(complete(*args)))
    site._document.cache_clear()
    days = []
    for at in ("2026-03-02 00:05", "2026-03-02 23:55", "2026-03-03 00:05"):
        with time_machine.travel(madrid(at), tick=False):
            said = document(client)
            assert document(client) == said
        days.append(json.dumps(said).count("2026-03-10T10:00:00+01:00"))
    assert len(made) == 2
    assert min(days) > 0  # both days are followed by the same Tuesday of next week
