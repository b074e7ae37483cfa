"""A patient who is recorded with the visit, and those who look like them."""

from scheduling.models import Appointment, DifferentPeople, Patient
from tests.views.desk.conftest import written
from tests.views.desk.pages import typed_in


def test_a_new_patient_is_recorded_with_the_visit(desk, filled_in):
    form = filled_in(
        patient="new",
        patient_name="  Carla ",
        patient_lastname="Núñez   Vidal",
        date_of_birth="1990-05-31",
        phone="600 555 482",
        email="carla@example.org",
    )
    assert desk.post("/desk/book/", form).status_code == 302
    carla = Patient.objects.latest("pk")
    assert (carla.full_name, str(carla.date_of_birth)) == ("Carla Núñez Vidal", "1990-05-31")
    assert (str(carla.phone), carla.email) == ("+34600555482", "carla@example.org")
    assert Appointment.objects.get().patient == carla


def test_relatives_may_share_phone_and_e_mail(desk, filled_in):
    Patient.objects.create(
        patient_name="Bo", patient_lastname="Núñez", phone="+34600555482", email="n@example.org"
    )
    form = filled_in(
        patient="new",
        patient_name="Carla",
        patient_lastname="Núñez",
        phone="600555482",
        email="n@example.org",
    )
    assert desk.post("/desk/book/", form).status_code == 302


def test_a_suspected_twin_is_shown_before_anything_is_saved(desk, filled_in, ana):
    before = written()
    form = filled_in(patient="new", patient_name="ANA", patient_lastname="souza prieto")
    response = desk.post("/desk/book/", form)
    assert response.status_code == 422
    page = response.content.decode()
    assert "This person may already be on record" in page
    assert "Book for Ana Souza Prieto" in page
    assert written() == before
    assert typed_in(response)["patient_lastname"] == "souza prieto"


def test_the_twin_on_record_can_be_taken_with_one_press(desk, filled_in, ana):
    form = filled_in(patient="new", patient_name="Ána", patient_lastname="Souza Prieto", use=str(ana.uuid))
    assert desk.post("/desk/book/", form).status_code == 302
    assert Appointment.objects.get().patient == ana


def test_another_person_of_the_same_name_can_be_recorded(desk, filled_in, ana):
    form = filled_in(
        patient="new", patient_name="Ana", patient_lastname="Souza Prieto", another_person=f"{ana.uuid}"
    )
    assert desk.post("/desk/book/", form).status_code == 302
    other = Appointment.objects.get().patient
    assert other != ana
    assert [(two.first_id, two.second_id) for two in DifferentPeople.objects.all()] == [(ana.pk, other.pk)]


def test_only_who_looks_alike_is_told_apart_and_only_where_it_was_said(desk, filled_in, ana, ben):
    new = {"patient": "new", "patient_name": "Ana", "patient_lastname": "Ortiz"}
    assert (
        desk.post("/desk/book/", filled_in(**new, another_person=f"{ana.uuid} {ben.uuid} x")).status_code
        == 302
    )
    assert not DifferentPeople.objects.exists()


def test_the_same_name_with_another_birth_date_is_another_person(desk, filled_in, ana):
    ana.date_of_birth = "1980-01-01"
    ana.save()
    form = filled_in(
        patient="new", patient_name="Ana", patient_lastname="Souza Prieto", date_of_birth="2015-01-01"
    )
    assert desk.post("/desk/book/", form).status_code == 302
