"""A form sent after the session had ended: nothing is written, nothing typed is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client

from accounts.kept import SALT
from scheduling.models import Appointment
from tests import factories
from tests.conftest import NOW
from tests.views.desk.conftest import written
from tests.views.desk.pages import text_of, typed_in

BOOK = "/desk/book/"
REASON = "Short of breath on stairs"


@pytest.fixture
def away(at_eight, db):
    """A browser whose session has ended."""
    return Client()


def sign_in(client, page, username, password="clinic-demo"):
    return client.post("/sign-in/", typed_in(page) | {"username": username, "password": password})


def test_the_form_comes_back_filled_in_after_signing_in_and_is_then_booked(away, rae, filled_in):
    form, before = filled_in(description=REASON), written()
    page = away.post(BOOK, form)
    assert page.status_code == 401
    assert "Nothing was saved. Sign in, and the form is shown again" in page.content.decode()
    again = sign_in(away, page, "rae")
    assert again.status_code == 200
    assert written() == before
    assert "You have been signed out. Nothing was saved." in again.content.decode()
    assert "under your name, Rae Quist" in again.content.decode()
    kept = typed_in(again)
    assert {name: kept[name] for name in form if name != "q"} == {n: v for n, v in form.items() if n != "q"}
    assert away.post(BOOK, kept).url.endswith("/booked/")
    assert Appointment.objects.get().description == REASON


def test_what_was_typed_is_in_no_address_no_session_and_no_cookie(away, rae, filled_in, caplog):
    page = away.post(BOOK, filled_in(description=REASON))
    assert "Location" not in page.headers
    sign_in(away, page, "rae")
    assert REASON not in str(dict(away.session.items()))
    assert REASON not in str(away.cookies)
    assert REASON not in caplog.text


def test_a_wrong_password_carries_it_along(away, rae, filled_in):
    page = away.post(BOOK, filled_in(description=REASON))
    wrong = sign_in(away, page, "rae", "guess")
    assert typed_in(sign_in(away, wrong, "rae"))["description"] == REASON


def test_a_colleague_of_the_desk_gets_it_and_somebody_without_the_page_gets_nothing(
    away, rae, max_, filled_in
):
    page = away.post(BOOK, filled_in(description=REASON))
    assert typed_in(sign_in(away, page, "max"))["description"] == REASON
    factories.UserFactory(username="plain")
    other = Client()
    answer = sign_in(other, page, "plain")
    assert (answer.status_code, answer.url) == (302, "/")
    assert REASON not in other.get("/", follow=True).content.decode()


@pytest.mark.parametrize(
    "kept",
    ["", "x", "x" * 100_000, signing.dumps(["/desk/", "/desk/", []], salt="other")],
    ids=["none", "short", "long", "signed for another use"],  # a signature has the time in it
)
def test_a_text_that_was_not_signed_for_this_is_ignored(away, rae, kept):
    answer = away.post("/sign-in/", {"username": "rae", "password": "clinic-demo", "kept": kept})
    assert (answer.status_code, answer.url) == (302, "/")


def test_after_an_hour_it_is_gone(away, rae, filled_in):
    with time_machine.travel(NOW, tick=False) as clock:
        page = away.post(BOOK, filled_in())
        clock.shift(timedelta(hours=1, seconds=1))
        assert sign_in(away, page, "rae").url == BOOK


def test_too_much_to_carry_is_said_before_it_is_lost(away, rae, filled_in):
    import secrets

    page = away.post(BOOK, filled_in(description=secrets.token_hex(60_000)))
    assert "too long to be carried along" in page.content.decode()
    assert "kept" not in typed_in(page)


def test_no_password_is_ever_carried(away, rae):
    page = away.post("/account/password/", {"old_password": "clinic-demo", "new_password1": "blue lamps"})
    path, _page, fields = signing.loads(typed_in(page)["kept"], salt=SALT)
    assert (path, fields) == ("/account/password/", [])


@pytest.mark.parametrize("step", ["check", "save"])
def test_a_doctors_week_comes_back_with_every_session_typed(away, max_, osei, step):
    address = f"/desk/hours/{osei.uuid}/"
    week = {"first": "2026-03-09", "from-0": ["9", "12", "16"], "to-0": ["11", "14", "18"]}
    # The page on which one saves after having looked at what changes cannot be opened by its address.
    page = away.post(f"{address}{step}/", week, headers={"Referer": f"http://testserver{address}check/"})
    again = sign_in(away, page, "max")
    assert again.status_code == 200
    shown = again.content.decode()
    for time in ("9", "11", "12", "14", "16", "18"):
        assert f'value="{time}"' in shown
    assert "You have been signed out. Nothing was saved." in shown


def test_nobody_is_led_to_an_address_that_is_only_sent_to(away, rae, osei):
    address = f"/desk/hours/extra/{osei.uuid}/remove/"
    page = away.post(address, {}, headers={"Referer": f"http://testserver{address}"})
    answer = sign_in(away, page, "rae")
    assert (answer.status_code, answer.url) == (302, "/")


def test_the_page_of_the_password_is_shown_again_with_empty_fields(away, rae):
    page = away.post("/account/password/", {"old_password": "clinic-demo", "new_password1": "blue lamps"})
    again = sign_in(away, page, "rae")
    assert again.status_code == 200
    assert "You have been signed out. Nothing was saved." in again.content.decode()
    assert "blue lamps" not in again.content.decode()


def test_a_form_without_an_address_is_sent_to_its_own_page_even_without_scripts(away, rae):
    page = away.post("/account/", {"language": "es", "single_keys": "on"})
    again = sign_in(away, page, "rae")
    assert '<form class="panel" method="post" aria-labelledby="settle" action="/account/">' in (
        again.content.decode()
    )


def test_a_page_that_knows_nothing_of_this_is_filled_in_too(away, rae):
    page = away.post("/account/", {"language": "es", "single_keys": "on"})
    again = sign_in(away, page, "rae")
    assert again.status_code == 200
    assert typed_in(again)["language"] == "es"
    rae.refresh_from_db()
    assert rae.language == ""


def test_the_page_is_the_one_on_which_the_form_stood(away, rae):
    page = away.post(
        "/account/", {"language": "es"}, headers={"Referer": "http://testserver/account/password/?a=1"}
    )
    assert typed_in(page)["next"] == "/account/password/?a=1"
    foreign = away.post("/account/", {"language": "es"}, headers={"Referer": "https://evil.example/account/"})
    assert typed_in(foreign)["next"] == "/account/"


def test_a_part_of_a_page_still_gets_no_sign_in_page(away):
    answer = away.post("/desk/book/summary/", {}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


class TestOldToken:
    """Signing in gives forms a new token: those of pages that were open before carry the old one."""

    @pytest.fixture
    def strict(self, at_eight, rae):
        client = Client(enforce_csrf_checks=True)
        client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_one_of_our_own_pages_is_shown_again(self, strict, filled_in):
        before = written()
        answer = strict.post(BOOK, filled_in(description=REASON), headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 200
        assert typed_in(answer)["description"] == REASON
        assert written() == before

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
    def test_anything_else_is_refused_and_not_repeated(self, strict, filled_in, site):
        answer = strict.post(BOOK, filled_in(description=REASON), headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
        assert REASON not in answer.content.decode()

    def test_without_a_session_the_sign_in_page_carries_it(self, at_eight, rae, filled_in):
        client = Client(enforce_csrf_checks=True)
        answer = client.post(BOOK, filled_in(), headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 401
        assert typed_in(answer)["kept"]


def test_the_sign_in_page_says_what_happened(away):
    page = away.post(BOOK, {"description": REASON})
    assert text_of(page, "main").startswith("You have been signed out")
