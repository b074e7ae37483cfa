"""The door for gateways: only what is signed comes in, is said in JSON, and happens once."""

import json
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scheduling.models import Notice, Reply, Status, UnreachableAddress
from scheduling.notices import signing
from tests.conftest import NOW
from tests.notices.incoming.conftest import ANAS
from tests.notices.incoming.sent import sent, stored
from tests.notices.test_signing import OTHER, SECRET

PAGE = "/hooks/replies/"
YES = {"type": "reply", "from": ANAS, "text": "YES 7567"}


@pytest.fixture(autouse=True)
def with_a_secret(settings):
    settings.REPLIES_SECRET = SECRET
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(book, ana):
    return book(ana, "2026-03-05 10:00")


@pytest.fixture
def notice(visit):
    return sent(visit)[0]


def headers_of(body, *, secret=SECRET, name="msg_1", at=NOW):
    return signing.sign(secret, name, body, at=at)


def post(said, *, body=None, headers=None, **signed):
    body = json.dumps(said).encode() if body is None else body
    headers = headers_of(body, **signed) if headers is None else headers
    client = Client(enforce_csrf_checks=True)
    return client.post(PAGE, body, content_type="application/json", headers=headers)


def told(response):
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    return response.status_code, response.json()


# -- Who comes in ----------------------------------------------------------


def test_what_is_signed_is_taken(visit, notice):
    assert told(post(YES)) == (200, {"outcome": "confirmed", "why": ""})
    assert stored(visit).status == Status.CONFIRMED


@pytest.mark.parametrize("method", ["get", "post", "put", "head", "options"])
def test_where_it_is_not_set_up_there_is_no_such_page(settings, db, method):
    settings.REPLIES_SECRET = ""
    assert getattr(Client(), method)(PAGE).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_only_post_is_taken(db, method):
    assert getattr(Client(), method)(PAGE).status_code == 405


@pytest.mark.parametrize(
    ("signed", "word"),
    [
        ({"secret": OTHER}, "wrong"),
        ({"at": NOW - timedelta(minutes=6)}, "old"),
        ({"at": NOW + timedelta(minutes=6)}, "early"),
        ({"name": "msg.1"}, "malformed"),
        ({"headers": {}}, "missing"),
    ],
)
def test_what_is_wrongly_signed_is_refused_and_does_nothing(visit, notice, signed, word):
    assert told(post(YES, **signed)) == (401, {"error": word})
    assert (stored(visit).status, Reply.objects.count()) == (Status.PENDING, 0)


def test_another_body_under_a_good_signature_is_refused(visit, notice):
    headers = headers_of(json.dumps(YES).encode())
    assert told(post(YES | {"text": "CANCEL 7567"}, headers=headers)) == (401, {"error": "wrong"})


def test_a_replay_is_answered_as_before_and_does_nothing(visit, notice):
    answers = [told(post(YES)) for _ in range(3)]
    assert answers == [(200, {"outcome": "confirmed", "why": ""})] * 3
    assert (visit.events.count(), Reply.objects.count()) == (2, 1)


def test_something_else_under_the_same_name_is_told_apart(notice):
    post(YES)
    assert told(post(YES | {"text": "NO 7567"})) == (409, {"error": "other_content"})


def test_what_is_too_large_is_not_even_read(db):
    body = json.dumps(YES | {"text": "x" * 70_000}).encode()
    assert told(post(None, body=body)) == (413, {"error": "too_large"})
    assert Reply.objects.count() == 0


@pytest.mark.parametrize("length", ["many", "1e3", "12, 12", "9" * 5000])
def test_a_length_that_is_no_number_is_a_400(db, length):
    body = json.dumps(YES).encode()
    response = Client().post(
        PAGE, body, content_type="application/json", headers=headers_of(body), CONTENT_LENGTH=length
    )
    assert told(response) == (400, {"error": "length"})


