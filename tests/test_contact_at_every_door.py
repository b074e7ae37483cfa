"""Phones, e-mails and birth dates as people write them: what is stored, shown and found, at each door.

The tables (tests/contacts.py) grow with each report.
"""

import json
from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts import api_keys
from accounts.models import Scope
from scheduling.identity import identity_of
from scheduling.models import Doctor, Patient, RecordEvent
from scheduling.queries import patients as search
from tests.booking.asking import booked
from tests.conftest import NOW
from tests.contacts import EMAILS, PHONES, UNREADABLE
from tests.views.desk.pages import beside, typed_in

NAME = {"patient_name": "Nora", "patient_lastname": "Vidal"}
DOORS = ("desk", "office", "api")


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


@pytest.fixture
def at(rae, max_):
    """`at(door, **typed)` sends a new record of Nora Vidal; what is on record then, and the answer."""
    _key, secret = api_keys.issue("Website", Scope.BOOK, expires_at=None, now=NOW)

    def send(door, **typed):
        client = Client(headers={"Authorization": f"Bearer {secret}"} if door == "api" else {})
        if door == "api":
            body = json.dumps(NAME | typed)
            response = client.post("/api/v1/patients", body, content_type="application/json")
        else:
            client.force_login(
                rae if door == "desk" else max_, backend="django.contrib.auth.backends.ModelBackend"
            )
            address = {"desk": "/desk/patients/new/", "office": "/admin/scheduling/patient/add/"}[door]
            response = client.post(address, NAME | typed | {"is_active": "on"})
        return Patient.objects.filter(patient_lastname="Vidal").first(), response

    return send


def found(text):
    return [hit.name for hit in search.search(text, now=NOW).hits]


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("typed", "stored", "whose", "shown", "finds"), PHONES)
def test_a_phone(at, rae, door, typed, stored, whose, shown, finds):
    nora, response = at(door, phone=typed)
    assert nora is not None, response.content.decode()
    assert (nora.phone, nora.phone_label) == (stored, whose)
    assert found(finds) == ["Nora Vidal"]
    client = Client()
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/desk/patients/{nora.uuid}/").content.decode()
    assert f'<a href="tel:{stored}">{shown}</a>' in page
    assert f"({whose})".replace("'", "&#x27;") in page or not whose


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("typed", "said"), UNREADABLE)
def test_a_phone_that_cannot_be_read_is_refused_and_what_was_read_is_said(at, door, typed, said):
    nora, response = at(door, phone=typed)
    assert nora is None
    if door == "desk":
        assert said in beside(response, "phone")
    if door == "office":
        assert said in " ".join(response.context["adminform"].form.errors["phone"])
    if door == "api":  # a refusal never repeats what was sent
        assert response.status_code == 422
        assert [problem["field"] for problem in response.json()["problems"]] == ["phone"]


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("label", "kept"), [("work", False), ("Mother", True), ("", True)])
def test_whose_a_phone_is_can_be_said_once(at, door, label, kept):
    nora, response = at(door, phone="600 555 482 (mother)", phone_label=label)
    assert (nora is not None) == kept
    if door == "desk" and not kept:
        said = "“mother” is written next to the number, and “work” here. Leave one."
        assert beside(response, "phone_label") == said


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_two_phones_each_with_whose_it_is(at, door):
    typed = {"phone": "600 555 482", "phone_label": "own"}
    nora, _response = at(door, **typed, second_phone="910 555 010 x23 (work)")
    both = (nora.phone, nora.phone_label, nora.second_phone, nora.second_phone_label)
    assert both == ("+34600555482", "own", "+34910555010;ext=23", "work")
    assert found("555 010") == found("600555482") == ["Nora Vidal"]
    after = RecordEvent.objects.get(subject_uuid=nora.uuid).after
    assert after["second_phone"] == "+34910555010;ext=23"
    assert after["second_phone_label"] == "work"


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["desk", "office"])
@pytest.mark.parametrize("second", ["600555482", "+34 600 555 482 (own)"])
def test_one_number_in_both_fields_is_said_beside_the_second(at, door, second):
    nora, response = at(door, phone="600 555 482", second_phone=second)
    assert nora is None
    said = "This is the first phone again. Type another number here, or leave it empty."
    assert said in response.content.decode()
    if door == "desk":
        assert said in beside(response, "second_phone")


