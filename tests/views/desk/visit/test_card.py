"""A visit as it opens beside its card on the board."""

import re
from datetime import date

import pytest

from scheduling.models import Appointment, Patient
from tests.markup import in_one_line
from tests.views.desk.conftest import UNKNOWN


@pytest.fixture
def visit(book, osei, ana):
    ana.note, ana.alerts = "Comes with her daughter", "hearing: deaf, write"
    ana.phone, ana.date_of_birth = "+34600555040", date(1952, 9, 2)
    ana.save()
    return book(osei, ana, "2026-03-03 10:20", description="Check of the <pacemaker>")


def said(response):
    text = re.sub(r"<[^>]+>", " ", in_one_line(response.content.decode()))
    return " ".join(text.split())


def test_it_says_who_comes_how_to_reach_them_and_what_for(desk, visit):
    response = desk.get(f"/desk/appointments/{visit.uuid}/card/")
    text = said(response)
    assert text.startswith("Ana Souza Prieto Confirmed")
    assert "Time 10:20 to 10:50 Doctor Dr Ama Osei Type Check-up, 30 min" in text
    assert "Reason Check of the &lt;pacemaker&gt; Note Comes with her daughter" in text
    assert "Phone 600 55 50 40 Age 73 years, born 2 September 1952" in text
    assert 'href="tel:+34600555040"' in response.content.decode()
    assert "<html" not in response.content.decode()
    assert 'class="type ty1"' in response.content.decode()


def test_alerts_are_written_out(desk, visit):
    assert "Hearing: deaf, write" in said(desk.get(f"/desk/appointments/{visit.uuid}/card/"))


def test_what_is_not_known_is_said_to_be_unknown(desk, visit):
    Patient.objects.update(date_of_birth=None, phone="", note="")
    Appointment.objects.update(visit_type=None, description="")
    text = said(desk.get(f"/desk/appointments/{visit.uuid}/card/"))
    assert "Phone none recorded Age birth date unknown" in text
    assert text.endswith("Type 30 min")


def test_it_costs_2_queries_besides_those_for_the_person(desk, visit, django_assert_num_queries):
    with django_assert_num_queries(4):
        desk.get(f"/desk/appointments/{visit.uuid}/card/")


def test_it_is_for_those_who_may_see_visits(client, desk, visit, django_user_model):
    address = f"/desk/appointments/{visit.uuid}/card/"
    assert desk.get(f"/desk/appointments/{UNKNOWN}/card/").status_code == 404
    assert desk.post(address).status_code == 405
    client.logout()
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 401
    nobody = django_user_model.objects.create_user("nobody")
    client.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404
