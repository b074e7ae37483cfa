"""A visit is booked once, read back, and nothing typed is lost on the way."""

import re

import pytest

from scheduling.models import Appointment, Patient, Source, Status
from tests.conftest import madrid
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY, written
from tests.views.desk.pages import beside, text_of, typed_in


def test_a_visit_is_booked_and_read_back(desk, filled_in, osei, ana, rae, checkup):
    form = filled_in()
    response = desk.post("/desk/book/", form, follow=True)
    assert response.redirect_chain == [(f"/desk/appointments/{form['uuid']}/booked/", 302)]
    visit = Appointment.objects.get()
    assert (str(visit.uuid), visit.doctor, visit.patient) == (form["uuid"], osei, ana)
    assert (visit.visit_type, visit.minutes) == (checkup, 30)
    assert visit.appointment_datetime == madrid("2026-03-03 10:00")
    assert (visit.status, visit.source, visit.created_by) == (Status.CONFIRMED, Source.DESK, rae)
    page = response.content.decode()
    for said in (
        "Booked for Ana Souza Prieto",
        "Tuesday 3 March 2026, 10:00",
        "until 10:30",
        "Dr Ama Osei",
        "Cardiology",
        "Check-up, 30 min",
        "Short of breath on stairs",
        "Confirmed",
        "Rae Quist",
    ):
        assert said in in_one_line(page)


def test_the_confirmation_stays(desk, filled_in):
    there = desk.post("/desk/book/", filled_in())["Location"]
    first, before = text_of(desk.get(there), "main"), written()
    assert "Booked for Ana" in first
    assert text_of(desk.get(there), "main") == first
    assert written() == before


def test_the_same_form_sent_twice_is_one_visit_and_one_confirmation(desk, filled_in):
    form = filled_in()
    first = desk.post("/desk/book/", form)
    before = written()
    second = desk.post("/desk/book/", form)
    assert second["Location"] == first["Location"]
    assert written() == before


def test_the_same_new_patient_sent_twice_is_one_patient(desk, filled_in):
    form = filled_in(patient="new", patient_name="Carla", patient_lastname="Núñez")
    first = desk.post("/desk/book/", form)
    before = written()
    second = desk.post("/desk/book/", form)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert written() == before


def test_the_same_form_with_other_content_is_refused_and_can_be_saved_as_another_visit(desk, filled_in):
    form = filled_in()
    desk.post("/desk/book/", form)
    before = written()
    response = desk.post("/desk/book/", form | {"time": "12:00"})
    assert response.status_code == 422
    assert "This form was booked before" in response.content.decode()
    assert f"/desk/appointments/{form['uuid']}/" in response.content.decode()
    assert written() == before
    again = typed_in(response)
    assert again["uuid"] != form["uuid"]
    assert desk.post("/desk/book/", again).status_code == 302
    assert Appointment.objects.count() == 2


def test_a_taken_time_is_told_and_the_nearest_free_times_are_offered(desk, filled_in, book, osei, lind, ben):
    book(osei, ben, "2026-03-03 10:00")
    before = written()
    form = filled_in()
    response = desk.post("/desk/book/", form)
    assert response.status_code == 422
    page = response.content.decode()
    assert "10:00 with Dr Ama Osei was just taken" in page
    assert "You booked it at 08:00." in page
    assert 'role="alert"' in page
    assert "autofocus" in page
    assert beside(response, "time") == "This time is already taken with Dr Ama Osei."
    kept = typed_in(response)
    assert {name: kept[name] for name in form} == form
    assert written() == before
    choices = response.context["times"].offers
    assert [offer.title for offer in choices] == ["Dr Ama Osei", "Dr Per Lind"]
    assert [slot.note for slot in choices[0].slots][:2] == ["60 min earlier", "30 min earlier"]
    assert [slot.note for slot in choices[1].slots] == ["30 min earlier", "same time"]


