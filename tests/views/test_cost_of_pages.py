"""What the largest pages cost, counted in calls of Python functions and not in milliseconds: no machine is
busy in it, and a page that grows tenfold is seen.

A limit is a quarter above what is counted today. Who makes a page dearer raises it, and says why.
"""

import sys
from uuid import uuid4

import pytest
import time_machine
from django.forms.renderers import DjangoTemplates
from django.test import Client

from appointments_site import form_inputs
from appointments_site.jinja import FormRenderer
from scheduling.booking import search_words
from scheduling.models import Doctor, Patient, VisitType
from scheduling.queries import board
from scheduling.views.desk.board import columns
from tests import crowd
from tests.conftest import NOW

DAY = "2026-03-03"
# Thousands of calls, in a clinic of 50 doctors with 800 visits on the day.
PAGES = {
    "/desk/keys/": 6,
    f"/desk/day/{DAY}/": 82,  # every column kept from the last time
    f"/desk/book/?day={DAY}": 16,
    "/desk/patients/": 17.5,
    "/desk/find/": 46,  # with the next free times of the usual visit, of all doctors
    "/desk/waiting/": 19.5,
    "/desk/month/2026-03/": 84,  # 3100 sessions of 50 doctors
}
SEARCH, BOOKING = 3.6, 4.9  # the patients found while a name is typed, and the saving
pytestmark = pytest.mark.once


class Calls:
    """Counts the calls of Python functions while it is entered."""

    def __enter__(self):
        self.count = 0
        sys.setprofile(self._note)
        return self

    def __exit__(self, *raised):
        sys.setprofile(None)

    def _note(self, _frame, event, _what):
        self.count += event == "call"


@pytest.fixture
def desk(rae):
    with time_machine.travel(NOW, tick=False):
        crowd.fill(NOW.date().replace(day=3), now=NOW, doctors=50, visits=800)
        client = Client()
        client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
        yield client


def calls_of(desk, page):
    desk.get(page)  # what is made once a process is there
    with Calls() as calls:
        response = desk.get(page)
    assert response.status_code == 200
    return calls.count


def forget_columns():
    board.column.cache_clear()
    columns.shown_column.cache_clear()


def test_no_page_costs_more_than_it_is_known_to(desk):
    found = {page: calls_of(desk, page) / 1000 for page in PAGES}
    assert {page: count for page, count in found.items() if count > PAGES[page]} == {}, found


def test_a_board_of_which_nothing_is_kept_costs_no_more_than_it_is_known_to(desk):
    page = f"/desk/day/{DAY}/"
    desk.get(page)
    forget_columns()
    with Calls() as calls:
        desk.get(page)
    assert calls.count / 1000 < 196


def test_no_step_of_a_booking_costs_more_than_it_is_known_to(desk):
    """What is typed and what is sent; the form itself is among the pages."""
    doctor, patient = Doctor.objects.earliest("pk"), Patient.objects.earliest("pk")
    search_words.write([patient])
    form = {
        "q": patient.full_name,
        "doctor": doctor.uuid,
        "visit_type": VisitType.objects.earliest("pk").uuid,
        "day": "2026-03-16",
        "status": "confirmed",
    }

    def search():
        answer = desk.post("/desk/book/patients/", form, headers={"HX-Request": "true"})
        assert str(patient.uuid) in answer.content.decode()

    def book(hour):
        chosen = form | {"uuid": uuid4(), "patient": patient.uuid, "time": f"{hour:02}:00"}
        assert desk.post("/desk/book/", chosen).status_code == 302

    search(), book(9)  # what is made once a process is there
    with Calls() as searched:
        search()
    with Calls() as booked:
        book(10)
    assert searched.count / 1000 < SEARCH
    assert booked.count / 1000 < BOOKING


def test_an_input_that_is_rendered_option_by_option_is_seen(desk, monkeypatch):
    """As Django does by itself: a file for each."""
    page = f"/desk/book/?day={DAY}"
    monkeypatch.setattr(form_inputs, "written", lambda name, context: None)
    monkeypatch.setattr(FormRenderer, "get_template", DjangoTemplates.get_template)
    monkeypatch.setattr(FormRenderer, "engine", DjangoTemplates().engine, raising=False)
    assert calls_of(desk, page) / 1000 > PAGES[page]
