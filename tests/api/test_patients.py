"""Patients: listed, found, read and put on record."""

from uuid import uuid4

import pytest

from scheduling.booking import patients
from scheduling.booking.merging import merge
from scheduling.booking.seen import Seen
from scheduling.models import FirstRequest, Patient
from tests import factories
from tests.api.conftest import codes
from tests.api.test_paging import told, uuids
from tests.conftest import NOW


@pytest.fixture
def zoe():
    return {
        "uuid": str(uuid4()),
        "patient_name": "Zoë",
        "patient_lastname": "O’Field",
        "date_of_birth": "1990-02-03",
        "email": "Zoe@Home.example",
        "phone": "600 555 482",
        "may_contact": False,
    }


@pytest.fixture
def merged(ana, rae):
    """A second record of Ana, made a part of the first."""
    gone = factories.PatientFactory(patient_name="Ana", patient_lastname="Souza")
    merge(Seen.of(ana), Seen.of(gone), {}, by=rae, now=NOW)
    return Patient.objects.get(pk=gone.pk)


def search(program, text, **more):
    said = program.post("patients/search", {"text": text, **more}).json()
    assert said["next"] is None
    return [f"{each['patient_name']} {each['patient_lastname']}" for each in said["items"]], said["more"]


def test_a_record_that_was_merged_is_not_listed_or_found_but_can_be_read(website, ana, ben, merged):
    assert uuids(website.get("patients").json()["items"]) == told([ana, ben])
    assert search(website, "Ana Souza") == (["Ana Souza Prieto"], False)
    said = website.get(f"patients/{merged.uuid}").json()
    assert (said["merged_into"], said["is_active"]) == (str(ana.uuid), False)
    assert website.get(f"patients/{ana.uuid}").json()["merged_into"] is None


def test_a_visit_of_a_record_that_was_merged_is_one_of_the_record_that_stands(clinic, website, ana, merged):
    body = clinic.body("create_appointment") | {"patient": None, "patient_uuid": merged.uuid}
    first, again = website.post("appointments", body), website.post("appointments", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["patient_uuid"] == again.json()["patient_uuid"] == str(ana.uuid)


def test_a_request_that_is_sent_again_finds_its_record_after_a_merge(website, ana, zoe, rae):
    website.post("patients", zoe)
    made = Patient.objects.get(patient_name="Zoë")
    merge(Seen.of(ana), Seen.of(made), {}, by=rae, now=NOW)
    again = website.post("patients", zoe)
    assert (again.status_code, again.json()["merged_into"]) == (200, str(ana.uuid))


def test_one_who_is_switched_off_is_listed_as_that(website, ana):
    ana.is_active = False
    patients.save(ana)
    assert [each["is_active"] for each in website.get("patients").json()["items"]] == [False]
    assert search(website, "Souza") == ([], False)


def test_a_new_patient(website, zoe):
    answer = website.post("patients", zoe)
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/patients/{zoe['uuid']}")
    said = answer.json()
    assert said == {
        "uuid": zoe["uuid"],
        "patient_name": "Zoë",
        "patient_lastname": "O’Field",
        "date_of_birth": "1990-02-03",
        "email": "Zoe@home.example",
        "phone": "+34600555482",
        "phone_label": "",
        "second_phone": "",
        "second_phone_label": "",
        "language": "",
        "may_contact": False,
        "is_active": True,
        "merged_into": None,
    }
    assert website.get(f"patients/{zoe['uuid']}").json() == said
    assert Patient.objects.get().created_at == NOW
    for text in ("zoe", "field zo", "600555482", "5482", "1990-02-03", "3.2.1990 field"):
        assert search(website, text) == (["Zoë O’Field"], False), text


def test_the_same_again_finds_the_first(website, zoe):
    first = website.post("patients", zoe)
    again = website.post("patients", zoe | {"phone": "+34 600-555-482", "patient_name": " Zoë "})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (Patient.objects.count(), FirstRequest.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "other", [{"patient_name": "Zoe"}, {"date_of_birth": None}, {"may_contact": True}, {"phone": ""}]
)
def test_something_else_under_the_same_uuid(website, zoe, other):
    website.post("patients", zoe)
    answer = website.post("patients", zoe | other)
    assert (answer.status_code, codes(answer)) == (409, ["already_on_record"])
    assert Patient.objects.count() == 1


def test_the_same_person_under_another_uuid_is_another_record(website, zoe):
    """Families share phones and names: who they are is for people to say."""
    assert website.post("patients", zoe).status_code == 201
    assert website.post("patients", zoe | {"uuid": str(uuid4())}).status_code == 201
    assert search(website, "Zoë")[0] == ["Zoë O’Field"] * 2


@pytest.mark.parametrize("unknown", [{}, {"email": None}, {"email": ""}, {"email": "\u200b "}])
def test_only_the_name_is_needed(website, unknown):
    answer = website.post("patients", {"patient_name": "Ana", "patient_lastname": "Souza"} | unknown)
    said = answer.json()
    assert (answer.status_code, said["may_contact"], said["date_of_birth"]) == (201, None, None)
    assert (said["email"], said["phone"]) == ("", "")


@pytest.mark.parametrize(
    ("other", "field", "code"),
    [
        ({"patient_name": None}, "patient_name", "string_type"),
        ({"patient_name": "A\0"}, "patient_name", "null_characters_not_allowed"),
        ({"date_of_birth": "2026-03-03"}, "date_of_birth", "future"),
        ({"date_of_birth": "1879-12-31"}, "date_of_birth", "date"),
        ({"date_of_birth": "2025-02-29"}, "date_of_birth", "date"),
        ({"date_of_birth": "3.2.1990"}, "date_of_birth", "date"),
        ({"date_of_birth": 633916800}, "date_of_birth", "text_expected"),
        ({"email": "ana"}, "email", "value_error"),
        ({"email": "a@b"}, "email", "value_error"),
        ({"phone": "60055"}, "phone", "digits"),
        ({"phone": "call me"}, "phone", "invalid"),
        ({"phone": 600555482}, "phone", "string_type"),
        ({"may_contact": "no"}, "may_contact", "bool_type"),
        ({"merged_into": None}, "merged_into", "extra_forbidden"),
        ({"note": "x"}, "note", "extra_forbidden"),
    ],
)
def test_what_is_no_patient(website, zoe, other, field, code):
    answer = website.post("patients", zoe | other)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["problems"]] == [(field, code)]
    assert (Patient.objects.count(), FirstRequest.objects.count()) == (0, 0)


