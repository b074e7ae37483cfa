"""No integer key leaves the server, not even to managers."""

import re
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group

from accounts.models import ApiKey
from scheduling.identity import identity_of, keys_of, token_of
from scheduling.models import (
    Doctor,
    Flag,
    Job,
    MessageSettings,
    MessageWords,
    Patient,
    Specialty,
    VisitTypeWords,
    WorkingHours,
)
from tests import factories
from tests.admin.conftest import doubt
from tests.conftest import NOW

MODELS = ["appointment", "doctor", "flag", "job", "patient", "specialty", "visittype"]


class Attributes(HTMLParser):
    """Each place of a page where a key could stand: addresses and values."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in {"href", "action", "value", "src", "id", "for"} or name.startswith("data-"):
                self.found.append((tag, name, value or ""))


@pytest.fixture
def high_keys(db):
    """Keys that no page shows for another reason."""
    specialty = factories.SpecialtyFactory(pk=700001)
    doctor = factories.DoctorFactory(pk=700002, specialty=specialty, user=factories.UserFactory(pk=700003))
    WorkingHours.objects.create(pk=700004, doctor=doctor, weekday=0, starts="09:00", ends="14:00")
    patient = factories.PatientFactory(pk=700005)
    visit_type = factories.VisitTypeFactory(pk=700006)
    doubt(patient, pk=700007)
    Group.objects.create(pk=700008, name="Cleaning/hall")
    account = factories.UserFactory(pk=700013, is_program=True)
    key = ApiKey.objects.create(pk=700012, name="Website", scope="book", user=account, created_at=NOW)
    return {
        "specialty": specialty,
        "doctor": doctor,
        "patient": patient,
        "visittype": visit_type,
        "user": doctor.user,
        "group": Group.objects.get(pk=700008),
        "apikey": key,
        "job": Job.objects.create(pk=700014, name="clear", due_at=NOW),
        "messagewords": MessageWords.objects.create(pk=700015, language="en"),
        "messagesettings": MessageSettings.objects.create(pk=700016),
    }


@pytest.fixture
def visit_with_high_key(high_keys, rae, now):
    from scheduling.models import Appointment, AppointmentEvent

    visit = Appointment.objects.create(
        pk=700009,
        doctor=high_keys["doctor"],
        patient=high_keys["patient"],
        visit_type=high_keys["visittype"],
        appointment_datetime=now,
        minutes=30,
        created_at=now,
        created_by=rae,
        updated_at=now,
    )
    AppointmentEvent.objects.create(pk=700010, appointment=visit, at=now, by=rae, kind="booked")
    Flag.objects.create(pk=700011, kind="unknown_status", appointment=visit, created_at=now)
    return visit


def app_of(model):
    return {"user": "accounts", "apikey": "accounts", "group": "auth"}.get(model, "scheduling")


def address(model, row, page="change"):
    return f"/admin/{app_of(model)}/{model}/{identity_of(row)}/{page}/"


def assert_no_key(html):
    assert [found for found in Attributes(html).found if re.search("7000[01][0-9]", found[2])] == []
    assert "7000" not in re.sub(r'"[^"]*"', "", html)


def test_no_page_of_the_back_office_holds_a_key(root, high_keys, visit_with_high_key):
    rows = high_keys | {"appointment": visit_with_high_key}
    pages = ["/admin/"]
    VisitTypeWords.objects.create(
        pk=700017, visit_type=high_keys["visittype"], language="en", how_to_prepare="Rest"
    )
    closed = {"apikey", "job", "messagesettings"}
    pages += [f"/admin/{app_of(model)}/{model}/" for model in [*rows, "flag"] if model != "messagesettings"]
    pages += [f"/admin/{app_of(model)}/{model}/add/" for model in high_keys if model not in closed]
    pages += [f"/admin/scheduling/messagewords/preview/{page}" for page in ("", "moved/en/")]
    pages += [address(model, row, page) for model, row in rows.items() for page in ("change", "history")]
    pages.append(address("apikey", high_keys["apikey"], "revoke"))
    for page in pages:
        response = root.get(page)
        assert response.status_code == 200, page
        assert_no_key(response.content.decode())


@pytest.mark.parametrize("model", [*MODELS, "user", "group", "apikey"])
def test_an_address_with_a_key_does_not_exist(root, high_keys, model):
    for key in (1, 700001, 700002, 700003, 700005, 700006, 700008, 700012):
        for page in ("", "change/", "history/", "delete/", "revoke/"):
            assert root.get(f"/admin/{app_of(model)}/{model}/{key}/{page}").status_code == 404


def test_an_unknown_row_is_not_found_by_staff_and_not_told_to_strangers(root, client, osei):
    unknown = f"/admin/scheduling/doctor/{uuid4()}/change/"
    assert root.get(unknown).status_code == 404
    root.logout()
    for page in (unknown, address("doctor", osei)):
        response = root.get(page)
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")


def test_saving_leads_from_identity_to_identity(office, osei):
    page = address("specialty", osei.specialty)
    response = office.post(page, {"specialty_name": "Heart", "is_active": "on", "_continue": "1"})
    assert (response.status_code, response.url) == (302, page)
    assert Specialty.objects.get(pk=osei.specialty_id).specialty_name == "Heart"
    # What was done stands in the row's history, and the index leads back to it.
    assert LogEntry.objects.get().object_id == str(osei.specialty_id)
    assert "Changed" in office.get(address("specialty", osei.specialty, "history")).content.decode()
    assert f'href="{page}"' in office.get("/admin/").content.decode()


def doctor_form(doctor, **changed):
    data = {
        "doctor_name": doctor.doctor_name,
        "email": doctor.email,
        "specialty": str(doctor.specialty.uuid),
        "user": identity_of(doctor.user) if doctor.user else "",
        "is_active": "on",
        "overbook_limit": "1",
    }
    return data | changed


def test_a_doctor_is_saved_with_specialty_and_user_chosen_by_identity_and_keeps_the_hours(office, osei, rae):
    eyes = factories.SpecialtyFactory(specialty_name="Eyes")
    data = doctor_form(osei, specialty=str(eyes.uuid), user=identity_of(rae))
    hours = list(WorkingHours.objects.values_list())
    response = office.post(address("doctor", osei), data)
    assert response.status_code == 302, response.context["errors"]
    osei.refresh_from_db()
    assert (osei.specialty, osei.user) == (eyes, rae)
    assert list(WorkingHours.objects.values_list()) == hours


def test_hours_are_kept_at_the_desk_and_the_doctors_page_leads_there(office, osei):
    page = office.get(address("doctor", osei)).content.decode()
    assert f'href="/desk/hours/{osei.uuid}/"' in page
    assert "working_hours" not in page
    assert "Save the doctor first." in office.get("/admin/scheduling/doctor/add/").content.decode()


def test_the_form_shows_what_is_chosen(office, osei, rae):
    osei.user = rae
    osei.save()
    html = office.get(address("doctor", osei)).content.decode()
    assert f'<option value="{osei.specialty.uuid}" selected>' in html
    assert f'<option value="{identity_of(rae)}" selected>' in html


@pytest.mark.parametrize("given", ["key", "unknown", "nonsense"])
def test_a_choice_that_is_no_identity_is_refused(office, osei, given):
    chosen = {"key": str(osei.specialty_id), "unknown": str(uuid4()), "nonsense": "x"}[given]
    response = office.post(address("doctor", osei), doctor_form(osei, specialty=chosen))
    assert response.status_code == 200
    assert "Select a valid choice" in response.content.decode()


def test_a_pop_up_which_would_answer_with_a_key_does_not_exist(office):
    assert office.get("/admin/scheduling/specialty/add/?_popup=1").status_code == 404
    data = {"specialty_name": "Eyes", "_popup": "1"}
    assert office.post("/admin/scheduling/specialty/add/", data).status_code == 404
    assert not Specialty.objects.exists()


def test_tokens_differ_by_kind_of_row_and_by_site(settings, db):
    assert token_of(Flag, 1) != token_of(WorkingHours, 1)
    first = token_of(Flag, 1)
    settings.SECRET_KEY = "another"
    assert token_of(Flag, 1) != first


def test_identities_are_found_in_one_query(osei, lind, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert keys_of(Doctor.objects.all(), [str(lind.uuid), "x", str(uuid4())]) == [lind.pk]
    with django_assert_num_queries(0):
        assert keys_of(Patient.objects.all(), ["1", "", "k"]) == []
