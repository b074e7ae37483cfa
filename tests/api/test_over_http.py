"""What only a real server shows: requests as they come through a socket."""

import http.client
import json
from collections import Counter
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from accounts import api_keys
from accounts.models import Scope
from tests.api.served import EACH, PATIENCE, WORKERS


@pytest.fixture
def send(server, transactional_db):
    """`send(method, address, body, headers)` -> (status, headers, body)."""
    secret = api_keys.issue("Website", Scope.BOOK, expires_at=None, now=timezone.now())[1]

    def ask(method, address, body=None, **headers):
        client = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=300)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            client.request(
                method, f"/api/v1/{address}", body, {"Authorization": f"Bearer {secret}"} | headers
            )
            answer = client.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            client.close()

    return ask


@pytest.mark.once
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_requests_in_odd_shapes(send):
    text = json.dumps({"text": "Ana"}).encode()
    assert send("POST", "patients/search", text)[0] == 200
    for odd, expected in (
        (send("POST", "patients/search", iter([text])), 411),  # in chunks
        (send("POST", "patients", b" " * 3_000_000), 413),
        (send("GET", "doctors", Host="elsewhere.example"), 400),
        (send("HEAD", "patients/search"), 405),
        (send("BREW", "doctors"), 405),
        (send("GET", "doctors?limit=%ff"), 422),
        (send("GET", "d%00ctors"), 404),
        (send("POST", "patients/search", text, **{"Content-Type": "text/plain"}), 415),
    ):
        status, headers, body = odd
        assert (status, headers["Content-Type"]) == (expected, "application/problem+json")
        assert body == b"" or json.loads(body)["status"] == expected


@pytest.mark.once
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_gunicorn_refuses_is_a_problem_too(server, send):
    status, headers, body = send("GET", f"doctors?specialty={'x' * 9000}")
    assert (status, headers["Content-Type"]) == (414, "application/problem+json")
    assert [each["code"] for each in json.loads(body)["problems"]] == ["uri_too_long"]
    status, headers, body = send("GET", "doctors", **{"Odd name": "x"})
    assert (status, headers["Content-Type"]) == (400, "application/problem+json")
    client = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=300)
    client.request("GET", "/" + "x" * 9000)
    answer = client.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (414, "text/html")
    client.close()


@pytest.mark.once
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_head_is_get_without_its_content(send):
    for address, expected in (("doctors", 200), ("nope", 404)):
        told, asked = send("GET", address), send("HEAD", address)
        assert (told[0], asked[0], asked[2]) == (expected, expected, b"")
        for name in ("Content-Length", "Content-Type", "Cache-Control"):
            assert asked[1][name] == told[1][name]


@pytest.fixture
def connected(server):
    """`connected(count)`: so many clients ask, one after the other, and keep their connections; how many are
    whose of the workers."""
    with ExitStack() as stack:

        def workers(count):
            found = Counter()
            for _ in range(count):
                client = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=PATIENCE)
                stack.callback(client.close)
                client.request("GET", "/api/v1/doctors")
                answer = client.getresponse()
                answer.read()
                found[answer.headers["X-Witness"].split()[0]] += 1
            return found

        yield workers


@pytest.mark.once
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_clients_that_keep_their_connections_are_shared_out_among_the_workers(connected):
    """How evenly, tests/test_spreading.py says; here a busy machine may let one worker come late."""
    seen = connected(3 * WORKERS)

    def is_shared():
        return len(seen) == WORKERS and max(seen.values()) <= seen.total() / 2

    while not is_shared() and seen.total() < EACH * WORKERS:  # some have only just been started
        seen += connected(1)
    assert is_shared(), seen
