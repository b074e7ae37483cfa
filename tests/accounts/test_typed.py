"""What is typed is kept for one session, a day at most, and without passwords."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, QueryDict

from accounts import typed
from accounts.models import TypedForm
from tests.conftest import NOW

PAGE = "desk:book"


def in_a_session():
    request = HttpRequest()
    request.session = SessionStore()
    request.session.create()
    return request


@pytest.fixture
def request_(db):
    return in_a_session()


@pytest.fixture
def other(db):
    return in_a_session()


def keep(request, text="q=ana&q=souza&empty=", **more):
    return typed.keep(request, PAGE, QueryDict(text), **({"now": NOW} | more))


def test_it_comes_back_as_it_was_posted(request_):
    token = keep(request_)
    row = typed.find(request_, PAGE, token, now=NOW)
    assert row.posted == QueryDict("q=ana&q=souza&empty=")
    keep(request_, "q=ben", token=token, now=NOW + timedelta(minutes=5))
    (row,) = typed.all_of(request_, PAGE, now=NOW + timedelta(minutes=6))
    assert (row.posted["q"], row.begun_at, row.changed_at) == ("ben", NOW, NOW + timedelta(minutes=5))


def test_it_is_nobody_elses_and_of_its_own_page(request_, other):
    token = keep(request_)
    assert typed.find(other, PAGE, token, now=NOW) is None
    assert typed.find(request_, "desk:patients", token, now=NOW) is None
    keep(other, "q=theirs", token=token)  # the same token in another session is another form
    typed.forget(other, token)
    assert typed.find(request_, PAGE, token, now=NOW) is not None
    typed.forget_session(request_)
    assert not TypedForm.objects.exists()


def test_it_lives_a_day_and_the_next_form_clears_what_is_older(request_, other):
    token = keep(request_)
    assert typed.find(request_, PAGE, token, now=NOW + timedelta(hours=23)) is not None
    assert typed.find(request_, PAGE, token, now=NOW + timedelta(hours=25)) is None
    keep(other, now=NOW + timedelta(hours=25))
    assert TypedForm.objects.count() == 1


def test_a_session_keeps_so_many_and_the_oldest_go(request_):
    tokens = [keep(request_, now=NOW + timedelta(seconds=n)) for n in range(typed.MOST + 3)]
    at = NOW + timedelta(minutes=5)
    assert [typed.find(request_, PAGE, token, now=at) is None for token in tokens[:4]] == [
        True,
        True,
        True,
        False,
    ]
    assert TypedForm.objects.count() == typed.MOST


@pytest.mark.parametrize("name", ["csrfmiddlewaretoken", "password", "old_password"])
def test_secrets_are_not_kept(request_, name):
    token = keep(request_, f"{name}=secret&q=ana")
    assert typed.find(request_, PAGE, token, now=NOW).fields == [["q", ["ana"]]]


def test_no_more_is_kept_than_a_person_types(request_):
    token = keep(request_, "q=ana&long=" + "x" * 30_000)
    assert typed.find(request_, PAGE, token, now=NOW).fields == [["q", ["ana"]]]


def test_a_session_that_is_none_finds_nothing(db):
    request = HttpRequest()
    request.session = SessionStore()
    assert typed.find(request, PAGE, uuid4(), now=NOW) is None
    typed.forget_session(request)
