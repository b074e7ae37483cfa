"""The name of a request: new, or that of a proxy of ours; in its answer and in its own lines."""

import threading
from ipaddress import ip_network

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.test import RequestFactory

from appointments_site import request_ids
from appointments_site.outermost import refusing
from scheduling.database.breaker import breaker
from scheduling.database.outages import Reason
from tests.logged import written

GIVEN = "0f3c2a-from.the_proxy"
NETWORK = (ip_network("10.0.0.0/8"),)


def meta(told=GIVEN, peer="10.0.0.7", forwarded=""):
    return {"HTTP_X_REQUEST_ID": told, "REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}


@pytest.mark.parametrize(
    ("proxies", "asked", "is_taken"),
    [
        (0, meta(), False),
        (0, meta(forwarded="192.0.2.1"), False),
        (1, meta(), False),  # past the proxy
        (1, meta(forwarded="192.0.2.1"), True),
        (2, meta(forwarded="192.0.2.1"), False),
        (NETWORK, meta(), True),
        (NETWORK, meta(peer="192.0.2.1"), False),
        (NETWORK, meta(peer=""), True),  # through a socket file
    ],
)
def test_it_is_taken_over_from_a_proxy_of_ours_alone(settings, proxies, asked, is_taken):
    settings.TRUSTED_PROXIES = proxies
    assert (request_ids.chosen(asked) == GIVEN) is is_taken


@pytest.mark.parametrize(
    "told", ["", "short", "x" * 65, "ana@x.example", "12345678\n", "12345678 x", "ñandúñandú"]
)
def test_one_that_is_not_well_formed_is_not_taken_over(settings, told):
    settings.TRUSTED_PROXIES = NETWORK
    made = request_ids.chosen(meta(told))
    assert made != told
    assert len(made) == 32


def test_one_that_looks_like_the_identity_of_a_visit_loses_its_hyphens(settings):
    settings.TRUSTED_PROXIES = NETWORK
    told = "0b8e7a70-5e9b-4d52-9f3e-1f6a2f0d9c11"
    assert request_ids.chosen(meta(told)) == told.replace("-", "")


def test_each_answer_has_one_of_its_own(client, db):
    answers = [
        client.get(page) for page in ("/sign-in/", "/nowhere/", "/desk/", "/api/v1/doctors", "/healthz")
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 302, 401, 200]
    assert len({answer["X-Request-ID"] for answer in answers}) == 5


def test_an_answer_during_an_outage_has_one(client, monkeypatch):
    monkeypatch.setattr(breaker, "_refused", Reason.AWAY)
    answer = client.get("/desk/")
    assert (answer.status_code, len(answer["X-Request-ID"])) == (503, 32)


def test_what_is_refused_around_everything_has_one_and_so_has_its_line():
    def breaks(environ, start_response):
        raise OperationalError(1054, "Unknown column")

    told = []
    environ = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1").environ
    with written() as stream:
        refusing(breaks)(environ, lambda status, headers: told.append((status, dict(headers))))
    status, headers = told[0]
    assert status.startswith("500")
    assert f" ERROR appointments_site.outermost [{headers['X-Request-ID']}] " in stream.getvalue()
    assert request_ids.current() is None


def test_the_answer_and_the_line_have_the_same_one(client, db):
    with written() as stream:
        answer = client.get("/nowhere/")
    assert f"[{answer['X-Request-ID']}] Not Found: /nowhere/" in stream.getvalue()


def test_a_thread_that_serves_one_request_after_another_keeps_none(db):
    """As gunicorn's do: the second is served by the thread that served the first."""
    seen = []

    def inside(environ, start_response):
        seen.append(request_ids.current())
        return []

    def work():
        program = refusing(inside)
        for _ in range(2):
            program(RequestFactory().get("/").environ, None)
            seen.append(request_ids.current())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert None not in seen[::2]
    assert seen[0] != seen[2]
    assert seen[1::2] == [None, None]


def test_the_program_keeps_what_was_chosen_around_it(db, client):
    told = []
    environ = RequestFactory().get("/healthz").environ | {"HTTP_HOST": "testserver"}
    refusing(WSGIHandler())(environ, lambda status, headers, exc=None: told.append(dict(headers)))
    assert told[0]["X-Request-ID"] == environ[request_ids.GIVEN]
