"""A booking that is not finished survives leaving its page, and is its session's alone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import TypedForm
from tests.conftest import NOW
from tests.views.desk.conftest import UNKNOWN, written
from tests.views.desk.pages import text_of, typed_in

BOOK, SUMMARY, LEFT = "/desk/book/", "/desk/book/summary/", "/desk/book/draft/"


def draft_of(form):
    return f"{BOOK}?draft={form['uuid']}"


def test_a_change_of_the_form_is_kept_and_the_address_finds_it(desk, filled_in):
    form = filled_in(description="Dizzy")
    assert desk.post(SUMMARY, form).headers["HX-Replace-Url"] == draft_of(form)
    again = typed_in(desk.get(draft_of(form)), "booking")
    assert {name: again[name] for name in form if name != "q"} == {k: v for k, v in form.items() if k != "q"}
    assert "ana" not in draft_of(form)


def test_what_was_typed_last_is_sent_by_the_page_that_is_left(desk, filled_in):
    form = filled_in(description="Half a sen")
    assert desk.post(LEFT, form).status_code == 204
    assert typed_in(desk.get(draft_of(form)), "booking")["description"] == "Half a sen"


@pytest.mark.parametrize(
    "changes", [{"uuid": ""}, {"uuid": "x"}, {"q": "", "patient": "", "description": ""}]
)
def test_what_is_not_worth_it_is_not_kept(desk, filled_in, changes):
    assert "HX-Replace-Url" not in desk.post(SUMMARY, filled_in(**changes)).headers
    assert desk.post(LEFT, filled_in(**changes)).status_code == 204
    assert not TypedForm.objects.exists()


def test_new_booking_offers_to_go_on_and_a_free_time_does_not_ask(desk, filled_in, osei, ben):
    assert "Continue with" not in desk.get(BOOK).content.decode()
    first, second = filled_in(description="Dizzy"), filled_in(patient=str(ben.uuid), day="", time="")
    desk.post(SUMMARY, first)
    with time_machine.travel(NOW + timedelta(minutes=12), tick=False):
        desk.post(SUMMARY, second)
        page = desk.get(BOOK)
        text = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert "You have 2 unfinished bookings." in text
    assert text.index("Ben Okafor") < text.index("Ana Souza Prieto")
    assert "no time chosen" in text
    assert "started at 08:12" in text
    assert "“Dizzy”" in text
    assert draft_of(first) in page.content.decode()
    parked = desk.get(f"{BOOK}?day=2026-03-05").content.decode()
    assert 'href="/desk/book/?new=1&amp;day=2026-03-05"' in parked
    for address in (f"{BOOK}?new=1", f"{BOOK}?doctor={osei.uuid}&start=2026-03-03T10:00"):
        assert 'id="booking"' in desk.get(address).content.decode()


EMPTY = {"patient": "", "q": "", "description": "", "day": "", "time": ""}


@pytest.mark.parametrize(
    ("typed", "is_offered"),
    [
        ({"q": "sou"}, False),
        ({"q": "souza", "doctor": "any"}, False),
        ({"patient": "new"}, False),
        ({"q": "sou", "patient_name": "sou"}, False),  # "Find" without scripts guesses it from what was typed
        ({"q": "ana souza"}, True),
        ({"patient": "new", "patient_name": "Zoe"}, True),
        ({"patient": "new", "phone": "600 555 482"}, True),
        ({"description": "Dizzy"}, True),
        ({"q": "sou", "day": "2026-03-03", "time": "10:00"}, True),
    ],
)
def test_a_few_letters_are_no_unfinished_booking(desk, filled_in, typed, is_offered):
    form = filled_in(**EMPTY | typed)
    desk.post(LEFT, form)
    assert ("unfinished booking" in text_of(desk.get(BOOK), "main")) is is_offered
    assert typed_in(desk.get(draft_of(form)), "booking")["q"] == form["q"]  # the Back button finds it


def test_it_is_gone_once_it_is_booked_and_does_not_come_back(desk, filled_in):
    form = filled_in()
    desk.post(SUMMARY, form)
    assert desk.post(BOOK, form).status_code == 302
    assert not TypedForm.objects.exists()
    desk.post(LEFT, form)  # the page that was left sends what stood in it, late
    assert not TypedForm.objects.exists()
    answer = desk.get(draft_of(form), follow=True)
    assert "That booking is no longer kept" in text_of(answer, "toasts")


def test_a_refused_one_is_kept(desk, filled_in):
    form = filled_in(time="03:00")
    assert desk.post(BOOK, form).status_code == 422
    assert typed_in(desk.get(draft_of(form)), "booking")["time"] == "03:00"


def test_one_that_is_booked_at_once_is_never_kept(desk, filled_in):
    with CaptureQueriesContext(connection) as spent:
        assert desk.post(BOOK, filled_in()).status_code == 302
    kept = [query["sql"] for query in spent if "typed_forms" in query["sql"]]
    assert [sql.split()[0] for sql in kept] == ["DELETE"]  # what may have been kept on the way


def test_it_can_be_dropped(desk, filled_in):
    form, before = filled_in(), written()
    desk.post(SUMMARY, form)
    answer = desk.post(f"{LEFT}{form['uuid']}/drop/", follow=True)
    assert "Nothing was booked." in text_of(answer, "toasts")
    assert (TypedForm.objects.count(), written()) == (0, before)
    assert desk.post(f"{LEFT}{UNKNOWN}/drop/").status_code == 302


def test_it_is_nobody_elses_and_ends_with_the_session(desk, filled_in, rae, max_):
    form = filled_in()
    desk.post(SUMMARY, form)
    for account in (max_, rae):  # Rae at another desk, too
        other = Client()
        other.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        assert other.get(draft_of(form)).status_code == 302
        assert "Continue with" not in other.get(BOOK).content.decode()
    desk.post("/sign-out/")
    assert not TypedForm.objects.exists()


@pytest.mark.parametrize("asked", ["", "x", UNKNOWN, "\0"])
def test_an_address_of_none_leads_to_a_new_booking(desk, asked):
    assert desk.get(BOOK, {"draft": asked}).headers["Location"] == BOOK


def test_looking_at_it_writes_nothing(desk, filled_in):
    form = filled_in()
    desk.post(SUMMARY, form)
    before = list(TypedForm.objects.values())
    desk.get(BOOK)
    desk.get(draft_of(form))
    assert list(TypedForm.objects.values()) == before
