"""What each operation asks of the database: the same number at 1 row and at 100."""

from datetime import time
from itertools import cycle

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.booking.claims import claims_for
from scheduling.models import Appointment, Claim, Doctor, Patient, Specialty, Status, VisitType, WorkingHours
from tests import factories
from tests.api.document import operations
from tests.api.good import at
from tests.conftest import NOW, madrid
from tests.environment import on_mariadb

KEY = 1  # to let a request in, and to know whose it is
TAKING = ('UPDATE "api_keys"', "UPDATE `api_keys`")


@pytest.fixture
def asked():
    """The answer of a call and its statements, without those that begin and end transactions, and without the
    one by which a request in many takes a share of its key's minute."""

    def count(call):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = call()
        words = [query["sql"].split()[0] for query in queries]
        ours = [word for word in words if word not in {"SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"}]
        shares = [query for query in queries if query["sql"].startswith(TAKING)]
        assert len(shares) <= 1
        return answer, len(ours) - len(shares)

    return count


@pytest.fixture
def crowd(osei, checkup):
    """100 rows more of everything, visits on one day and of one patient among them."""

    def fill():
        Specialty.objects.bulk_create(factories.SpecialtyFactory.build_batch(100))
        VisitType.objects.bulk_create(factories.VisitTypeFactory.build_batch(100))
        Doctor.objects.bulk_create(factories.DoctorFactory.build_batch(100, specialty=osei.specialty))
        Patient.objects.bulk_create(factories.PatientFactory.build_batch(200))
        others = Doctor.objects.exclude(pk=osei.pk)
        hours = {"starts": time(9), "ends": time(14)}
        WorkingHours.objects.bulk_create(
            WorkingHours(doctor=doctor, weekday=day, **hours) for doctor in others for day in range(5)
        )
        patients = Patient.objects.order_by("-pk")
        usual = {"visit_type": checkup, "minutes": checkup.minutes, "status": Status.CONFIRMED}
        usual |= {"created_at": NOW, "updated_at": NOW}
        starts = [madrid(f"2026-03-03 {hour:02}:00") for hour in (9, 10, 11)]
        visits = [
            Appointment(doctor=doctor, patient=patient, appointment_datetime=start, **usual)
            for doctor, patient, start in zip(others, patients, cycle(starts), strict=False)
        ]
        Appointment.objects.bulk_create(visits)
        stored = Appointment.objects.filter(uuid__in=[visit.uuid for visit in visits])
        Claim.objects.bulk_create(claim for visit in stored for claim in claims_for(visit))

    return fill


LISTS = [
    ("specialties", {}, 1),
    ("visit-types", {}, 1),
    ("doctors", {}, 2),  # with what they give
    ("doctors", {"specialty": "specialties"}, 3),
    ("patients", {}, 1),
    ("appointments", {}, 2),
    ("appointments", {"day": "2026-03-03"}, 2),
    ("appointments", {"status": "confirmed"}, 2),
    ("appointments", {"changed_since": "2026-03-01T00:00:00Z"}, 2),
    ("appointments", {"doctor": "doctors", "patient": "patients"}, 4),
]


@pytest.mark.parametrize(("address", "query", "number"), LISTS)
def test_a_list_takes_as_many_queries_at_1_row_as_at_100(
    clinic, website, asked, crowd, address, query, number
):
    query = {name: getattr(clinic.rows.get(value), "uuid", value) for name, value in query.items()}
    answer, count = asked(lambda: website.get(address, limit=100, **query))
    assert (answer.status_code, len(answer.json()["items"]) > 0) == (200, True)
    assert count == KEY + number
    crowd()
    answer, count = asked(lambda: website.get(address, limit=100, **query))
    rows = len(answer.json()["items"])
    assert rows == 100 or "doctor" in query
    assert count == KEY + number
    following = answer.json()["next"]
    if following:
        answer, count = asked(lambda: website.get(address, limit=100, cursor=following, **query))
        assert answer.json()["items"]
        assert count == KEY + number


