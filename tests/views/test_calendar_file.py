"""The file with which a patient puts a visit into the calendar of a phone."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from scheduling.models import Appointment, Status
from tests.conftest import NOW, madrid
from tests.notices.reading import lines, read

START = madrid("2026-03-03 12:20")  # the day after NOW


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(osei, ana, checkup):
    def make(status=Status.CONFIRMED, start=START, version=1):
        times = {"appointment_datetime": start, "minutes": 30, "created_at": NOW, "updated_at": NOW}
        whose = {"doctor": osei, "patient": ana, "visit_type": checkup, "description": "Está mareada"}
        return Appointment.objects.create(status=status, version=version, **times, **whose)

    return make


def file_of(client, visit):
    response = client.get(f"/appointment/{visit.uuid}/calendar.ics")
    assert response.status_code == 200
    return response


def page(client, visit):
    return " ".join(client.get(f"/appointment/{visit.uuid}/").content.decode().split())


def test_a_patient_takes_the_visit_along(client, visit):
    response = file_of(client, visit(version=3))
    assert response["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert response["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    calendar = read(response.content)
    (event,) = calendar.events
    assert (calendar.method, event.sequence, event.status) == ("PUBLISH", 3, "CONFIRMED")
    assert (event.dtstart, event.dtend) == (START, START + timedelta(minutes=30))
    assert (event.organizer, event.attendees) == (None, [])
    assert str(event.url).startswith("http://testserver/appointment/")
    assert client.get(str(event.url)).status_code == 200


def test_nothing_personal_is_in_it(client, visit, osei, ana):
    response = file_of(client, visit())
    everything = "\n".join(lines(response.content)) + str(response.headers)
    assert "Clínica San Telmo" in everything
    hidden = ("Ana", "Souza", "mareada", "Osei", "Cardiology", "Check-up", osei.email, str(ana.uuid))
    assert [word for word in hidden if word in everything] == []


def test_it_stays_out_of_caches_search_engines_and_other_sites(client, visit):
    response = file_of(client, visit())
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ENTERED_IN_ERROR])
def test_of_a_visit_that_was_called_off_it_says_so(client, visit, status):
    (event,) = read(file_of(client, visit(status)).content).events
    assert (event.status, event.alarm) == ("CANCELLED", [])


@pytest.mark.parametrize("status", Status)
def test_it_is_offered_while_the_visit_is_to_come(client, visit, status):
    kept = visit(status)
    link = f'href="/appointment/{kept.uuid}/calendar.ics"'
    is_to_come = status in {Status.PENDING, Status.CONFIRMED}
    assert (link in page(client, kept)) is ("Add to your calendar" in page(client, kept)) is is_to_come
    with time_machine.travel(START + timedelta(minutes=30)):
        assert link not in page(client, kept)


def test_it_asks_the_database_once_and_changes_nothing(client, visit, django_assert_num_queries):
    kept = visit(Status.PENDING)
    before = Appointment.objects.values().get()
    with django_assert_num_queries(1):
        file_of(client, kept)
    address = f"/appointment/{kept.uuid}/calendar.ics"
    assert (client.head(address).status_code, client.post(address).status_code) == (200, 405)
    assert Appointment.objects.values().get() == before


def test_unknown_and_malformed_are_the_same_404(client, visit):
    known = str(visit().uuid)
    odd = [uuid4(), known.upper(), known.replace("-", ""), "1"]
    answers = [client.get(f"/appointment/{each}/calendar.ics") for each in odd]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
