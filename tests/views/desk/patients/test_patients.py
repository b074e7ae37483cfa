"""Finding patients, the register, putting one on record."""

from datetime import date

import pytest

from scheduling.booking import search_words
from scheduling.models import Patient, RecordEvent
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
        "may_contact": "yes",
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


def test_whoever_comes_close_is_shown_and_can_still_be_added(desk, ana, ben):
    page = desk.post(PAGE, {"q": "sousa"}).content.decode()
    assert f"/desk/patients/{ana.uuid}/" in page
    assert str(ben.uuid) not in page
    assert "Nobody matches “sousa” exactly. Did you mean this patient?" in page
    assert "Add a patient of this name" in page


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
    with django_assert_num_queries(5):  # session, person, and 3 of the register
        desk.get(PAGE, headers=TYPING)
    with django_assert_num_queries(4):
        desk.post(PAGE, {"q": "ana"}, headers=TYPING)
    with django_assert_num_queries(7):  # and the count of what needs attention
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
        ({"patient_name": "carla", "patient_lastname": "NUÑEZ"}, "In common: name."),
        ({"patient_lastname": "Vidal", "phone": "+34600555482"}, "In common: first name, phone."),
        (
            {"patient_name": "Carlota", "patient_lastname": "Núñez", "date_of_birth": date(1990, 5, 4)},
            "In common: a similar name, birth date.",
        ),
        ({"is_active": False, "patient_lastname": "Núñez"}, "In common: name."),
    ],
)
def test_who_may_be_the_same_person_is_shown_before_saving(desk, known, why):
    known = factories.PatientFactory(**{"patient_name": "Carla"} | known)
    before = written()
    response = desk.post(NEW, filled())
    page = response.content.decode()
    assert response.status_code == 422
    assert written() == before
    assert "This person may already be on record" in page
    assert why in page
    assert f"/desk/patients/{known.uuid}/" in page
    kept = typed_in(response)
    assert kept["note"] == "Wheelchair"
    assert desk.post(NEW, filled(another_person="on")).status_code == 302
    assert Patient.objects.count() == 2
    # Nobody is asked about the two again.
    assert f"/desk/patients/{known.uuid}/" not in desk.get("/desk/patients/duplicates/").content.decode()
    assert RecordEvent.objects.filter(subject_uuid=known.uuid, kind="told_apart").count() == 1


def same_person(desk, known, **typed):
    """The page after "This is the same person"."""
    form = filled(**typed)
    assert f'formaction="/desk/patients/{known.uuid}/edit/fill/"' in desk.post(NEW, form).content.decode()
    return desk.post(f"/desk/patients/{known.uuid}/edit/fill/", form, follow=True)


def test_who_is_the_same_person_gets_what_was_typed_where_the_record_has_nothing(desk):
    known = factories.PatientFactory(
        patient_name="Carla", patient_lastname="Núñez", phone="+34910555010", email="", alerts="hearing"
    )
    before = written()
    page = same_person(desk, known, alerts_mobility_words="wheelchair", phone="600 555 482 (own)")
    kept = typed_in(page)
    assert written() == before
    assert (kept["date_of_birth"], kept["email"], kept["note"]) == (
        "04/05/1990",
        "carla@post.example",
        "Wheelchair",
    )
    assert (kept["phone"], kept["second_phone"], kept["second_phone_label"]) == (
        "+34910555010",
        "+34600555482",
        "own",
    )
    assert ("alerts_hearing" in kept, kept["alerts_mobility_words"]) == (True, "wheelchair")
    assert "What the record did not have is filled in from what you typed:" in page.content.decode()
    assert "The record says something else here" not in page.content.decode()
    assert desk.post(f"/desk/patients/{known.uuid}/edit/", kept).status_code == 302
    known.refresh_from_db()
    assert (str(known.second_phone), known.email, known.may_contact, known.version) == (
        "+34600555482",
        "carla@post.example",
        True,
        2,
    )


def test_what_the_record_says_otherwise_stays_and_is_said(desk):
    known = factories.PatientFactory(
        patient_name="Carla",
        patient_lastname="Nuñez",
        email="c@post.example",
        phone="+34910555010",
        second_phone="+34910555011",
        note="Comes by bus",
        may_contact=False,
    )
    page = same_person(desk, known)
    kept, text = typed_in(page), page.content.decode()
    assert (kept["email"], kept["note"], kept["phone"]) == ("c@post.example", "Comes by bus", "+34910555010")
    for typed in ("carla@post.example", "Wheelchair", "600 55 54 82", "Núñez", "agreed"):
        assert f"you typed “{typed}”." in text


def test_a_record_that_has_it_all_says_so(desk):
    typed = filled(language="", may_contact="", note="", email="")
    known = factories.PatientFactory(
        patient_name="Carla",
        patient_lastname="Núñez",
        date_of_birth=date(1990, 5, 4),
        phone="+34910555010",
        second_phone="+34600555482",
    )
    assert "It has everything that you typed." in same_person(desk, known, **typed).content.decode()


def test_what_cannot_be_read_goes_along_to_the_record_s_form(desk):
    known = factories.PatientFactory(patient_name="Carla", patient_lastname="Núñez")
    page = desk.post(f"/desk/patients/{known.uuid}/edit/fill/", filled(phone="60055548"), follow=True)
    assert typed_in(page)["phone"] == "60055548"
    assert desk.post(f"/desk/patients/{known.uuid}/edit/", typed_in(page)).status_code == 422


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
        ("patient_name", "", "Type the first name."),
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
