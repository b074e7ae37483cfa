"""A record is changed, at the desk and in the back office: what was not touched stays, whatever it is."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from scheduling.models import Doctor, Patient, RecordEvent
from tests import factories
from tests.conftest import NOW
from tests.views.desk.pages import beside, typed_in

NAME = {"patient_name": "Nora", "patient_lastname": "Vidal"}
ADDRESSES = {"desk": "/desk/patients/{}edit/", "office": "/admin/scheduling/patient/{}change/"}


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["desk", "office"])
@pytest.mark.parametrize(
    "stored",
    [
        {"email": "ana@gmail"},
        {"phone": "600555"},
        {"phone": "+34910555010;ext=23", "phone_label": "work"},
        {"date_of_birth": date(3026, 1, 1)},
        {"date_of_birth": date(26, 1, 1)},
        {"note": "One\nTwo", "language": "pt"},
        {"patient_lastname": ""},
    ],
)
def test_what_stands_on_record_and_is_not_touched_blocks_no_other_change(rae, max_, door, stored):
    nora = factories.PatientFactory(**NAME | stored)
    client = Client()
    client.force_login(rae if door == "desk" else max_, backend="django.contrib.auth.backends.ModelBackend")
    address = ADDRESSES[door].format(f"{nora.uuid}/")
    form = typed_in(client.get(address))
    changed = {"patient_name": "Norah"}
    boxes = {"is_active": "on", "wants_reminders": "on"} if door == "office" else {}
    response = client.post(address, form | boxes | changed)
    assert response.status_code == 302, response.content.decode()
    again = Patient.objects.get(pk=nora.pk)
    assert {name: getattr(again, name) for name in stored} == stored
    assert again.patient_name == "Norah"
    last = RecordEvent.objects.filter(subject_uuid=nora.uuid).last()
    assert last.after == changed


@pytest.mark.django_db
def test_a_value_that_was_touched_is_held_to_the_rule(client, rae):
    nora = factories.PatientFactory(**NAME, email="ana@gmail")
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    address = ADDRESSES["desk"].format(f"{nora.uuid}/")
    form = typed_in(client.get(address))
    response = client.post(address, form | {"email": "nora@gmail"})
    assert beside(response, "email") == "“nora@gmail” is not an e-mail address."


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["desk", "office"])
def test_a_label_typed_beside_a_new_number_takes_the_old_one_s_place(rae, max_, door):
    nora = factories.PatientFactory(**NAME, phone="+34600555482", phone_label="mother")
    client = Client()
    client.force_login(rae if door == "desk" else max_, backend="django.contrib.auth.backends.ModelBackend")
    address = ADDRESSES[door].format(f"{nora.uuid}/")

    def sent(**changed):
        response = client.post(address, typed_in(client.get(address)) | changed)
        nora.refresh_from_db()
        return response.status_code, nora.phone, nora.phone_label

    assert sent(phone="600 555 483 (father)") == (302, "+34600555483", "father")
    assert sent(phone="600 555 484") == (302, "+34600555484", "father")
    assert sent(phone_label="own") == (302, "+34600555484", "own")
    assert sent(phone="") == (302, "", "")
    assert sent(phone_label="own")[1:] == ("", "")


@pytest.mark.django_db
def test_a_doctor_of_an_old_book_is_renamed_whatever_the_e_mail(client, max_, osei):
    """Adoption keeps an e-mail that is none, and an overbooking limit from before there was a highest one is
    20 by now."""
    Doctor.objects.filter(pk=osei.pk).update(email="osei at the clinic")
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/admin/scheduling/doctor/{osei.uuid}/change/"
    form = typed_in(client.get(address)) | {"is_active": "on", "doctor_name": "Dr A. Osei"}
    for changed, status in (({}, 302), ({"email": "still none"}, 200), ({"overbook_limit": "21"}, 200)):
        assert client.post(address, form | changed).status_code == status
    osei.refresh_from_db()
    assert (osei.doctor_name, osei.email) == ("Dr A. Osei", "osei at the clinic")
    assert client.post(address, form | {"overbook_limit": "20"}).status_code == 302


@pytest.mark.django_db
def test_whose_a_phone_is_goes_with_the_phone_that_is_chosen(client, rae):
    kept = factories.PatientFactory(**NAME, phone="+34600555482", phone_label="own")
    gone = factories.PatientFactory(**NAME, phone="+34600555482", phone_label="mother")
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/desk/patients/{kept.uuid}/merge/{gone.uuid}/"
    page = client.get(address)
    assert "600 55 54 82 (mother)" in page.content.decode()
    form = typed_in(page) | {"keep": str(kept.uuid), "phone": str(gone.uuid)}
    assert client.post(address, form).status_code == 302
    kept.refresh_from_db()
    assert (kept.phone, kept.phone_label, kept.second_phone) == ("+34600555482", "mother", "")


@pytest.mark.django_db
def test_a_booking_puts_whose_phone_it_is_on_record(client, rae, osei, checkup):
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    form = {
        "uuid": str(uuid4()),
        "patient": "new",
        "doctor": str(osei.uuid),
        "day": "2026-03-03",
        "time": "10:00",
    }
    form |= NAME | {"phone": "910 555 010 x23 (work)", "visit_type": str(checkup.uuid), "status": "confirmed"}
    assert client.post("/desk/book/", form).status_code == 302
    nora = Patient.objects.get(patient_lastname="Vidal")
    assert (nora.phone, nora.phone_label) == ("+34910555010;ext=23", "work")
    assert client.post("/desk/book/", form).status_code == 302  # sent twice, booked once
    assert Patient.objects.filter(patient_lastname="Vidal").count() == 1
