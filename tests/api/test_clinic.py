"""Specialties, visit types and doctors: read by all, doctors put on record by those who manage."""

from uuid import uuid4

import pytest

from scheduling.models import Doctor, FirstRequest
from tests import factories
from tests.api.conftest import UNKNOWN, codes
from tests.api.test_paging import told, uuids


@pytest.fixture
def manager(program):
    return program("manage")


@pytest.fixture
def berg(cardiology):
    return {
        "uuid": str(uuid4()),
        "doctor_name": "Dr Ida Berg",
        "email": "Berg@Clinic.example",
        "specialty_uuid": str(cardiology.uuid),
    }


def test_each_is_read_as_it_is_listed(website, osei, checkup):
    off = factories.VisitTypeFactory(
        name="Echo", minutes=40, buffer_minutes=10, is_online=False, is_active=False
    )
    for collection, rows in (
        ("specialties", [osei.specialty]),
        ("doctors", [osei]),
        ("visit-types", [checkup, off]),
    ):
        said = website.get(collection).json()["items"]
        assert uuids(said) == told(rows)
        for each in said:
            assert website.get(f"{collection}/{each['uuid']}").json() == each
            assert website.get(f"{collection}/{each['uuid'].upper()}").json() == each
    assert said[1] == {
        "uuid": str(off.uuid),
        "name": "Echo",
        "minutes": 40,
        "buffer_minutes": 10,
        "youngest_age": None,
        "oldest_age": None,
        "is_online": False,
        "is_active": False,
    }
    assert website.get(f"doctors/{osei.uuid}").json() == {
        "uuid": str(osei.uuid),
        "doctor_name": "Dr Ama Osei",
        "email": "osei@clinic.example",
        "specialty_uuid": str(osei.specialty.uuid),
        "specialty_name": "Cardiology",
        "visit_type_uuids": [],
        "youngest_age": None,
        "oldest_age": None,
        "is_active": True,
    }


@pytest.mark.parametrize("collection", ["specialties", "doctors", "visit-types", "patients", "appointments"])
def test_one_is_read_where_it_is_and_nowhere_else(clinic, website, collection):
    for name, row in clinic.rows.items():
        expected = 200 if name == collection else 404
        assert website.get(f"{collection}/{row.uuid}").status_code == expected
    answer = website.get(f"{collection}/{UNKNOWN}")
    assert (answer.status_code, codes(answer)) == (404, ["not_found"])


def test_doctors_of_a_specialty(website, osei, lind):
    factories.DoctorFactory()
    found = website.get("doctors", specialty=osei.specialty.uuid).json()["items"]
    assert uuids(found) == told([osei, lind])
    answer = website.get("doctors", specialty=UNKNOWN)
    assert (answer.status_code, codes(answer)) == (422, ["unknown"])


def test_a_new_doctor(manager, berg, cardiology):
    answer = manager.post("doctors", berg)
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/doctors/{berg['uuid']}")
    assert manager.ask("get", answer["Location"].removeprefix("/api/v1/")).json() == answer.json()
    doctor = Doctor.objects.get()
    assert (str(doctor.uuid), doctor.doctor_name, doctor.specialty) == (
        berg["uuid"],
        "Dr Ida Berg",
        cardiology,
    )
    assert doctor.email == "Berg@clinic.example"
    assert (doctor.is_active, doctor.user) == (True, None)


def test_the_same_again_finds_the_first(manager, berg):
    first = manager.post("doctors", berg)
    again = manager.post("doctors", berg)
    in_other_words = manager.post(
        "doctors", {"uuid": berg["uuid"].upper()} | berg | {"doctor_name": " Dr Ida  Berg "}
    )
    assert [answer.status_code for answer in (first, again, in_other_words)] == [201, 200, 200]
    assert first.json() == again.json() == in_other_words.json()
    assert first["Location"] == again["Location"]
    assert (Doctor.objects.count(), FirstRequest.objects.count()) == (1, 1)


