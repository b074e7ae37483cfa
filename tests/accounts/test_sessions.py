"""Sessions are Django's own, read by a shorter way."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.sessions import SessionStore


@pytest.fixture
def kept(db):
    session = SessionStore()
    session["who"] = "Ñandú"
    session.save()
    return session.session_key


def test_what_is_kept_is_found_by_one_query(kept, django_assert_num_queries):
    db.SessionStore(kept).load()  # what a thread reads first of all is the server's version
    with django_assert_num_queries(1):
        found = SessionStore(kept)
        assert found["who"] == "Ñandú"
    assert found.load() == db.SessionStore(kept).load()
    assert found.session_key == kept


def test_one_that_has_expired_or_never_was_is_empty_and_has_no_key(kept):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for key in (kept, "unknown-but-long", "Ñ\x00'--long-enough", ""):
        session = SessionStore(key)
        assert (session.get("who"), session.session_key) == (None, None)


def test_what_was_tampered_with_is_empty(kept):
    Session.objects.update(session_data="nonsense")
    assert SessionStore(kept).load() == {}
