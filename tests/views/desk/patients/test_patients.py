"""Finding patients, the register, putting one on record."""

from datetime import date

import pytest

from scheduling.booking import search_words
from scheduling.models import Patient
from tests import factories
from tests.views.desk.conftest import written
from tests.views.desk.pages import beside, typed_in

PAGE, NEW, PAIRS = "/desk/patients/", "/desk/patients/new/", "/desk/patients/duplicates/"
TYPING = {"HX-Request": "true"}


def filled(**changes):
    return {
        "patient_name": "Carla",
        "patient_lastname": "Núñez",
        "date_of_birth": "1990-05-04",
        "phone": "600 555 482",
        "email": "carla@post.example",
        "language": "es",
        "may_contact": "on",
        "note": "Wheelchair",
    } | changes


def test_who_was_looked_for_is_listed_and_the_text_stays(desk, ana, ben):
    response = desk.post(PAGE, {"q": "souza ana"})
    page = response.content.decode()
    assert f"/desk/patients/{ana.uuid}/" in page
    assert str(ben.uuid) not in page
    assert typed_in(response)["q"] == "souza ana"
    assert "1 found for “souza ana”" in page


def test_typing_answers_with_the_list_alone(desk, ana):
    page = desk.post(PAGE, {"q": "ana"}, headers=TYPING).content.decode()
    assert "<html" not in page
    assert str(ana.uuid) in page
    page = desk.post(PAGE, {"q": ""}, headers=TYPING).content.decode()
    assert "1 patient, by last name" in page


def test_a_switched_off_record_is_found_and_called_so(desk):
    off = factories.PatientFactory(patient_name="Zoe", is_active=False)
    page = desk.post(PAGE, {"q": "zoe"}).content.decode()
    assert "switched off" in page
    assert f"/desk/book/?patient={off.uuid}" not in page


def test_a_search_is_never_in_an_address(desk, ana):
    assert "by last name" in desk.get(PAGE, {"q": "ana"}).content.decode()
    assert "/desk/patients/?q" not in desk.post(PAGE, {"q": "ana"}).content.decode()


def test_nobody_found_leads_to_a_new_record_of_that_name(desk):
    page = desk.post(PAGE, {"q": "Núñez Vidal, Carla"}).content.decode()
    assert "Nobody matches" in page
    before = written()
    kept = typed_in(desk.post(f"{NEW}fill/", {"q": "Núñez Vidal, Carla"}))
    assert (kept["patient_name"], kept["patient_lastname"]) == ("Carla", "Núñez Vidal")
    assert written() == before


def test_the_register_goes_by_last_name_without_accents(desk):
    for name, lastname in (("Zoe", "Ábalos"), ("Ana", "Zorita"), ("Eva", "abad"), ("Ana", "Árbol")):
        factories.PatientFactory(patient_name=name, patient_lastname=lastname)
    page = desk.get(PAGE).content.decode()
    order = [page.index(lastname) for lastname in ("abad", "Ábalos", "Árbol", "Zorita")]
    # "abad" is before "Ábalos" whichever the accent
    assert order == sorted(order)
    page = desk.get(PAGE, {"letter": "a"}).content.decode()
    assert "Árbol" in page
    assert "Zorita" not in page


@pytest.mark.parametrize(
    "query", ["page=2", "page=999999999", "page=-1", "page=x", "letter=%00", "letter=ab"]
)
def test_nonsense_in_the_address_shows_a_page(desk, ana, query):
    assert "Souza" in desk.get(f"{PAGE}?{query}").content.decode()


