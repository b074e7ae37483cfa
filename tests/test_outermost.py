"""Requests that Django's own handlers fail at."""

import io
import json

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from appointments_site.outermost import can_be_decoded, refusing
from tests.random_requests.run import kept_connection

pytestmark = pytest.mark.once
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def send(db, client):
    """`send(address, body, **environ)` -> (status, content type, text), past everything that is ours."""

    def ask(address, body=b"a=1", application=None, **environ):
        made = RequestFactory().generic("POST", address, body, FORM).environ
        made |= {"HTTP_COOKIE": f"csrftoken={'a' * 32}", "wsgi.input": io.BytesIO(body), **environ}
        told = []
        with kept_connection():
            program = refusing(application or WSGIHandler())
            text = b"".join(program(made, lambda status, headers, exc=None: told.append((status, headers))))
        status, headers = told[0]
        assert len(dict(headers)["X-Request-ID"]) == 32
        return int(status[:3]), dict(headers)["Content-Type"], text.decode()

    return ask


@pytest.mark.parametrize("charset", ["unknown", "base64", "hex", "rot13", "a\x00b", ""])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_an_unknown_charset_is_refused_in_a_line(send, charset, kind):
    status, content, text = send("/sign-in/", CONTENT_TYPE=f"{kind}; charset={charset}")
    assert (status, content, text) == (400, "text/plain; charset=utf-8", "400 Bad Request\n")


@pytest.mark.parametrize("address", ["/api/v1/patients", "/api/v1/nothing", "/api/"])
def test_a_program_is_refused_with_a_problem(send, address):
    status, content, text = send(address, CONTENT_TYPE=f"{FORM}; charset=base64")
    assert 400 <= status < 500
    assert content == "application/problem+json"
    assert json.loads(text)["status"] == status


@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver"])
@pytest.mark.parametrize("boundary", ["", "\xff", "x" * 300])
@pytest.mark.parametrize("address", ["/sign-in/", "/api/v1/patients", "/desk/book/"])
def test_a_bad_boundary_with_a_bad_host(send, address, boundary, host):
    kind = f"multipart/form-data; boundary={boundary}"
    status, _content, _text = send(address, CONTENT_TYPE=kind, HTTP_HOST=host)
    assert 300 <= status < 500


def test_a_length_that_is_no_number(send):
    assert send("/sign-in/", CONTENT_LENGTH="x")[0] == 400


@pytest.mark.parametrize(
    ("error", "status"), [(SuspiciousOperation(), 400), (UnicodeError(), 400), (RuntimeError("secret"), 500)]
)
def test_whatever_is_raised_is_answered(send, error, status):
    def breaks(environ, start_response):
        raise error

    for address in ("/", "/api/v1/doctors"):
        said = send(address, application=breaks)
        assert said[0] == status
        assert "secret" not in said[2]


@pytest.mark.parametrize(
    ("header", "good"),
    [
        ("text/html", True),
        ("text/html; charset=UTF-8", True),
        ('x; charset="latin-1"', True),
        ("x;charset=zlib", False),
    ],
)
def test_a_charset_is_of_texts(header, good):
    assert can_be_decoded(header) is good
