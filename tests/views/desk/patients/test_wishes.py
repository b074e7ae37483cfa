"""By what, and whether, a patient wants messages and reminders: on the record, and where two become one."""

import pytest
import time_machine

from scheduling.models import Patient, RecordEvent
from tests import factories
from tests.conftest import NOW
from tests.views.desk.pages import typed_in


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client, rae):
    client.force_login(rae)
    return client


def wishes(patient):
    return Patient.objects.values_list("contact_by", "wants_reminders").get(pk=patient.pk)


def edit(desk, patient, **changed):
    address = f"/desk/patients/{patient.uuid}/edit/"
    return desk.post(address, typed_in(desk.get(address)) | changed)


def test_a_new_record_wants_reminders_by_whichever_the_clinic_can_unless_it_says_otherwise(desk):
    for name, typed in (("Carla", {}), ("Nora", {"contact_by": "text", "wants_reminders": "no"})):
        assert desk.post("/desk/patients/new/", {"patient_name": name} | typed).status_code == 302
    assert [wishes(patient) for patient in Patient.objects.order_by("pk")] == [("", True), ("text", False)]


def test_the_record_says_both_and_its_history_what_changed(desk, ana):
    page = desk.get(f"/desk/patients/{ana.uuid}/").content.decode()
    assert "whichever the clinic can" in page
    assert edit(desk, ana, contact_by="text", wants_reminders="no").status_code == 302
    assert wishes(ana) == ("text", False)
    page = desk.get(f"/desk/patients/{ana.uuid}/").content.decode()
    assert "Text message" in page
    assert "not wanted" in page
    event = RecordEvent.objects.get(subject_uuid=ana.uuid)
    assert event.before == {"contact_by": "", "wants_reminders": True}
    assert event.after == {"contact_by": "text", "wants_reminders": False}


def test_a_record_that_wants_no_reminders_is_saved_so_again(desk, ana):
    Patient.objects.filter(pk=ana.pk).update(wants_reminders=False, contact_by="email")
    assert edit(desk, ana, note="Comes by bus").status_code == 302
    assert wishes(ana) == ("email", False)
    assert RecordEvent.objects.get(subject_uuid=ana.uuid).after == {"note": "Comes by bus"}


def test_a_way_that_does_not_exist_is_refused(desk, ana):
    assert edit(desk, ana, contact_by="pigeon").status_code == 422
    assert wishes(ana) == ("", True)


def test_who_ended_reminders_while_the_record_was_open_is_not_sent_any_again(desk, ana):
    address = f"/desk/patients/{ana.uuid}/edit/"
    typed = typed_in(desk.get(address)) | {"note": "Comes by bus"}
    Patient.objects.filter(pk=ana.pk).update(wants_reminders=False, version=2)
    again = desk.post(address, typed)
    assert again.status_code == 409
    assert "not wanted" in again.content.decode()
    assert desk.post(address, typed_in(again)).status_code == 302
    assert wishes(ana) == ("", False)


def test_what_nobody_chose_for_a_new_person_does_not_differ_from_the_record(desk):
    known = factories.PatientFactory(patient_name="Carla", patient_lastname="Núñez", wants_reminders=False)
    typed = {"patient_name": "Carla", "patient_lastname": "Núñez", "wants_reminders": "yes"}
    page = desk.post(f"/desk/patients/{known.uuid}/edit/fill/", typed, follow=True)
    assert "It has everything that you typed." in page.content.decode()
    page = desk.post(f"/desk/patients/{known.uuid}/edit/fill/", typed | {"contact_by": "text"}, follow=True)
    assert typed_in(page)["contact_by"] == "text"


def test_of_two_records_that_become_one_who_said_no_is_left_alone(desk):
    stays, goes = (
        factories.PatientFactory(patient_name="Carla", patient_lastname="Núñez", **more)
        for more in ({"contact_by": "text"}, {"wants_reminders": False})
    )
    address = f"/desk/patients/{stays.uuid}/merge/{goes.uuid}/"
    page = desk.get(address)
    choices = typed_in(page)
    assert choices["wants_reminders"] == str(goes.uuid)
    assert choices["contact_by"] == str(stays.uuid)
    assert "not wanted" in page.content.decode()
    assert desk.post(address, choices | {"keep": str(stays.uuid)}).status_code == 302
    assert wishes(stays) == ("text", False)