def test_one_press_books_an_offered_time_with_the_same_details(desk, filled_in, book, osei, lind, ben):
    book(osei, ben, "2026-03-03 10:00")
    refused = desk.post("/desk/book/", filled_in())
    slot = refused.context["times"].offers[1].slots[0]
    response = desk.post("/desk/book/", typed_in(refused) | {"choice": slot.value})
    assert response.status_code == 302
    visit = Appointment.objects.latest("pk")
    assert (visit.doctor, visit.appointment_datetime) == (lind, slot.start)
    assert visit.description == "Short of breath on stairs"


@pytest.mark.parametrize(
    "choice", ["nonsense", "|", "{osei}|nonsense", "{osei}|", "x|2026-03-03T11:00+01:00"]
)
def test_a_choice_that_cannot_be_read_books_nothing(desk, filled_in, osei, choice):
    before = written()
    response = desk.post("/desk/book/", filled_in(choice=choice.format(osei=osei.uuid)))
    assert response.status_code == 422
    assert written() == before


def test_a_patient_with_another_visit_at_that_time_is_told_by_name(desk, filled_in, book, lind, ana):
    other = book(lind, ana, "2026-03-03 09:50")
    response = desk.post("/desk/book/", filled_in())
    assert response.status_code == 422
    page = response.content.decode()
    said = "Ana Souza Prieto has another visit at 09:50 with Dr Per Lind"
    assert re.search(rf'href="/desk/appointments/{other.uuid}/"\s*>{said}</a>', page)


def test_a_doctor_switched_off_meanwhile_is_still_shown_and_refused(desk, filled_in, osei):
    form = filled_in()
    osei.is_active = False
    osei.save()
    before = written()
    response = desk.post("/desk/book/", form)
    assert response.status_code == 422
    assert beside(response, "doctor") == "Dr Ama Osei takes no new visits."
    assert typed_in(response)["doctor"] == str(osei.uuid)
    assert written() == before


def test_emoji_and_line_ends_are_kept(desk, filled_in):
    form = filled_in(description="🙂 first\r\nsecond")
    assert desk.post("/desk/book/", form).status_code == 302
    assert Appointment.objects.get().description == "🙂 first\nsecond"


def test_a_reason_of_a_thousand_characters_fits_however_the_browser_ends_lines(desk, filled_in):
    form = filled_in(description="x" * 500 + "\r\n" + "y" * 499)
    assert desk.post("/desk/book/", form).status_code == 302


def test_names_of_255_characters_fit(desk, filled_in):
    form = filled_in(patient="new", patient_name="ñ" * 255, patient_lastname="🙂" * 255)
    assert desk.post("/desk/book/", form).status_code == 302
    assert Patient.objects.latest("pk").patient_name == "ñ" * 255


@pytest.mark.parametrize("time", ["9:30", "09:30", "0930", "930", "9.30", "9h30", " 9:30 ", "09:30h"])
def test_a_time_may_be_spelled_in_many_ways(desk, filled_in, time):
    assert desk.post("/desk/book/", filled_in(time=time)).status_code == 302
    assert Appointment.objects.get().appointment_datetime == madrid("2026-03-03 09:30")


def test_a_pending_visit_is_pending(desk, filled_in):
    desk.post("/desk/book/", filled_in(status="pending"))
    assert Appointment.objects.get().status == Status.PENDING


def test_a_script_in_a_reason_is_text(desk, filled_in, osei):
    script = '<script>alert("1")</script>'
    there = desk.post("/desk/book/", filled_in(description=script))["Location"]
    visit = Appointment.objects.get()
    for address in (there, f"/desk/appointments/{visit.uuid}/", f"/desk/day/{TUESDAY}/"):
        assert "<script>alert" not in desk.get(address).content.decode()
    refused = desk.post("/desk/book/", filled_in(description=script, patient=""))
    assert "<script>alert" not in refused.content.decode()
