"""While the database is away a form is answered with itself, one press from being sent again."""

import pytest
from django.db import OperationalError
from django.test import Client

from scheduling.booking import making
from scheduling.models import Appointment
from tests.views.desk.pages import typed_in

BOOK = "/desk/book/"


@pytest.fixture
def away(monkeypatch):
    """The database is gone when it is asked to book."""

    def refuse(*args, **kwargs):
        raise OperationalError(1047, "WSREP has not yet prepared node for application use")

    monkeypatch.setattr(making, "book", refuse)
    monkeypatch.setattr("scheduling.database.breaker.breaker.suspect", lambda: None)


def test_the_page_carries_the_form_and_is_sent_again(desk, filled_in, away, monkeypatch):
    form = filled_in(description="Dizzy <in> the mornings", csrfmiddlewaretoken="token", password="secret")
    answer = desk.post(BOOK, form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    assert "Nothing of this was saved, and everything you typed is on this page." in " ".join(page.split())
    assert "secret" not in page
    again = typed_in(answer)
    assert again == {name: value for name, value in form.items() if name != "password"}
    assert f'action="{BOOK}"' in page
    monkeypatch.undo()
    assert desk.post(BOOK, again).status_code == 302
    assert str(Appointment.objects.get().uuid) == form["uuid"]


def test_a_part_of_a_page_and_a_page_of_strangers_carry_nothing(desk, filled_in, away):
    part = desk.post(BOOK, filled_in(), headers={"HX-Request": "true"})
    assert (
        part.status_code,
        "Souza" in part.content.decode(),
        'name="patient"' in part.content.decode(),
    ) == (
        503,
        False,
        False,
    )
    stranger = Client().get("/")
    assert 'name="q"' not in stranger.content.decode()
