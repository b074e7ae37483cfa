"""At the desk only what goes together is offered: doctors, types and the patient's age; and it is said."""

import re
from datetime import date, time

import pytest

from scheduling.models import Appointment
from tests import factories
from tests.booking.asking import last_event
from tests.conftest import works
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY
from tests.views.desk.find.found import starts as found_starts
from tests.views.desk.pages import beside, text_of, typed_in


@pytest.fixture
def echo(db):
    return factories.VisitTypeFactory(name="Echo", minutes=45)


@pytest.fixture
def child(db):
    return factories.VisitTypeFactory(name="Child check-up", minutes=15, oldest_age=16)


@pytest.fixture
def berg(db):
    """A dermatologist, who works as Dr Osei does."""
    skin = factories.SpecialtyFactory(specialty_name="Dermatology")
    doctor = factories.DoctorFactory(doctor_name="Dr Ida Berg", specialty=skin)
    works(doctor, time(9), time(14))
    return doctor


@pytest.fixture
def grown(ana):
    ana.date_of_birth = date(1991, 11, 3)
    ana.save()
    return ana


def types(page):
    """The types in their order, those that are not offered in brackets."""
    html = in_one_line(page.content.decode())
    found = re.findall(r'<label for="id_visit_type_\d"([^>]*)><input[^>]*>(?:</input>)?([^<]*)</label>', html)
    return [f"({name.strip()})" if "hidden" in marks else name.strip() for marks, name in found]


def doctors(page):
    html = page.content.decode()
    select = re.search(r'<select name="doctor".*?</select>', html, re.DOTALL).group()
    found = re.findall(r'<option value="[^"]+"([^>]*)>([^<]*)</option>', select)
    return [f"({name})" if "hidden" in marks else name for marks, name in found]


def test_beside_a_doctor_only_the_types_that_they_give(desk, osei, lind, checkup, echo):
    osei.visit_types.set([echo])
    page = desk.get("/desk/book/", {"doctor": osei.uuid})
    assert types(page) == ["(Check-up, 30 min)", "Echo, 45 min"]
    assert "Only the types that this doctor gives" in text_of(page, "main")
    assert types(desk.get("/desk/book/", {"doctor": lind.uuid})) == ["Check-up, 30 min", "Echo, 45 min"]
    # What a link brings is not lost.
    both = desk.get("/desk/book/", {"doctor": osei.uuid, "visit_type": checkup.uuid})
    assert types(both) == ["Check-up, 30 min", "Echo, 45 min"]
    assert doctors(both) == ["Dr Ama Osei · Cardiology", "Dr Per Lind · Cardiology"]
    assert "Dr Ama Osei does not give Check-up." in text_of(both, "times")


def test_beside_a_type_only_the_doctors_who_give_it(desk, osei, lind, checkup, echo):
    lind.visit_types.set([echo, checkup])
    osei.visit_types.set([echo])
    page = desk.get("/desk/book/", {"visit_type": checkup.uuid})
    assert doctors(page) == ["(Dr Ama Osei · Cardiology)", "Dr Per Lind · Cardiology"]
    assert set(re.findall(r"with (Dr [^\"<]*)", page.content.decode())) == {"Dr Per Lind"}
    assert doctors(desk.get("/desk/find/", {"visit_type": checkup.uuid})) == doctors(page)
    assert {
        start.partition(" ")[2]
        for start in found_starts(desk.get("/desk/find/", {"visit_type": checkup.uuid}))
    } == {"Dr Per Lind"}


def test_a_list_is_read_with_the_doctors(desk, osei, lind, echo, checkup, django_assert_num_queries):
    def asked(expected):
        with django_assert_num_queries(expected):
            desk.get("/desk/book/", {"new": 1})

    desk.get("/desk/book/", {"new": 1})
    asked(6)
    for doctor in (osei, lind, *factories.DoctorFactory.create_batch(20)):
        doctor.visit_types.set([echo, checkup])
    asked(6)


