"""What follows from a change while the form is filled in: free times, what is in the way, suspected twins."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import WorkingHours
from tests import factories
from tests.conftest import works
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY, written
from tests.views.desk.pages import text_of, typed_in

SUMMARY, FILL, FIND = "/desk/book/summary/", "/desk/book/fill/", "/desk/book/patients/"
TYPING = {"HX-Request": "true"}
ALL_DAY = time(8), time(18)


def offered(response):
    return [(offer.title, [slot.note for slot in offer.slots]) for offer in response.context["times"].offers]


def times(response):
    return [slot.value[-25:-9] for offer in response.context["times"].offers for slot in offer.slots]


class TestFreeTimes:
    def test_need_the_visit_type_and_nothing_else(self, desk, filled_in, osei, lind):
        nothing = {"day": "", "time": "", "doctor": ""}
        assert offered(desk.post(SUMMARY, filled_in(**nothing, visit_type=""))) == []
        response = desk.post(SUMMARY, filled_in(**nothing))
        assert offered(response) == [("Mon 2 March", ["Dr Ama Osei", "Dr Per Lind"] * 4)]
        assert "The next free times are shown." in response.content.decode()

    def test_are_those_of_the_doctor_from_the_day_on(self, desk, filled_in, lind):
        response = desk.post(SUMMARY, filled_in(time="", doctor=str(lind.uuid)))
        assert offered(response) == [("Tue 3 March", ["Dr Per Lind"] * 8)]

    def test_are_those_of_the_specialty(self, desk, filled_in, osei):
        works(other := factories.DoctorFactory(doctor_name="Dr Else"), *ALL_DAY)
        form = filled_in(time="", day="", doctor="", specialty=str(other.specialty.uuid))
        assert {note for _, notes in offered(desk.post(SUMMARY, form)) for note in notes} == {"Dr Else"}

    def test_none_at_all_is_said(self, desk, filled_in):
        WorkingHours.objects.all().delete()
        page = desk.post(SUMMARY, filled_in(time="")).content.decode()
        assert "There is no free time in the next 60 days." in page

    def test_near_a_taken_time_are_offered_before_anything_is_saved(
        self, desk, filled_in, book, osei, lind, ben
    ):
        book(osei, ben, f"{TUESDAY} 10:00")
        before = written()
        response = desk.post(SUMMARY, filled_in())
        assert "This time is already taken with Dr Ama Osei." in response.content.decode()
        assert offered(response)[1] == ("Dr Per Lind", ["30 min earlier", "same time"])
        assert written() == before

    def test_a_longer_visit_than_fits_is_told_as_soon_as_its_type_is_chosen(
        self, desk, filled_in, book, osei, ben
    ):
        book(osei, ben, f"{TUESDAY} 10:30")
        assert "is free." in desk.post(SUMMARY, filled_in()).content.decode()
        long = factories.VisitTypeFactory(minutes=45)
        page = desk.post(SUMMARY, filled_in(visit_type=str(long.uuid))).content.decode()
        assert "This time is already taken with Dr Ama Osei." in page

    def test_come_with_the_page_for_a_patient_and_the_focus_is_on_them(self, desk, osei, ana, checkup):
        response = desk.get("/desk/book/", {"patient": str(ana.uuid)})
        assert response.context["focus"] == "times"
        assert len(times(response)) == 8
        assert typed_in(response)["patient"] == str(ana.uuid)

    def test_with_several_types_the_focus_is_on_the_type_first(self, desk, osei, ana, checkup):
        factories.VisitTypeFactory()
        response = desk.get("/desk/book/", {"patient": str(ana.uuid)})
        assert response.context["focus"] == "visit_type"
        assert "Choose the visit type to see the next free times." in response.content.decode()

    def test_a_press_without_a_script_fills_the_form_and_books_nothing(self, desk, filled_in, osei, lind):
        before = written()
        form = filled_in(day="", time="", choice=f"{lind.uuid}|{TUESDAY}T12:00:00+01:00")
        response = desk.post(FILL, form)
        assert response.status_code == 200
        typed = typed_in(response)
        assert (typed["doctor"], typed["day"], typed["time"]) == (str(lind.uuid), "03/03/2026", "12:00")
        assert {name: typed[name] for name in ("uuid", "patient", "description")} == {
            name: form[name] for name in ("uuid", "patient", "description")
        }
        assert response.context["focus"] == "description"
        assert written() == before


class TestTwins:
    NEW = {"patient": "new", "patient_name": "Ana", "patient_lastname": "Souza Prieto"}

    def test_are_shown_while_the_name_is_typed(self, desk, filled_in, ana):
        page = desk.post(SUMMARY, filled_in(**self.NEW)).content.decode()
        assert "This person may already be on record" in page
        assert "Use Ana Souza Prieto" in page

    def test_are_not_looked_for_before_the_name_is_whole(self, desk, filled_in, ana):
        page = desk.post(SUMMARY, filled_in(**self.NEW | {"patient_lastname": ""})).content.decode()
        assert "This person may already be on record" not in page

    def test_are_told_by_phone_and_first_name_too(self, desk, filled_in):
        carla = factories.PatientFactory(patient_name="Carla", patient_lastname="Núñez", phone="+34600555482")
        new = {"patient": "new", "patient_name": "Carla", "patient_lastname": "Vidal", "phone": "600 555 482"}
        page = desk.post(SUMMARY, filled_in(**new)).content.decode()
        assert f'name="use" value="{carla.uuid}"' in in_one_line(page)
        assert "In common: first name, phone." in page
        assert "In common: first name, phone." in desk.post("/desk/book/", filled_in(**new)).content.decode()
        other = filled_in(**new | {"patient_name": "Bo"})  # a relative
        assert desk.post("/desk/book/", other).status_code == 302

    def test_who_are_switched_off_are_not_offered(self, desk, filled_in, ana):
        ana.is_active = False
        ana.save()
        assert "This person may already" not in desk.post(SUMMARY, filled_in(**self.NEW)).content.decode()

    def test_one_of_them_can_be_taken(self, desk, filled_in, ana):
        form = filled_in(**self.NEW, use=str(ana.uuid))
        page = desk.post(FIND, form, headers=TYPING).content.decode()
        assert f'value="{ana.uuid}" checked' in in_one_line(page)
        whole = desk.post(FILL, form)
        assert typed_in(whole)["patient"] == str(ana.uuid)

    def test_of_whom_it_was_said_that_they_are_others_are_not_shown_again(self, desk, filled_in, ana):
        form = filled_in(**self.NEW, another_person=str(ana.uuid))
        response = desk.post(SUMMARY, form)
        assert "This person may already" not in response.content.decode()
        assert f'name="another_person" value="{ana.uuid}"' in response.content.decode()
        assert desk.post("/desk/book/", form).status_code == 302

    def test_saying_it_of_one_does_not_say_it_of_another(self, desk, filled_in, ana):
        second = factories.PatientFactory(patient_name="Ana", patient_lastname="Souza Prieto")
        form = filled_in(**self.NEW, another_person=str(ana.uuid))
        response = desk.post("/desk/book/", form)
        assert [twin.hit.uuid for twin in response.context["twins"]] == [second.uuid]
        assert typed_in(response)["another_person"] == str(ana.uuid)
        both = f"{ana.uuid} {second.uuid}"
        assert desk.post("/desk/book/", form | {"another_person": both}).status_code == 302


def test_the_birth_date_is_said_beside_the_new_name(desk, filled_in):
    form = filled_in(
        patient="new", patient_name="Carla", patient_lastname="Núñez", date_of_birth="1990-05-31"
    )
    page = desk.post(SUMMARY, form).content.decode()
    assert "Carla Núñez" in page
    assert "born 31 May 1990" in page


def test_nonsense_is_survived(desk, filled_in):
    for value in ("\0", "x" * 5000, "9999-12-31"):
        for name in filled_in(specialty="", another_person="", choice="", use="", offset=""):
            for address in (SUMMARY, FILL, FIND):
                assert desk.post(address, filled_in(**{name: value})).status_code == 200, (name, value)


@pytest.mark.parametrize("doctors", [1, 50])
def test_the_number_of_doctors_costs_no_queries(desk, filled_in, cardiology, doctors):
    for _ in range(doctors):
        works(factories.DoctorFactory(specialty=cardiology), *ALL_DAY)
    form = filled_in(day="", time="", doctor="")
    desk.post(SUMMARY, form)  # what is known for a while is known by now
    with CaptureQueriesContext(connection) as spent:
        desk.post(SUMMARY, form)
    # 2 of them keep the form: whether it was booked meanwhile, and what stands in it.
    assert len(spent) == 9, [query["sql"][:90] for query in spent]


def test_a_summary_is_a_part_of_the_page_with_what_it_changes(desk, filled_in):
    response = desk.post(SUMMARY, filled_in())
    page = response.content.decode()
    assert "<html" not in page
    for part in ("times", "twins", "time-said"):
        assert f'id="{part}" data-hx-swap-oob="innerHTML"' in page
    assert text_of(response, "time-said") == "10:00 with Dr Ama Osei is free."
