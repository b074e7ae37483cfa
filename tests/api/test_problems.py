"""Whatever goes wrong under /api/ is told as a problem in JSON: no page, no traceback, no word of it."""

import json
from types import SimpleNamespace

import pytest

from scheduling.api import problems
from scheduling.models import Appointment, FirstRequest, Patient
from tests.api.conftest import UNKNOWN, codes
from tests.api.document import operations
from tests.api.good import at

SECRETS = ("Zoraida", "Fieldmark", "zoraida@home.example", "600555482", "Bad knee")
PERSON = {
    "patient_name": "Zoraida",
    "patient_lastname": "Fieldmark",
    "email": "zoraida@home.example",
    "phone": "600555482",
}


@pytest.fixture(params=[False, True], ids=["live", "debug"])
def debug(settings, request):
    settings.DEBUG = request.param


def problem(response, status, code=None):
    """Its members, having looked at all that a problem has to be."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert response["X-Content-Type-Options"] == "nosniff"
    said = response.json()
    assert set(said) >= {"type", "title", "status", "detail", "problems"}
    assert (said["type"], said["status"]) == ("about:blank", status)
    assert said["detail"]
    assert all(each["code"] and each["message"] for each in said["problems"])
    if code:
        assert [each["code"] for each in said["problems"]] == [code]
    assert b"<" not in response.content
    assert b"Traceback" not in response.content
    return said


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1/",
        "/api/v2/doctors",
        "/api/v1/nothing",
        "/api/v1/doctors/",
        "/api/v1/doctors/7",
        f"/api/v1/doctors/{UNKNOWN}/more",
        "/api/v1/docs/",
        "/api/v1/%ff%00",
        "/api/v1/<script>",
    ],
)
def test_an_address_that_is_none(debug, website, client, path):
    for headers in ({}, website.headers, {"Accept": "text/html"}):
        problem(client.get(path, headers=headers), 404, "not_found")
        problem(client.post(path, b"{}", content_type="application/json", headers=headers), 404, "not_found")


def test_the_first_address_only_adds_its_slash(client, db):
    answer = client.get("/api/v1")
    assert (answer.status_code, answer["Location"], answer.content) == (301, "/api/v1/", b"")


def test_other_pages_stay_pages(client, db):
    for path in ("/apinope", "/nope"):
        assert client.get(path)["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", sorted({operation.path for operation in operations()}))
def test_a_method_that_an_address_does_not_take(debug, website, path):
    known = {operation.method for operation in operations() if operation.path == path}
    address = path.replace("{uuid}", UNKNOWN).removeprefix("/api/v1/")
    known |= {"head"} if "get" in known else set()
    for method in {"get", "post", "put", "patch", "delete", "options", "trace", "head"} - known:
        answer = website.ask(method, address)
        assert {name.strip().lower() for name in answer["Allow"].split(",")} == known
        if method == "head":
            assert (answer.status_code, answer.content) == (405, b"")
            assert int(answer["Content-Length"]) > 0
        else:
            problem(answer, 405, "method_not_allowed")


def test_a_failure_of_ours(debug, website, wanted, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("scheduling.booking.actions.book_once", fail)
    monkeypatch.setattr("scheduling.queries.appointments.page", fail)
    for answer in (website.post("appointments", wanted()), website.get("appointments")):
        problem(answer, 500, "internal_server_error")
        assert b"fault of ours" not in answer.content
    assert "a fault of ours" in caplog.text  # whoever keeps the server does see it


@pytest.mark.parametrize("sends_to_tls", [False, True])
def test_a_name_of_the_site_that_is_none(debug, website, settings, client, sends_to_tls):
    settings.SECURE_SSL_REDIRECT = sends_to_tls
    client.handler._middleware_chain = None  # it reads that when it is made
    headers = website.headers | {"Host": "elsewhere.example"}
    problem(client.get("/api/v1/doctors", headers=headers), 400, "bad_request")


def test_a_booking_without_tls_is_not_sent_on(website, wanted, settings, client):
    settings.SECURE_SSL_REDIRECT = True
    client.handler._middleware_chain = None  # it reads that when it is made
    said = {"data": json.dumps(wanted(), default=str), "content_type": "application/json"}
    answer = client.post("/api/v1/appointments", headers=website.headers, follow=True, **said)
    problem(answer, 404, "not_found")
    assert "Location" not in answer
    assert client.get("/api/v1/docs").status_code == 301  # a person who typed http is shown the way


def test_a_newer_python_changes_no_code(monkeypatch):
    of_python_313 = SimpleNamespace(name="CONTENT_TOO_LARGE", phrase="Content Too Large")
    monkeypatch.setattr(problems, "HTTPStatus", lambda status: of_python_313)
    said = json.loads(problems.response(413).content)
    assert (said["title"], said["problems"][0]["code"]) == (
        "Request Entity Too Large",
        "request_entity_too_large",
    )


def test_a_body_that_is_too_large(debug, website):
    problem(website.post("patients", b" " * 3_000_000), 413, "request_entity_too_large")
    assert not Patient.objects.exists()


def test_a_body_without_its_length(debug, website, client):
    """As some programs send it, in chunks: it would be taken for an empty one."""
    chunked = website.headers | {"Transfer-Encoding": "chunked"}
    answer = client.post("/api/v1/patients/search", headers=chunked, CONTENT_LENGTH="")
    assert "Content-Length" in problem(answer, 411, "length_required")["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{} {}",
        b"patient_name=Ana",
        b"\xff\xfe{",
        b'{"patient_name": "\xff"}',
        b'{"text": "Ana", "text": "Ben"}',
        b'{"patient": {"email": "a@example.org", "email": "b@example.org"}}',
        json.dumps({f"unknown {number}": 0 for number in range(101)}).encode(),
        b'{"text": NaN}',
        b'{"text": Infinity}',
        b'{"text": "\\ud800"}',
        b'{"\\udc00": "x"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5_000,
        b'{"text": ' + b"9" * 5_000 + b"}",
        b"<xml/>",
    ],
    ids=lambda body: repr(body[:20]),
)
@pytest.mark.parametrize("address", ["appointments", "patients", "patients/search"])
def test_a_body_that_cannot_be_read(debug, website, address, body):
    answer = website.post(address, body)
    problem(answer, 422 if body == b"" else 400)
    assert not Patient.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"text"', b"true", b"[{}]"])
def test_a_body_that_is_no_object(website, body):
    problem(website.post("patients/search", body), 422)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("limit=%ff", 422, "int_parsing"),
        ("limit=", 422, "int_parsing"),
        ("limit=1.5", 422, "int_parsing"),
        ("limit=0", 422, "greater_than_equal"),
        ("limit=101", 422, "less_than_equal"),
        ("limit=" + "9" * 5_000, 422, "int_parsing_size"),
        ("limit=1&limit=2", 422, "given_twice"),
        ("cursor=%00", 422, "cursor"),
        ("cursor=%ff%fe", 422, "cursor"),
        ("specialty=%00", 422, "uuid"),
        ("specialty=%ed%a0%80", 422, "uuid"),
        ("%00=1", 422, "extra_forbidden"),
        ("%ff=1", 422, "extra_forbidden"),
        ("speciality=x", 422, "extra_forbidden"),
        ("limit", 422, "int_parsing"),
    ],
)
def test_a_parameter_that_cannot_be_read(website, query, status, code):
    problem(website.ask("get", f"doctors?{query}"), status, code)


def test_an_operation_without_parameters_takes_none(clinic, website):
    problem(website.ask("get", f"doctors/{clinic.osei.uuid}?fields=all"), 422, "extra_forbidden")
    problem(website.post("patients/search?limit=2", {"text": "a"}), 422, "extra_forbidden")


@pytest.mark.parametrize(
    ("address", "field", "values"),
    [
        ("appointments", "status", "pending, confirmed"),
        (f"appointments/{UNKNOWN}/cancel", "wish", "patient, clinic"),
        (
            f"appointments/{UNKNOWN}/status",
            "status",
            "confirmed, arrived, in_progress, completed, no_show, entered_in_error",
        ),
    ],
)
def test_what_may_be_chosen_is_told_as_it_is_written(website, address, field, values):
    problems = website.post(address, {field: "x"}).json()["problems"]
    assert [each["message"] for each in problems if each["field"] == field] == [f"Give one of: {values}."]


REFUSED = {
    "taken": {"appointment_datetime": at(12)},
    "outside the hours": {"appointment_datetime": at(20)},
    "in the past": {"appointment_datetime": "2026-03-01T10:00:00+01:00"},
    "without an offset": {"appointment_datetime": "2026-03-03T10:00:00"},
    "of no doctor": {"doctor_uuid": UNKNOWN},
    "too long": {"description": "Bad knee" * 200},
    "mistyped": {"descripton": "Bad knee"},
    "no e-mail": {"patient": PERSON | {"email": "zoraida@home.example@"}},
    "no phone": {"patient": PERSON | {"phone": "600555482000000000"}},
    "no name": {"patient": PERSON | {"patient_name": "Zoraida\0"}},
    "born to come": {"patient": PERSON | {"date_of_birth": "2126-03-03"}},
    "another kind": {"patient": ["Zoraida", "Fieldmark"]},
    "text for a number": {"minutes": "Fieldmark"},
    "two patients": {"patient_uuid": UNKNOWN},
    "a status": {"status": "Zoraida"},
}


@pytest.mark.parametrize("why", REFUSED)
def test_nothing_of_a_refused_request_is_repeated_or_logged(clinic, website, caplog, why):
    body = clinic.body("create_appointment") | {"patient": PERSON, "description": "Bad knee"} | REFUSED[why]
    answer = website.post("appointments", body)
    problem(answer, answer.status_code)
    assert answer.status_code in {409, 422}
    assert [word for word in SECRETS if word in answer.content.decode()] == []
    assert "/api/v1/appointments" in caplog.text  # what there is of it in the log
    assert [word for word in SECRETS if word in caplog.text] == []
    assert (Appointment.objects.count(), FirstRequest.objects.count()) == (1, 0)


def test_nothing_of_a_failure_is_repeated(clinic, website, monkeypatch, debug):
    def fail(proposal, **kwargs):
        raise RuntimeError(proposal.patient)

    monkeypatch.setattr("scheduling.booking.actions.book_once", fail)
    answer = website.post("appointments", clinic.body("create_appointment") | {"patient": PERSON})
    problem(answer, 500)
    assert [word for word in SECRETS if word in answer.content.decode()] == []


def test_messages_speak_the_asker_s_language_and_codes_do_not(clinic, website, program, client):
    def in_(language):
        header = {"Accept-Language": language}
        body = clinic.body("create_appointment")
        return [
            website.post("appointments", body | {"appointment_datetime": at(12)}, headers=header),
            website.post("appointments", body | {"minutes": 3}, headers=header),
            website.get("doctors", limit=0, headers=header),
            website.get(f"doctors/{UNKNOWN}", headers=header),
            website.get("nothing", headers=header),
            website.ask("delete", "doctors", headers=header),
            program("").get("doctors", headers=header),
            website.post(f"appointments/{clinic.visit.uuid}/cancel", {}, headers=header),
        ]

    for english, spanish in zip(in_("en"), in_("es-MX,es;q=0.9"), strict=True):
        assert (english.status_code, codes(english)) == (spanish.status_code, codes(spanish))
        for mine, theirs in zip(english.json()["problems"], spanish.json()["problems"], strict=True):
            assert mine["message"] != theirs["message"]
        assert english.json()["detail"] != spanish.json()["detail"]
        assert (english["Content-Language"], spanish["Content-Language"]) == ("en", "es")
        assert "Accept-Language" in spanish["Vary"]
    program("")  # the client of the last one has no key left behind