def test_what_is_for_another_age_stands_last_and_says_for_whom(desk, grown, checkup, child, osei):
    osei.oldest_age = 9
    osei.save()
    assert types(desk.get("/desk/book/", {"new": 1}))[0] == "Child check-up, 15 min, up to 16 years"
    page = desk.get("/desk/book/", {"patient": grown.uuid})
    assert types(page) == ["Check-up, 30 min", "Child check-up, 15 min, up to 16 years"]
    assert doctors(page)[-1] == "Dr Ama Osei · Cardiology · up to 9 years"


def test_an_adult_is_offered_no_time_of_a_paediatrician(desk, grown, osei, lind, checkup, child):
    osei.oldest_age = 16
    osei.save()
    page = desk.get("/desk/book/", {"patient": grown.uuid, "visit_type": checkup.uuid})
    assert "Dr Per Lind" in text_of(page, "times")
    assert "Dr Ama Osei" not in text_of(page, "times")
    found = desk.get("/desk/find/", {"patient": grown.uuid, "visit_type": checkup.uuid})
    assert {start.partition(" ")[2] for start in found_starts(found)} == {"Dr Per Lind"}
    one = desk.get("/desk/book/", {"patient": grown.uuid, "visit_type": checkup.uuid, "doctor": osei.uuid})
    assert "Dr Ama Osei sees patients up to 16 years." in text_of(one, "times")
    none = desk.get("/desk/find/", {"patient": grown.uuid, "visit_type": child.uuid})
    assert "Child check-up is for patients up to 16 years." in text_of(none, "results")
    one = desk.get("/desk/find/", {"patient": grown.uuid, "visit_type": checkup.uuid, "doctor": osei.uuid})
    assert "Dr Ama Osei sees patients up to 16 years." in text_of(one, "results")


def test_find_says_of_a_doctor_who_does_not_give_it(desk, osei, checkup, echo):
    osei.visit_types.set([echo])
    asked = {"visit_type": checkup.uuid, "doctor": osei.uuid}
    assert "Dr Ama Osei does not give Check-up." in text_of(desk.get("/desk/find/", asked), "results")
    only = {"visit_type": checkup.uuid, "specialty": osei.specialty.uuid}
    said = "No doctor is recorded there who gives Check-up."
    assert said in text_of(desk.get("/desk/find/", only), "results")
    why = {"why-doctor": osei.uuid, "why-day": TUESDAY, "why-time": "10:00", "visit_type": checkup.uuid}
    assert "Dr Ama Osei does not give Check-up." in text_of(desk.get("/desk/find/", why), "why")


def test_a_refusal_stands_beside_its_field_and_reception_cannot_go_past_it(desk, filled_in, osei, echo):
    osei.visit_types.set([echo])
    page = desk.post("/desk/book/", filled_in())
    assert beside(page, "visit_type") == "Dr Ama Osei does not give Check-up."
    assert "A manager can book it all the same." in text_of(page, "main")
    assert 'name="accept_type_not_given"' not in page.content.decode()
    assert not Appointment.objects.exists()


def test_who_may_ticks_the_box_for_this_type_and_patient_alone(
    office, filled_in, osei, grown, ben, echo, child
):
    osei.visit_types.set([echo])
    form = filled_in(visit_type=str(child.uuid))
    page = office.post("/desk/book/", form)
    text = text_of(page, "main")
    assert "Book Child check-up although Dr Ama Osei does not give it" in text
    assert "Book Child check-up although it is not for this age" in text
    ticks = dict(re.findall(r'name="(accept_\w+)"\s+id="\w+"\s+value="([^"]*)"', page.content.decode()))
    assert set(ticks) == {"accept_type_not_given", "accept_type_not_for_age"}
    ben.date_of_birth = date(1980, 1, 1)
    ben.save()
    assert office.post("/desk/book/", form | ticks | {"patient": str(ben.uuid)}).status_code == 422
    booked = office.post("/desk/book/", form | ticks, follow=True)
    said = text_of(booked, "main")
    assert "On purpose, though the doctor does not give this type." in said
    assert "On purpose, though the type is not for this age." in said
    visit = Appointment.objects.get()
    assert last_event(visit).after["accepted"] == ["type_not_for_age", "type_not_given"]
    history = text_of(office.get(f"/desk/appointments/{visit.uuid}/"), "main")
    assert "On purpose, though the doctor does not give this type." in history