def test_a_second_page_follows(desk):
    factories.PatientFactory.create_batch(51)
    assert "1 to 50 of 51" in desk.get(PAGE).content.decode()
    assert "51 to 51 of 51" in desk.get(PAGE, {"page": "2"}).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_each_list_costs_a_fixed_number_of_queries(desk, django_assert_num_queries, count):
    for n in range(count):
        born = date(1984, 6, 12)
        factories.PatientFactory(patient_name="Ana", patient_lastname=f"Lima{n}")
        factories.PatientFactory(patient_name=f"Eva{n}", patient_lastname="Gil", date_of_birth=born)
        factories.PatientFactory(patient_name=f"Eva{n}", patient_lastname="Gil", date_of_birth=born)
    desk.get(PAGE)
    with django_assert_num_queries(6):  # session, person, roles, and 3 of the register
        desk.get(PAGE, headers=TYPING)
    with django_assert_num_queries(5):
        desk.post(PAGE, {"q": "ana"}, headers=TYPING)
    with django_assert_num_queries(8):  # and the count of what needs attention
        assert "Eva0 Gil" in desk.get(PAIRS).content.decode()


def test_a_new_patient_is_on_record_with_everything(desk):
    response = desk.post(NEW, filled())
    carla = Patient.objects.get()
    assert response["Location"] == f"/desk/patients/{carla.uuid}/"
    assert (carla.full_name, str(carla.phone), carla.language, carla.note, carla.may_contact) == (
        "Carla Núñez",
        "+34600555482",
        "es",
        "Wheelchair",
        True,
    )
    assert search_words.wrong() == []
    assert "Carla Núñez is on record now." in desk.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"patient_name": "carla", "patient_lastname": "NUÑEZ"}, "The same name."),
        ({"patient_lastname": "Vidal", "phone": "+34600555482"}, "The same phone and first name."),
        (
            {"patient_name": "Carlota", "patient_lastname": "Núñez", "date_of_birth": date(1990, 5, 4)},
            "The same birth date and a similar name.",
        ),
        ({"is_active": False, "patient_lastname": "Núñez"}, "The same name."),
    ],
)
def test_who_may_be_the_same_person_is_shown_before_saving(desk, known, why):
    known = factories.PatientFactory(**{"patient_name": "Carla"} | known)
    before = written()
    response = desk.post(NEW, filled())
    page = response.content.decode()
    assert response.status_code == 422
    assert written() == before
    assert "This may be someone you already have" in page
    assert why in page
    assert f"/desk/patients/{known.uuid}/" in page
    kept = typed_in(response)
    assert kept["note"] == "Wheelchair"
    assert desk.post(NEW, filled(another_person="on")).status_code == 302
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    "known",
    [
        {"patient_lastname": "Núñez", "date_of_birth": date(2015, 5, 4)},  # her daughter, of the same name
        {"patient_name": "Hugo", "patient_lastname": "Núñez", "phone": "+34600555482"},  # her son
        {"patient_lastname": "Vidal"},
    ],
)
def test_relatives_and_namesakes_are_no_suspects(desk, known):
    factories.PatientFactory(**{"patient_name": "Carla"} | known)
    assert desk.post(NEW, filled()).status_code == 302


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("phone", "60055548", "A Spanish number has 9 digits"),
        ("date_of_birth", "2150-01-01", "cannot be in the future"),
        ("patient_name", "", "Type the name."),
        ("note", "x" * 1001, "Up to 1000 characters"),
        ("email", "no", "is not an e-mail address"),
        ("language", "xx", "xx"),
        ("note", "\0", "cannot be stored"),
    ],
)
def test_what_cannot_be_read_is_said_beside_it_and_kept(desk, field, text, said):
    response = desk.post(NEW, filled(**{field: text}))
    assert response.status_code == 422
    assert said in beside(response, field)
    assert not Patient.objects.exists()


def test_pairs_are_listed_once_and_not_after_they_were_told_apart(desk):
    one, other = (
        factories.PatientFactory(
            patient_name="Eva", patient_lastname="Gil", phone="+34600555482", date_of_birth=date(1990, 5, 4)
        )
        for _ in range(2)
    )
    page = desk.get(PAIRS).content.decode()
    assert page.count(f"/desk/patients/{one.uuid}/merge/{other.uuid}/") == 1
    desk.post(f"/desk/patients/{one.uuid}/apart/{other.uuid}/")
    assert "No pairs here" in desk.get(PAIRS).content.decode()
