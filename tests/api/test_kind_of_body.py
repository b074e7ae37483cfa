"""A body has to be said to be JSON: a form or a text that looks like it was meant for something else."""

import pytest

from scheduling.models import Patient
from tests.api.conftest import codes

BODY = b'{"patient_name": "Zoraida", "patient_lastname": "Fieldmark"}'


@pytest.fixture
def send(website):
    def post(kind, body=BODY, address="patients"):
        return website.ask("post", address, data=body, content_type=kind)

    return post


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/jsonp",
        "text/json+json",
        "application/json; charset=latin-1",
        "nonsense",
    ],
)
def test_another_kind_is_refused_with_what_to_send(send, kind):
    answer = send(kind)
    assert (answer.status_code, codes(answer)) == (415, ["unsupported_media_type"])
    assert answer.json()["detail"] == "Send JSON, and say so: Content-Type: application/json."
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        'APPLICATION/JSON; charset="UTF-8"',
        "application/ld+json",
        "",
    ],
)
def test_json_is_taken_and_so_is_what_says_nothing(send, kind):
    assert send(kind).status_code == 201


def test_a_body_that_is_no_json_is_still_that(send):
    assert (send("application/json", b"{").status_code, send("text/plain", b"{").status_code) == (400, 415)


def test_who_may_not_is_told_that_first(program):
    reader = program("read")
    answer = reader.ask("post", "patients", data=BODY, content_type="text/plain")
    assert (answer.status_code, codes(answer)) == (403, ["scope"])