class TestAsTheLastTime:
    """Type, doctor and specialty of the last visit, until somebody chooses."""

    @pytest.fixture
    def last(self, book, osei, grown, checkup):
        return book(osei, grown, f"{TUESDAY} 09:00")

    def proposed(self, desk, patient, page="/desk/book/", **more):
        typed = typed_in(
            desk.get(page, {"patient": patient.uuid, **more}),
            **({} if "book" in page else {"form": "wishes"}),
        )
        return typed.get("visit_type"), typed.get("doctor"), typed.get("specialty")

    def test_on_both_pages(self, desk, last, osei, lind, echo, checkup, grown):
        assert self.proposed(desk, grown)[:2] == (str(checkup.uuid), str(osei.uuid))
        there = self.proposed(desk, grown, "/desk/find/")
        assert there == (str(checkup.uuid), str(osei.uuid), str(osei.specialty.uuid))

    def test_nobody_else_is_proposed_anything(self, desk, last, echo, ben):
        assert self.proposed(desk, ben)[:2] == (None, "")

    def test_what_is_chosen_stays(self, desk, last, lind, echo, grown):
        chosen = self.proposed(desk, grown, doctor=lind.uuid, visit_type=echo.uuid)
        assert chosen[:2] == (str(echo.uuid), str(lind.uuid))

    def test_what_was_proposed_leaves_nothing_out(self, desk, last, osei, lind, echo, checkup, grown):
        osei.visit_types.set([checkup])
        lind.visit_types.set([echo])
        page = desk.get("/desk/book/", {"patient": grown.uuid})
        assert types(page) == ["Check-up, 30 min", "Echo, 45 min"]
        assert doctors(page) == ["Dr Ama Osei · Cardiology", "Dr Per Lind · Cardiology"]
        assert 'data-proposed="visit_type doctor specialty"' in page.content.decode()

    def test_not_a_doctor_who_is_switched_off(self, desk, last, osei, echo, grown, checkup):
        osei.is_active = False
        osei.save()
        assert self.proposed(desk, grown, "/desk/find/") == (str(checkup.uuid), "", str(osei.specialty.uuid))

    def test_not_a_doctor_who_does_not_give_it(self, desk, last, osei, echo, checkup, grown):
        osei.visit_types.set([echo])
        assert self.proposed(desk, grown)[:2] == (str(checkup.uuid), "")
        assert self.proposed(desk, grown, visit_type=echo.uuid)[:2] == (str(echo.uuid), str(osei.uuid))
        assert self.proposed(desk, grown, doctor=osei.uuid)[:2] == (None, str(osei.uuid))

    def test_nothing_for_another_age(self, desk, last, osei, echo, checkup, grown):
        osei.oldest_age = checkup.oldest_age = 16
        osei.save(), checkup.save()
        assert self.proposed(desk, grown)[:2] == (None, "")

    def test_the_search_says_it_to_the_script(self, desk, last, osei, grown, checkup):
        page = desk.post("/desk/book/patients/", {"q": "souza"}, headers={"HX-Request": "true"})
        html = page.content.decode()
        for said in (
            f'data-usual-type="{checkup.uuid}"',
            f'data-usual-doctor="{osei.uuid}"',
            f'data-usual-specialty="{osei.specialty.uuid}"',
            'data-years="34"',
        ):
            assert said in html