def test_the_same_again_finds_it_as_it_is_now(manager, berg):
    manager.post("doctors", berg)
    Doctor.objects.update(doctor_name="Dr Ida Lund")
    again = manager.post("doctors", berg)
    assert (again.status_code, again.json()["doctor_name"]) == (200, "Dr Ida Lund")


@pytest.mark.parametrize("other", [{"doctor_name": "Dr Else"}, {"email": "else@clinic.example"}])
def test_something_else_under_the_same_uuid(manager, berg, other):
    manager.post("doctors", berg)
    answer = manager.post("doctors", berg | other)
    assert (answer.status_code, codes(answer)) == (409, ["already_on_record"])
    assert Doctor.objects.count() == 1


def test_a_doctor_whom_the_back_office_made_is_not_found_under_a_request(manager, berg, osei):
    answer = manager.post("doctors", berg | {"uuid": str(osei.uuid)})
    assert (answer.status_code, codes(answer)) == (409, ["already_on_record"])


@pytest.mark.parametrize("email", ["osei@clinic.example", "OSEI@clinic.example", "Osei@CLINIC.EXAMPLE"])
def test_an_e_mail_that_another_doctor_has(manager, berg, osei, email):
    answer = manager.post("doctors", berg | {"email": email})
    assert (answer.status_code, codes(answer)) == (409, ["email_taken"])
    assert answer.json()["problems"][0]["field"] == "email"
    assert (Doctor.objects.count(), FirstRequest.objects.count()) == (1, 0)
    assert manager.post("doctors", berg | {"email": "free@clinic.example"}).status_code == 201


@pytest.mark.mariadb
def test_an_e_mail_that_the_database_takes_for_that_of_another_doctor(manager, berg):
    manager.post("doctors", berg | {"uuid": str(uuid4()), "email": "strasse@clinic.example"})
    answer = manager.post("doctors", berg | {"email": "straße@clinic.example"})
    assert (answer.status_code, codes(answer)) == (409, ["email_taken"])


def test_without_a_uuid_one_is_made_each_time(manager, berg):
    del berg["uuid"]
    first = manager.post("doctors", berg)
    assert first.status_code == 201
    assert str(Doctor.objects.get().uuid) == first.json()["uuid"]
    assert codes(manager.post("doctors", berg)) == ["email_taken"]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"doctor_name": ""}, [("doctor_name", "string_too_short")]),
        ({"doctor_name": " \u200b"}, [("doctor_name", "required")]),
        ({"doctor_name": "x" * 256}, [("doctor_name", "string_too_long")]),
        ({"doctor_name": 7}, [("doctor_name", "string_type")]),
        ({"email": "berg"}, [("email", "value_error")]),
        ({"email": "Ida <berg@clinic.example>"}, [("email", "value_error")]),
        ({"email": f"{'x' * 250}@clinic.example"}, [("email", "value_error")]),
        ({"email": None}, [("email", "string_type")]),
        ({"specialty_uuid": UNKNOWN}, [("specialty_uuid", "unknown")]),
        ({"specialty_uuid": None}, [("specialty_uuid", "text_expected")]),
        ({"specialty_uuid": "Cardiology"}, [("specialty_uuid", "uuid")]),
        ({"uuid": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}, [("uuid", "uuid")]),  # of a clock and an address
        ({"uuid": ""}, [("uuid", "uuid")]),
        ({"user": 1}, [("user", "extra_forbidden")]),
        ({"overbook_limit": 9}, [("overbook_limit", "extra_forbidden")]),
    ],
)
def test_what_is_no_doctor(manager, berg, other, said):
    answer = manager.post("doctors", berg | other)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["problems"]] == said
    assert (Doctor.objects.count(), FirstRequest.objects.count()) == (0, 0)


def test_all_that_is_wrong_is_told_at_once(manager):
    answer = manager.post("doctors", {"doctor_name": "", "email": "x"})
    assert {each["field"] for each in answer.json()["problems"]} == {"doctor_name", "email", "specialty_uuid"}
