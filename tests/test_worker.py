"""Which requests the threads for probes answer; what only a running worker shows is in tests/outages."""

import pytest

from appointments_site.worker import Said, _path, _problem

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("first", "path"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"/healthz"),
        (b"HEAD /readyz HTTP/1.0\r\n\r\n", b"/readyz"),
        (b"GET /metrics HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n", b"/metrics"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b""),  # the rest may never come
        (b"GET /healthz", b""),
        (b"POST /healthz HTTP/1.1\r\nContent-Length: 9\r\n\r\n", b""),
        (b"", b""),
    ],
)
def test_a_whole_probe_is_known_by_its_first_bytes(first, path):
    assert _path(first) == path


def test_a_refusal_of_gunicorns_becomes_a_problem():
    said = Said()
    said.sendall(b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: text/html\r\n\r\n<html>")
    head, _blank, body = _problem(bytes(said)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"Content-Type: application/problem+json\r\n" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert b'"request_header_fields_too_large"' in body
    assert _problem(b"nonsense") == b""
