"""Finding the patient while booking: the list alone while typing, the whole form without a script."""

from tests import factories
from tests.views.desk.conftest import written
from tests.views.desk.pages import typed_in

FIND = "/desk/book/patients/"
TYPING = {"HX-Request": "true"}


def test_typing_answers_with_the_list_alone(desk, ana, ben):
    page = desk.post(FIND, {"q": "souza ANA"}, headers=TYPING).content.decode()
    assert "<html" not in page
    assert f'value="{ana.uuid}"' in page
    assert str(ben.uuid) not in page
    assert "1 patient found." in page


def test_nobody_found_says_what_to_try(desk, ana):
    page = desk.post(FIND, {"q": "zzyx"}, headers=TYPING).content.decode()
    assert "No patient found for “zzyx”. Try the birth date, or the last digits of the phone." in page


def test_a_name_with_a_slip_in_it_is_asked_about(desk, ana, ben):
    page = desk.post(FIND, {"q": "souzza"}, headers=TYPING).content.decode()
    assert f'value="{ana.uuid}"' in page
    assert str(ben.uuid) not in page
    assert "Nobody matches “souzza” exactly. Did you mean this patient?" in page
    assert "data-close" in page  # Enter chooses, and does not take
    assert "data-close" not in desk.post(FIND, {"q": "souza"}, headers=TYPING).content.decode()


def test_a_patient_chosen_before_stays_in_the_list(desk, ana, ben):
    page = desk.post(FIND, {"q": "okafor", "patient": str(ana.uuid)}, headers=TYPING).content.decode()
    assert page.index(str(ana.uuid)) < page.index(str(ben.uuid))
    assert page.count("checked") == 1


def test_find_shows_the_whole_form_with_everything_typed_kept(desk, filled_in, ana):
    before, form = written(), filled_in(patient="", q="prieto", time="9h30", day="")
    response = desk.post(FIND, form)
    assert response.status_code == 200
    page = response.content.decode()
    assert "<html" in page
    assert f'value="{ana.uuid}"' in page
    assert 'class="error"' not in page  # nothing was asked to be saved yet
    kept = typed_in(response)
    assert {name: kept.get(name, "") for name in form} == form
    assert written() == before


def test_a_name_that_was_not_found_is_in_the_new_patients_fields(desk, filled_in):
    kept = typed_in(desk.post(FIND, filled_in(patient="", q="Núñez Vidal, Carla")))
    assert (kept["patient_name"], kept["patient_lastname"]) == ("Carla", "Núñez Vidal")


def test_names_in_hits_are_text(desk):
    factories.PatientFactory(patient_name="<script>x</script>", patient_lastname="Evil")
    page = desk.post(FIND, {"q": "evil"}, headers=TYPING).content.decode()
    assert "<script>" not in page
    assert "<script>" not in desk.post(FIND, {"q": "<script>"}, headers=TYPING).content.decode()


def test_nonsense_is_survived(desk):
    for text in ("", " ", "\0", "%", "_", "'", "🙂", "x" * 5000, "12", "99/99/9999"):
        assert desk.post(FIND, {"q": text, "patient": "nonsense"}, headers=TYPING).status_code == 200


def test_the_summary_follows_what_is_typed(desk, filled_in):
    page = desk.post("/desk/book/summary/", filled_in(time="12.30")).content.decode()
    assert "Tue 3 March, 12:30" in page
    assert "until 13:00" in page
    assert "Ana Souza Prieto" in page
    assert "Day and time open" in desk.post("/desk/book/summary/", {"time": "x"}).content.decode()


def test_the_summary_names_the_new_patient(desk, filled_in):
    form = filled_in(patient="new", patient_name="Carla", patient_lastname="Núñez")
    assert "Carla Núñez" in desk.post("/desk/book/summary/", form).content.decode()
