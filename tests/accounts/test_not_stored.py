"""No page of somebody who is signed in is kept by a browser."""

import pytest
from django.conf import settings as live_settings
from django.db import OperationalError
from django.urls import reverse

from tests.test_access import doors

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def in_max(client, max_):
    client.force_login(max_, backend=BACKEND)
    return client


def is_kept_nowhere(answer):
    said = {part.strip() for part in answer.get("Cache-Control", "").split(",")}
    return {"no-store", "private"} <= said and "public" not in said


def test_every_page_that_has_no_key_in_its_address(in_max):
    asked = [address for address, view in doors() if "<" not in address and not address.startswith("api/")]
    assert {"", "desk/", "account/", "sign-in/"} <= set(asked)
    kept = [address for address in asked if not is_kept_nowhere(in_max.get(f"/{address}"))]
    assert kept == []


@pytest.mark.parametrize("name", ["admin:index", "admin:accounts_user_changelist", "admin:jsi18n"])
def test_the_back_office(in_max, name):
    assert is_kept_nowhere(in_max.get(reverse(name)))


def test_the_day(in_max, osei):
    answer = in_max.get("/desk/day/2026-03-02/")
    assert answer.status_code == 200
    assert is_kept_nowhere(answer)


def test_a_page_that_is_not_there(in_max):
    answer = in_max.get("/nowhere/")
    assert answer.status_code == 404
    assert is_kept_nowhere(answer)


def test_the_sign_in_page_that_carries_what_was_typed(client, db):
    answer = client.post("/account/", {"language": "es"})
    assert answer.status_code == 401
    assert is_kept_nowhere(answer)


def test_what_is_said_where_the_session_cannot_be_read(in_max, monkeypatch):
    def away(*_given):
        raise OperationalError(2002, "Can't connect")

    in_max.raise_request_exception = False
    monkeypatch.setattr("accounts.sessions.SessionStore.load", away)
    answer = in_max.get("/desk/attention/")
    assert answer.status_code >= 500
    assert is_kept_nowhere(answer)


def test_a_strangers_page_may_be_kept(client, db):
    assert not is_kept_nowhere(client.get("/"))


@pytest.mark.parametrize("door", ["sign-out", "admin:logout"])
def test_signing_out_clears_what_the_browser_kept(in_max, door):
    answer = in_max.post(reverse(door))
    assert answer["Clear-Site-Data"] == '"cache"'
    assert is_kept_nowhere(answer)
    assert "Clear-Site-Data" not in in_max.get("/sign-in/")


def test_a_session_that_has_ended_clears_it_once(in_max):
    in_max.session.flush()
    in_max.cookies[live_settings.SESSION_COOKIE_NAME] = "gone"
    assert in_max.get("/desk/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in in_max.get("/sign-in/")


def test_who_is_signed_in_keeps_style_sheets(in_max):
    assert "Clear-Site-Data" not in in_max.get("/desk/attention/")


def test_no_page_may_use_the_computers_devices(client, db):
    said = client.get("/")["Permissions-Policy"]
    assert {"camera=()", "microphone=()", "geolocation=()", "usb=()", "payment=()"} <= set(said.split(", "))
    assert all(part.endswith("=()") for part in said.split(", "))