@pytest.mark.django_db
def test_one_number_twice_on_record_keeps_nobody_from_another_change(client, rae, ana):
    Patient.objects.filter(pk=ana.pk).update(phone="+34600555482", second_phone="+34600555482")
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/desk/patients/{ana.uuid}/edit/"
    form = typed_in(client.get(address))
    assert client.post(address, form | {"note": "Comes by bus"}).status_code == 302
    form = typed_in(client.get(address))
    assert (
        client.post(address, form | {"phone": "600 555 483", "second_phone": "600555483"}).status_code == 422
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "jose\u0301@münchen.de",
        "JOSÉ@MÜNCHEN.DE",
        "josé@xn--mnchen-3ya.de",
        "\u202ajosé@münch",
        "josé@",
        "josé@mu\u0308n",
    ],
)
def test_an_e_mail_finds_however_it_is_written(at, typed):
    at("api", email="josé@münchen.de")
    assert found(typed) == ["Nora Vidal"]


@pytest.mark.django_db
def test_who_has_only_a_second_phone_has_a_phone_in_lists_and_on_paper(at, rae, osei, checkup):
    nora, _response = at("api", second_phone="910 555 010 x23 (work)")
    booked(osei, nora, checkup, "2026-03-02 12:00")
    client = Client()
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    assert "910 55 50 10 ext. 23" in client.get("/desk/patients/").content.decode()
    paper = " ".join(client.get("/desk/day/2026-03-02/sheet/").content.decode().split())
    assert '<span class="nowrap">910 55 50 10 ext. 23</span> (work)' in paper


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("typed", "stored"), EMAILS)
def test_an_e_mail(at, door, typed, stored):
    nora, response = at(door, email=typed)
    assert getattr(nora, "email", None) == stored, response.content.decode()
    assert stored is None or found(stored) == ["Nora Vidal"]


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "stored"), EMAILS)
def test_a_doctor_s_e_mail_in_the_back_office(client, max_, osei, typed, stored):
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    form = {"doctor_name": "Dr Ida Berg", "email": typed, "specialty": str(osei.specialty.uuid)}
    client.post("/admin/scheduling/doctor/add/", form | {"overbook_limit": "1", "is_active": "on"})
    berg = Doctor.objects.filter(doctor_name="Dr Ida Berg").first()
    assert getattr(berg, "email", None) == stored


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "stored"), EMAILS)
def test_the_e_mail_of_staff_in_the_back_office(client, max_, rae, typed, stored):
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    form = {"username": "rae", "is_active": "on", "email": typed}
    client.post(f"/admin/accounts/user/{identity_of(rae)}/change/", form)
    rae.refresh_from_db()
    assert rae.email == (stored or "")


@pytest.mark.django_db
@pytest.mark.parametrize("kept", ["rae@localhost", "nonsense"])
def test_an_e_mail_of_staff_that_was_not_touched_blocks_nothing(client, max_, rae, kept):
    rae.email = kept
    rae.save()
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    form = {"username": "rae", "is_active": "on", "email": kept, "first_name": "Raquel"}
    client.post(f"/admin/accounts/user/{identity_of(rae)}/change/", form)
    rae.refresh_from_db()
    assert (rae.email, rae.first_name) == (kept, "Raquel")


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("label", ["phone_label", "second_phone_label"])
def test_a_label_needs_its_number(at, door, label):
    nora, response = at(door, **{label: "mother"})
    assert nora is None
    said = response.content.decode()
    assert "Type the number, too." in said


BIRTHS = [
    ("1985-03-03", date(1985, 3, 3)),
    ("1880-01-01", date(1880, 1, 1)),
    ("2026-03-02", date(2026, 3, 2)),
    ("2026-03-03", None),
    ("3026-01-01", None),
    ("1879-12-31", None),
    ("0026-01-01", None),
    ("0001-01-01", None),
    ("1985-02-30", None),
]


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("typed", "stored"), BIRTHS)
def test_a_birth_date(at, door, typed, stored):
    nora, response = at(door, date_of_birth=typed)
    assert getattr(nora, "date_of_birth", None) == stored, response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["desk", "office"])
@pytest.mark.parametrize(
    "typed", ["3/3/1985", "3.3.85", "03-03-1985", " 1985-03-03 ", "3 marzo 1985", "030385"]
)
def test_people_type_a_birth_date_as_they_write_it(at, door, typed):
    nora, _response = at(door, date_of_birth=typed)
    assert nora.date_of_birth == date(1985, 3, 3)


STORED = [
    *({"phone": stored, "phone_label": whose} for _typed, stored, whose, _shown, _finds in PHONES),
    *({"email": stored} for _typed, stored in EMAILS if stored),
    *({"date_of_birth": stored.isoformat()} for _typed, stored in BIRTHS if stored),
]


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("stored", STORED)
def test_what_one_door_stored_every_other_one_takes_as_it_stands(at, door, stored):
    nora, response = at(door, **stored)
    assert nora is not None, response.content.decode()
    assert {name: str(getattr(nora, name)) for name in stored} == stored