# Searching


def test_the_best_come_first_and_it_says_whether_there_are_more(website):
    for number in range(12):
        factories.PatientFactory(patient_name=f"Mar{number:02}", patient_lastname="Vidal")
    factories.PatientFactory(patient_name="Vidal", patient_lastname="Moreno")
    found, more = search(website, "vidal", limit=3)
    assert (found, more) == (["Vidal Moreno", "Mar00 Vidal", "Mar01 Vidal"], True)
    assert [len(search(website, "vidal", limit=limit)[0]) for limit in (1, 12, 13, 100)] == [1, 12, 13, 13]
    assert [search(website, "vidal", limit=limit)[1] for limit in (12, 13)] == [True, False]
    assert len(search(website, "vidal")[0]) == 13


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE patients; --",
        "Souza' OR '1'='1",
        '" OR ""="',
        "%",
        "_",
        "\\",
        "*",
        "\u202eazuoS",
        "\U0001f600",
        "((((((((",
        "${7*7}{{7*7}}",
        "<script>",
        "../../etc/passwd",
        "😀" * 200,
        "q " * 100,
        "9" * 200,
        "0000-00-00",
        "٣",
        "   ",
    ],
)
def test_odd_texts_find_nobody_and_break_nothing(website, ana, ben, text):
    assert search(website, text) == ([], False)
    assert Patient.objects.count() == 2


@pytest.mark.parametrize("text", ["Souz_", "Sou%", "Souza\0", "  sOUZA,  ana ", "Souza\n", "An* (Souza)"])
def test_signs_stand_for_nothing(website, ana, ben, text):
    assert search(website, text) == (["Ana Souza Prieto"], False)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "text", "missing"),
        ({"text": ""}, "text", "string_too_short"),
        ({"text": "x" * 201}, "text", "string_too_long"),
        ({"text": None}, "text", "string_type"),
        ({"text": ["Ana"]}, "text", "string_type"),
        ({"text": {"$ne": ""}}, "text", "string_type"),
        ({"text": "Ana", "limit": 0}, "limit", "greater_than_equal"),
        ({"text": "Ana", "limit": 101}, "limit", "less_than_equal"),
        ({"text": "Ana", "limit": "5"}, "limit", "int_type"),
        ({"text": "Ana", "limit": True}, "limit", "int_type"),
        ({"text": "Ana", "cursor": "x"}, "cursor", "extra_forbidden"),
    ],
)
def test_what_cannot_be_searched(website, ana, body, field, code):
    answer = website.post("patients/search", body)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["problems"]] == [(field, code)]


def test_a_name_is_never_looked_for_in_an_address(website, ana):
    """Addresses are logged on the way."""
    assert website.get("patients", text="Ana").status_code == 422
    assert website.ask("get", "patients/search").status_code == 405
    assert website.ask("get", "patients/search?text=Ana").status_code == 405