# -- What is said ----------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"YES 7567", b"[" * 60_000, b"{" * 9, b'{"a":' * 9_000])
def test_what_is_no_json_is_a_400(db, body):
    assert told(post(None, body=body)) == (400, {"error": "not_json"})


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ([], "type"),
        ("reply", "type"),
        (None, "type"),
        ({}, "type"),
        ({"type": "opened"}, "type"),
        ({"type": ["reply"]}, "type"),
        ({"type": "reply", "text": "x"}, "from"),
        ({"type": "reply", "from": ANAS}, "text"),
        ({"type": "reply", "from": 34600555482, "text": "x"}, "from"),
        ({"type": "reply", "from": ANAS, "text": None}, "text"),
        (YES | {"at": "yesterday"}, "at"),
        (YES | {"at": "2026-03-02T08:00"}, "at"),
        (YES | {"at": "9999-12-31T23:59:59-12:00"}, "at"),
        (YES | {"at": 1772434800}, "at"),
        ({"type": "delivered"}, "id"),
        ({"type": "delivered", "id": "x"}, "id"),
        ({"type": "delivered", "id": 7}, "id"),
        ({"type": "delivered", "id": str(uuid4())}, "id"),
        ({"type": "bounced", "id": str(uuid4()), "permanent": True}, "id"),
        ({"type": "bounced", "id": str(uuid4())}, "permanent"),
        ({"type": "bounced", "id": str(uuid4()), "permanent": "yes"}, "permanent"),
        ({"type": "bounced", "id": str(uuid4()), "permanent": True, "code": 550}, "code"),
        ({"type": "bounced", "id": str(uuid4()), "permanent": True, "to": 34600555482}, "to"),
    ],
)
def test_what_cannot_be_used_names_its_field(db, said, field):
    assert told(post(said)) == (422, {"error": field})
    assert Reply.objects.count() == 0


def test_when_it_was_written_is_kept(notice):
    post(YES | {"at": "2026-03-02T06:30:00Z"})
    assert Reply.objects.get().at == NOW - timedelta(minutes=30)


def test_a_text_is_kept_without_what_nobody_sees(db):
    post(YES | {"from": " +34 600\u202e 555 482\n", "text": "Hel\u200blo\x00\n\ud800there"})
    reply = Reply.objects.get()
    assert (reply.sender, reply.text) == ("+34 600 555 482", "Hello\nthere")


def test_a_receipt_says_when_it_arrived_and_the_first_one_counts(notice):
    said = {"type": "delivered", "id": str(notice.uuid)}
    assert told(post(said)) == (200, {"outcome": "delivered"})
    assert stored(notice).delivered_at == NOW
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        post(said, at=NOW + timedelta(hours=1))
    assert stored(notice).delivered_at == NOW


def test_what_came_back_for_good_ends_at_the_desk(notice, ana):
    said = {"type": "bounced", "id": str(notice.uuid), "permanent": True, "code": "unknown_subscriber"}
    assert [told(post(said)) for _ in range(2)] == [(200, {"outcome": "bounced"})] * 2
    row = stored(notice)
    assert (row.state, row.why, row.answer) == (Notice.State.FAILED, Notice.Why.BOUNCED, "unknown_subscriber")
    mark = UnreachableAddress.objects.get()
    assert (mark.patient, mark.address, mark.at, mark.answer) == (ana, ANAS, NOW, "unknown_subscriber")


def test_what_came_back_for_now_changes_nothing(notice):
    said = {"type": "bounced", "id": str(notice.uuid), "permanent": False, "code": "busy"}
    assert told(post(said)) == (200, {"outcome": "bounced"})
    assert (stored(notice).state, UnreachableAddress.objects.count()) == (Notice.State.SENT, 0)


@pytest.mark.parametrize("said", [{"type": "delivered"}, {"type": "bounced", "permanent": True}])
def test_what_is_being_sent_at_this_moment_is_asked_again(notice, said):
    Notice.objects.update(state=Notice.State.SENDING, message=None)
    assert told(post(said | {"id": str(notice.uuid)})) == (503, {"error": "being_sent"})


def test_no_name_number_or_text_is_in_the_log(notice, caplog):
    caplog.set_level(logging.DEBUG)
    for number, said in enumerate(
        (
            YES,
            YES | {"text": "Ana Souza has a cough"},
            {"type": "bounced", "id": str(notice.uuid), "permanent": True, "code": f"no {ANAS}"},
            {"type": "delivered", "id": "ana@patients.example"},
        )
    ):
        post(said, name=f"msg_{number}")
    post(YES, secret=OTHER)
    assert "A message came back for good, with no code" in caplog.text
    for typed in ("Souza", "cough", ANAS, ANAS[3:], "ana@", "7567"):
        assert typed not in caplog.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
fields = st.dictionaries(
    st.sampled_from(["from", "text", "at", "id", "permanent", "code"]), json_values, max_size=6
)


@hypothesis_settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(fields, st.sampled_from(["reply", "delivered", "bounced"]))
def test_whatever_is_signed_has_an_answer(db, said, kind):
    response = post(said | {"type": kind}, name=f"msg_{uuid4()}")
    assert response.status_code in {200, 422}