# Who and what kind, their hours, what is taken; one more for each doubling of the days that are full.
OPENINGS = [
    ({"minutes": 30}, 3),
    ({"minutes": 30, "specialty": "specialties"}, 4),
    ({"visit_type": "visit-types", "specialty": "specialties"}, 4),
    ({"visit_type": "visit-types", "doctor": "doctors"}, 4),  # and whether the doctor gives it
    ({"visit_type": "visit-types", "doctor": "doctors", "days": 62}, 4),
    ({"minutes": 300, "doctor": "doctors", "days": 62, "limit": 100}, 8),
]


@pytest.mark.parametrize(("query", "number"), OPENINGS)
def test_openings_of_100_doctors_take_as_many_queries_as_of_1(clinic, website, asked, crowd, query, number):
    query = {"limit": 3, "from_": "2026-03-04"} | query
    query = {name: getattr(clinic.rows.get(value), "uuid", value) for name, value in query.items()}
    for fill in (lambda: None, crowd):
        fill()
        answer, count = asked(lambda: website.get("openings", **query))
        assert (len(answer.json()["items"]) >= 3, count) == (True, KEY + number)
    following = answer.json()["next"]
    if following:
        answer, count = asked(lambda: website.get("openings", cursor=following, **query))
        assert (len(answer.json()["items"]) >= 3, count) == (True, KEY + number)


@pytest.mark.parametrize("collection", ["specialties", "visit-types", "doctors", "patients", "appointments"])
def test_one_row_takes_one_query_and_a_doctor_two(clinic, website, asked, crowd, collection):
    for fill in (lambda: None, crowd):
        fill()
        answer, count = asked(lambda: website.get(f"{collection}/{clinic.rows[collection].uuid}"))
        assert (answer.status_code, count) == (200, KEY + 1 + (collection == "doctors"))  # what they give


def test_a_search_takes_two_queries_however_many_it_finds(website, asked):
    factories.PatientFactory(patient_lastname="Vidal")
    for found in (1, 100):
        answer, count = asked(lambda: website.post("patients/search", {"text": "Vidal", "limit": 100}))
        assert (len(answer.json()["items"]), count) == (found, KEY + 2)
        factories.PatientFactory.create_batch(150, patient_lastname="Vidal")


def test_why_not_takes_as_many_queries_in_a_crowd(clinic, website, asked, crowd):
    query = {"doctor": clinic.osei.uuid, "visit_type": clinic.checkup.uuid}
    for fill in (lambda: None, crowd):
        fill()
        answer, count = asked(lambda: website.get("openings/check", at=at(10), **query))
        assert (answer.json()["is_free"], count) == (True, KEY + 2)
        answer, count = asked(lambda: website.get("openings/check", at=at(12), **query))
        assert (answer.json()["is_free"], count) == (False, KEY + 5)  # 3 for the nearest


# Where several write at a time, a booking holds the doctor's hours; these were never changed.
HELD = 3 if on_mariadb() else 0
WRITES = {
    "create_appointment": 9 + HELD,  # the record of its new patient is told too
    "create_patient": 6,
    "create_doctor": 8,
    "move_appointment": 9 + HELD,
    "cancel_appointment": 7,
    "change_status": 6,
}


@pytest.mark.parametrize("crowded", [False, True])
@pytest.mark.parametrize(("name", "number"), WRITES.items())
def test_a_change_takes_as_many_queries_in_a_crowd(clinic, program, asked, crowd, name, number, crowded):
    (operation,) = [each for each in operations() if each.id == name]
    clinic.before(name)
    manager = program("manage")
    if crowded:
        crowd()
    answer, count = asked(lambda: clinic.ask(manager, operation))
    assert (answer.status_code in {200, 201}, count) == (True, KEY + number)
