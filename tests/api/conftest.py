"""Programs with keys, and how they ask."""

import json

import pytest
from django.utils import timezone

from accounts import api_keys
from accounts.models import Scope


class Program:
    """Asks as another program does: with a key, in JSON. Every fault becomes an answer, as on a server."""

    def __init__(self, client, secret=""):
        self.client = client
        client.raise_request_exception = False
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, address, headers=None, **query):
        return self.client.get(f"/api/v1/{address}", query, headers=self.headers | (headers or {}))

    def post(self, address, body=None, *, if_match="", headers=None):
        headers = self.headers | (headers or {}) | ({"If-Match": if_match} if if_match else {})
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(f"/api/v1/{address}", data, content_type="application/json", headers=headers)


@pytest.fixture
def program(client, db):
    """`program("read")` asks with a new key of that scope; `program("")` with none."""

    def with_key(scope="book", **options):
        if not scope:
            return Program(client)
        options = {"expires_at": None, "now": timezone.now()} | options
        _key, secret = api_keys.issue(f"Program {scope}", Scope(scope), **options)
        return Program(client, secret)

    return with_key


def codes(response):
    return [problem["code"] for problem in response.json()["problems"]]
