"""How often a key may ask: told with each answer, held for each key by itself, and exact across processes."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import api_keys
from accounts.models import ApiKey, Scope
from scheduling.models import Patient
from tests.api.conftest import READS_A_MINUTE, UNKNOWN, codes
from tests.api.served import at_once, met
from tests.conftest import NOW

LEFT = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


@pytest.fixture
def limits(settings):
    settings.API_LIMITS = {"read": 2, "book": 3, "manage": 5}
    return settings.API_LIMITS


def left(answer):
    return tuple(int(answer[name]) for name in LEFT)


def test_each_answer_says_what_is_left(limits, website):
    assert [left(website.get("doctors")) for _ in range(3)] == [(3, 2, 60), (3, 1, 60), (3, 0, 60)]


def test_beyond_the_limit_a_program_is_told_when_to_come_again(limits, website, at_eight):
    for _ in range(3):
        website.get("doctors")
    with time_machine.travel(NOW + timedelta(seconds=17.5), tick=False):
        answer = website.get("doctors")
    assert (answer.status_code, codes(answer)) == (429, ["too_many_requests"])
    assert (answer["Retry-After"], left(answer)) == ("43", (3, 0, 43))
    assert answer["RateLimit-Policy"] == '"book";q=3;w=60'
    assert answer["RateLimit"] == '"book";r=0;t=43'
    assert "43" in answer.json()["detail"]


def test_who_does_as_told_is_let_in_again(limits, website):
    for _ in range(4):
        answer = website.get("doctors")
    assert answer.status_code == 429
    after = NOW + timedelta(seconds=int(answer["Retry-After"]))
    with time_machine.travel(after - timedelta(seconds=1), tick=False):
        assert website.get("doctors").status_code == 429
    with time_machine.travel(after, tick=False):
        assert [left(website.get("doctors"))[1] for _ in range(3)] == [2, 1, 0]
        assert website.get("doctors").status_code == 429


def test_each_key_has_its_own_and_as_many_as_its_scope_says(limits, program):
    programs = [program(scope, f"{scope} {number}") for scope in Scope for number in range(2)]
    for each in programs:
        said = [each.get("doctors").status_code for _ in range(7)]
        allowed = limits[each.key.scope]
        assert said == [200] * allowed + [429] * (7 - allowed)


def test_what_is_refused_counts_too_and_what_nobody_answered_does_not(limits, website, client, db):
    client.get("/api/v1/nothing", headers=website.headers)
    website.ask("delete", "doctors")
    assert [website.get(f"doctors/{UNKNOWN}").status_code, website.get("doctors", limit=0).status_code] == [
        404,
        422,
    ]
    assert left(website.post("doctors", {})) == (3, 0, 60)  # 403
    assert website.get("doctors").status_code == 429


def test_a_request_beyond_the_limit_does_nothing(limits, website):
    for _ in range(3):
        website.get("doctors")
    last_used = ApiKey.objects.get().last_used_at
    body = {"patient_name": "Ana", "patient_lastname": "Souza"}
    with time_machine.travel(NOW + timedelta(seconds=5), tick=False):
        assert website.post("patients", body).status_code == 429
    assert not Patient.objects.exists()
    assert (ApiKey.objects.get().used, ApiKey.objects.get().last_used_at) == (3, last_used)


def test_who_has_no_key_is_not_told_of_limits(limits, program):
    answer = program("").get("doctors")
    assert [name for name in answer.headers if name.lower().startswith(("ratelimit", "retry"))] == []


# Over HTTP, by several processes of gunicorn

CLIENTS, LIMIT = 50, READS_A_MINUTE


@pytest.fixture
def reader(transactional_db):
    """Of a minute that has not begun yet: the real one may end while the clients ask."""
    key, secret = api_keys.issue("Reader", Scope.READ, expires_at=None, now=timezone.now())
    ApiKey.objects.update(window=timezone.now().timestamp() // 60 + 1)
    return key, secret


def answers_of(server, secret, **headers):
    answers = at_once(server, secret, "GET", "specialties", [None] * CLIENTS, **headers)
    assert met(answers), "the requests came one after the other"
    assert len({answer.worker for answer in answers}) > 1
    return answers


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_limit_is_exact_across_processes(server, reader):
    key, secret = reader
    answers = answers_of(server, secret)
    assert Counter(answer.status for answer in answers) == {200: LIMIT, 429: CLIENTS - LIMIT}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers if answer.status == 429)
    assert ApiKey.objects.get(pk=key.pk).used == LIMIT


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_counter_of_each_process_lets_more_in(server, reader):
    """The control: what many others do, in the same place."""
    answers = answers_of(server, reader[1], **{"X-Counts-Apart": "1"})
    assert Counter(answer.status for answer in answers)[200] > LIMIT
