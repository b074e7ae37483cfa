"""Programs with keys, and how they ask, on a Monday at 08:00."""

import json
from uuid import uuid4

import pytest
import time_machine

from accounts import api_keys
from accounts.models import Scope
from tests.api import guide
from tests.api.document import assert_as_documented
from tests.api.good import TEN, Clinic
from tests.api.served import served
from tests.conftest import NOW

READS_A_MINUTE = 20  # of a key that reads, over HTTP
UNKNOWN = "0b1d8a52-6d0e-4a53-9a57-3f7f3c1d2e4a"  # nobody and nothing has it


class Program:
    """Asks as another program does: with a key, in JSON. Every fault becomes an answer, as on a server, and
    every answer has to be one that the OpenAPI document and docs/api.md have."""

    def __init__(self, client, secret="", key=None):
        client.raise_request_exception = False
        self.client, self.key = client, key
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, address, headers=None, **query):
        query = {name.rstrip("_"): str(value) for name, value in query.items()}
        return self.ask("get", address, query_params=query, headers=headers)

    def post(self, address, body=None, **more):
        return self.send("post", address, body, **more)

    def patch(self, address, body=None, **more):
        return self.send("patch", address, body, **more)

    def send(self, method, address, body, *, if_match="", headers=None):
        headers = (headers or {}) | ({"If-Match": if_match} if if_match else {})
        data = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
        return self.ask(method, address, data=data, content_type="application/json", headers=headers)

    def ask(self, method, address, headers=None, **request):
        path = f"/api/v1/{address}"
        response = getattr(self.client, method)(path, headers=self.headers | (headers or {}), **request)
        assert_as_documented(method, path.partition("?")[0], response)
        if response["Content-Type"] == "application/problem+json" and response.content:
            assert {problem["code"] for problem in response.json()["problems"]} <= guide.codes()
        return response


@pytest.fixture
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="session")
def server(django_db_setup):
    """gunicorn, for all tests that ask over HTTP. It sees what they have committed."""
    with served(API_READS_A_MINUTE=str(READS_A_MINUTE)) as server:
        yield server


@pytest.fixture
def program(at_eight, client, db):
    """`program("read")` asks with a new key of that scope; `program("")` with none."""

    def with_key(scope="book", name="Website", expires_at=None):
        if not scope:
            return Program(client)
        key, secret = api_keys.issue(name, Scope(scope), expires_at=expires_at, now=NOW)
        return Program(client, secret, key)

    return with_key


@pytest.fixture
def website(program):
    return program("book")


@pytest.fixture
def wanted(osei, ana, checkup):
    """The body of a booking: Ana with Dr Osei tomorrow at ten."""

    def body(**other):
        return {
            "uuid": uuid4(),
            "doctor_uuid": osei.uuid,
            "patient_uuid": ana.uuid,
            "visit_type_uuid": checkup.uuid,
            "appointment_datetime": TEN,
        } | other

    return body


@pytest.fixture
def clinic(at_eight, osei, ana, checkup):
    return Clinic(osei, ana, checkup)


@pytest.fixture
def change(clinic, website):
    """Ask for a change of Ana's visit, which stands in version 1."""

    def ask(action, body, if_match='"1"', uuid=None):
        address = f"appointments/{uuid or clinic.visit.uuid}"
        if action == "correct":
            return website.patch(address, body, if_match=if_match)
        return website.post(f"{address}/{action}", body, if_match=if_match)

    return ask


def codes(response):
    """The codes of an answer that is a problem."""
    assert response["Content-Type"] == "application/problem+json"
    return [problem["code"] for problem in response.json()["problems"]]
