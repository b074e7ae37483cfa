"""Who presses nothing is signed out, with what was typed kept; and after twelve hours everybody is."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as live_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import idle
from tests.conftest import NOW
from tests.test_access import doors
from tests.views.desk.pages import typed_in

DAY = "/desk/day/2026-03-02/"
POLLED = f"{DAY}changes/?token=x"
SESSION = live_settings.SESSION_COOKIE_NAME


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def in_rae(client, clock, rae, osei):
    sign_in(client)
    return client


def sign_in(client, **more):
    answer = client.post("/sign-in/", {"username": "rae", "password": "clinic-demo", **more})
    assert answer.status_code in {200, 302}
    return answer


def is_signed_in(client):
    """Asked by a page itself, so that asking changes nothing."""
    return client.get("/account/session/").json()["left"] > 0


def wait(clock, **given):
    clock.shift(timedelta(**given))


def test_who_presses_nothing_for_half_an_hour_is_signed_out(in_rae, clock):
    wait(clock, minutes=30)
    assert is_signed_in(in_rae)
    wait(clock, minutes=1, seconds=1)  # a minute is not counted: the cookie is that coarse
    assert not is_signed_in(in_rae)
    assert in_rae.get(DAY).url == f"/sign-in/?next={DAY}"
    assert not Session.objects.exists()


def test_whatever_is_asked_for_begins_it_anew(in_rae, clock):
    for _ in range(4):
        wait(clock, minutes=29)
        assert in_rae.get(DAY).status_code == 200
    wait(clock, minutes=31, seconds=1)
    assert in_rae.get(DAY).status_code == 302


def test_how_long_it_lasts_is_a_setting(in_rae, clock, settings):
    settings.SESSION_IDLE_MINUTES = 5
    wait(clock, minutes=6, seconds=1)
    assert in_rae.get(DAY).status_code == 302


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(in_rae, clock):
    for _ in range(10):
        wait(clock, minutes=3)
        answer = in_rae.get(POLLED, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert not {SESSION, idle.COOKIE} & set(answer.cookies)
        assert in_rae.get("/desk/waiting/changes/", headers={"HX-Request": "true"}).status_code == 200
        assert in_rae.get("/account/session/").json()["left"] > 0
    wait(clock, minutes=1, seconds=1)
    assert in_rae.get(POLLED, headers={"HX-Request": "true"}).status_code == 401


def test_whatever_is_asked_by_a_page_itself_is_marked():
    asked = {address: getattr(view, "is_polled", False) for address, view in doors()}
    polled = {address for address in asked if address.endswith("/changes/")}
    polled |= {"account/session/", "desk/book/draft/", "desk/appointments/<uuid:uuid>/card/"}
    assert len(polled) == 6
    assert {address for address, is_polled in asked.items() if is_polled} == polled


def test_staying_is_said_from_a_page(in_rae, clock):
    wait(clock, minutes=29)
    assert in_rae.get("/account/session/").json()["left"] == 2 * 60
    assert in_rae.post("/account/session/stay/").json()["left"] == 31 * 60
    wait(clock, minutes=29)
    assert in_rae.get("/account/session/").json()["left"] == 2 * 60


def test_staying_needs_a_token_and_a_session(clock, rae):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/account/session/stay/").status_code == 403
    stranger = Client().post("/account/session/stay/")
    assert (stranger.json()["left"], idle.COOKIE in stranger.cookies) == (0, False)


def test_a_page_says_what_is_left(in_rae, clock):
    wait(clock, seconds=20)
    page = in_rae.get("/account/").content.decode()
    assert f'data-left="{31 * 60 - 20}"' in page  # signed in 20 seconds ago, which is not told again
    wait(clock, minutes=10)
    page = in_rae.get("/account/").content.decode()
    assert f'data-left="{31 * 60}"' in page
    assert "You will be signed out in 2 minutes because nothing was pressed." in page


def test_after_twelve_hours_everybody_is_signed_out_whatever_is_saved(in_rae, clock, rae):
    for _ in range(24):
        wait(clock, minutes=29)
        in_rae.post("/account/", {"language": "en"})  # a message is saved in the session
    left = in_rae.get("/account/session/").json()
    assert (left["left"], left["is_final"]) == (12 * 3600 - 24 * 29 * 60, True)
    wait(clock, seconds=left["left"] + 1)
    assert in_rae.get(DAY).status_code == 302


def test_a_page_that_is_looked_at_writes_nothing(in_rae, clock):
    def asked():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = in_rae.get(DAY)
        return answer, queries

    first, within_the_minute = asked()
    wait(clock, minutes=5)
    answer, later = asked()
    assert (idle.COOKIE in first.cookies, idle.COOKIE in answer.cookies) == (False, True)
    assert len(later) == len(within_the_minute)
    assert not [each for each in later.captured_queries if not each["sql"].lstrip("(\n").startswith("SELECT")]


def test_within_a_minute_no_cookie_is_sent_again(in_rae, clock):
    wait(clock, seconds=59)
    assert idle.COOKIE not in in_rae.get(DAY).cookies
    wait(clock, seconds=1)
    cookie = in_rae.get(DAY).cookies[idle.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_without_the_cookie_the_sign_in_counts(in_rae, clock):
    wait(clock, minutes=20)
    in_rae.get(DAY)
    wait(clock, minutes=12)
    del in_rae.cookies[idle.COOKIE]
    assert in_rae.get(DAY).status_code == 302


@pytest.mark.parametrize("value", ["", "x", "1772434800", "1772434800:x", "9999999999:" + "a" * 43])
def test_a_cookie_that_was_made_up_counts_as_none(in_rae, clock, value):
    wait(clock, minutes=32)
    in_rae.cookies[idle.COOKIE] = value
    assert in_rae.get(DAY).status_code == 302


def test_a_cookie_of_another_session_counts_as_none(in_rae, clock, max_):
    wait(clock, minutes=32)
    other = Client()
    other.post("/sign-in/", {"username": "max", "password": "clinic-demo"})
    in_rae.cookies[idle.COOKIE] = other.cookies[idle.COOKIE].value
    assert in_rae.get(DAY).status_code == 302


def test_a_session_from_before_this_was_counted_begins_with_its_next_page(client, clock, rae, osei):
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    wait(clock, hours=2)
    assert client.get(DAY).status_code == 200
    wait(clock, minutes=31, seconds=1)
    assert client.get(DAY).status_code == 302


def test_what_was_typed_is_shown_again_after_signing_in(in_rae, clock, rae):
    wait(clock, minutes=40)
    page = in_rae.post("/account/", {"language": "es", "single_keys": "on"})
    assert page.status_code == 401
    again = in_rae.post("/sign-in/", typed_in(page) | {"username": "rae", "password": "clinic-demo"})
    assert typed_in(again)["language"] == "es"
    rae.refresh_from_db()
    assert rae.language == ""


def test_a_new_password_does_not_end_the_sign_in_that_gave_it(in_rae, clock):
    new = {"new_password1": "four tall blue lamps", "new_password2": "four tall blue lamps"}
    for minutes in (20, 20):
        wait(clock, minutes=minutes)
        in_rae.get("/account/")
    in_rae.post("/account/password/", {"old_password": "clinic-demo", **new})
    wait(clock, minutes=20)
    assert in_rae.get("/account/").status_code == 200


def test_signing_out_takes_the_cookie_along(in_rae):
    assert in_rae.post("/sign-out/").cookies[idle.COOKIE].value == ""


def test_a_change_of_the_secret_signs_nobody_out(in_rae, clock, settings):
    wait(clock, minutes=20)
    in_rae.get(DAY)
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another-secret-8Jt2mQfVb0xYw4sLr6nKd9cHzPaE7uGi3oTk1XyBvNqMl5Wj"
    settings.SECRET_KEY_FALLBACKS = [before]
    wait(clock, minutes=20)
    assert in_rae.get(DAY).status_code == 200


def test_a_clock_that_is_behind_signs_nobody_out(in_rae, clock):
    wait(clock, seconds=-30)  # another server's
    assert in_rae.get(DAY).status_code == 200