class TestAnotherSpecialty:
    SAID = "Another specialty: Dermatology instead of Cardiology"

    def test_in_a_booking(self, desk, book, osei, berg, ana, ben, filled_in):
        book(osei, ana, f"{TUESDAY} 09:00")
        assert self.SAID in text_of(
            desk.get("/desk/book/", {"patient": ana.uuid, "doctor": berg.uuid}), "summary"
        )
        after = desk.post(
            "/desk/book/summary/", filled_in(doctor=str(berg.uuid)), headers={"HX-Request": "true"}
        )
        assert after.content.decode().count("Another specialty: Dermatology") == 2  # seen, and heard
        for patient, doctor in ((ana, osei), (ben, berg)):
            page = desk.get("/desk/book/", {"patient": patient.uuid, "doctor": doctor.uuid})
            assert "Another specialty" not in text_of(page, "main")

    def test_in_a_series(self, desk, book, osei, berg, ana, filled_in):
        book(osei, ana, f"{TUESDAY} 09:00")
        asked = {"count": "3", "rhythm": "1"}
        page = desk.post("/desk/series/", filled_in(doctor=str(berg.uuid)) | asked)
        assert self.SAID in text_of(page, "main")
        usual = desk.post("/desk/series/", filled_in() | asked)
        assert "Another specialty" not in text_of(usual, "main")

    def test_in_a_move(self, desk, book, osei, lind, berg, ana):
        visit = book(osei, ana, f"{TUESDAY} 09:00")
        address = f"/desk/appointments/{visit.uuid}/move/"
        start = f"{TUESDAY}T11:00:00+01:00"
        assert self.SAID in text_of(desk.get(address, {"doctor": berg.uuid, "start": start}), "main")
        assert "Another specialty" not in text_of(
            desk.get(address, {"doctor": lind.uuid, "start": start}), "main"
        )


def test_a_correction_offers_what_the_doctor_gives_and_what_the_visit_has(
    desk, book, osei, ana, checkup, echo, child
):
    visit = book(osei, ana, f"{TUESDAY} 10:00")
    osei.visit_types.set([echo])
    page = desk.get(f"/desk/appointments/{visit.uuid}/edit/")
    assert types(page) == ["Check-up, 30 min", "Echo, 45 min"]


def test_a_correction_is_refused_beside_its_field_and_a_manager_goes_past_it(
    desk, office, rae, max_, book, osei, grown, checkup, child
):
    visit = book(osei, grown, f"{TUESDAY} 10:00")
    address = f"/desk/appointments/{visit.uuid}/edit/"

    def sent(user, **more):
        desk.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        form = desk.get(address).context["form"].initial
        return desk.post(address, form | {"visit_type": str(child.uuid), **more})

    said = "Child check-up is for patients up to 16 years; Ana is 34 on that day."
    page = sent(rae)
    assert beside(page, "visit_type") == said
    assert 'name="accepted"' not in page.content.decode()
    page = sent(max_)
    assert 'value="type_not_for_age"' in page.content.decode()
    assert sent(max_, accepted="type_not_for_age").status_code == 302
    assert last_event(visit).after["accepted"] == ["type_not_for_age"]


def test_while_moving_the_board_shows_times_of_those_who_give_it(desk, book, osei, lind, grown, echo):
    visit = book(osei, grown, f"{TUESDAY} 10:00")

    def whose(page):
        found = re.findall(r"move/\?doctor=([0-9a-f-]+)", page.content.decode())
        return set(found)

    day = f"/desk/day/{TUESDAY}/"
    assert whose(desk.get(day, {"moving": visit.uuid})) == {str(osei.uuid), str(lind.uuid)}
    for doctor in (osei, lind):
        doctor.visit_types.set([echo])
    assert whose(desk.get(day, {"moving": visit.uuid})) == {str(osei.uuid)}  # it stands with this one
    week = f"/desk/week/{lind.uuid}/2026-W10/"
    assert whose(desk.get(week, {"moving": visit.uuid})) == set()
    lind.visit_types.clear()
    assert whose(desk.get(week, {"moving": visit.uuid})) == {str(lind.uuid)}
    lind.oldest_age = 16
    lind.save()
    assert whose(desk.get(week, {"moving": visit.uuid})) == set()
