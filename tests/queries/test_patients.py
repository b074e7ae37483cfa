"""Patients are found by any part of what is known of them, at a fixed cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.plans import full_reads
from scheduling.booking import patients as records
from scheduling.booking import search_words
from scheduling.models import Appointment, Patient, Status
from scheduling.queries import patients
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def carmen(db):
    return factories.PatientFactory(
        patient_name="Carmen",
        patient_lastname="Ruíz Vega",
        date_of_birth=date(1984, 6, 12),
        phone="+34600555482",
    )


@pytest.mark.parametrize(
    "text",
    [
        "carmen",
        "RUIZ",
        "vega carmen",
        "  rúiz,  carm ",
        "482",
        "600 555 482",
        "+34 600-555-482",
        "12/06/1984",
        "12.6.1984",
        "1984-06-12",
        "carmen 12/06/1984",
    ],
)
def test_carmen_is_found_by(carmen, ben, text):
    assert [hit.uuid for hit in patients.search(text, now=NOW).hits] == [carmen.uuid]


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "48", "31/02/1984", "carmen 13/06/1984", "carmenx", "\0"]
)
def test_nobody_is_found_by(carmen, text):
    assert not patients.search(text, now=NOW).hits


def test_one_who_is_called_so_comes_before_one_who_is_also_called_so(carmen):
    also = factories.PatientFactory(patient_name="María del Carmen", patient_lastname="Abad")
    assert [hit.uuid for hit in patients.search("carmen", now=NOW).hits] == [carmen.uuid, also.uuid]


def test_a_switched_off_record_is_not_offered(carmen):
    carmen.is_active = False
    records.save(carmen)
    assert patients.search("carmen", now=NOW).hits == []


def test_more_than_eight_are_announced_and_not_listed(db):
    factories.PatientFactory.create_batch(9, patient_name="Carmen")
    found = patients.search("carmen", now=NOW)
    assert (len(found.hits), found.more) == (8, True)


def test_a_hit_tells_the_last_and_the_next_visit_that_stood(carmen, osei):
    for days, status in (
        (-30, Status.COMPLETED),
        (-9, Status.CONFIRMED),
        (-2, Status.CANCELLED),
        (2, Status.CANCELLED),
        (5, Status.PENDING),
        (9, Status.CONFIRMED),
    ):
        Appointment.objects.create(
            doctor=osei,
            patient=carmen,
            appointment_datetime=NOW + timedelta(days=days),
            minutes=30,
            status=status,
            created_at=NOW,
            updated_at=NOW,
        )
    hit = patients.search("carmen", now=NOW).hits[0]
    assert (hit.last_visit, hit.next_visit) == (NOW - timedelta(days=9), NOW + timedelta(days=5))
    assert (hit.name, hit.age, hit.phone_tail) == ("Carmen Ruíz Vega", 41, "482")
    assert patients.hit_of(carmen.uuid, now=NOW) == hit


@pytest.mark.parametrize("count", [1, 8])
def test_a_search_is_two_queries(db, django_assert_num_queries, count):
    factories.PatientFactory.create_batch(count, patient_name="Carmen")
    with django_assert_num_queries(2):
        assert len(patients.search("carmen", now=NOW).hits) == count


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [("1984-06-12", "2026-06-11", 41), ("1984-06-12", "2026-06-12", 42), ("2024-02-29", "2026-02-28", 1)],
)
def test_age_is_in_whole_years_on_the_clinics_day(db, born, today, age):
    factories.PatientFactory(patient_name="Zoe", date_of_birth=date.fromisoformat(born))
    now = NOW.replace(year=int(today[:4]), month=int(today[5:7]), day=int(today[8:]))
    assert patients.search("zoe", now=now).hits[0].age == age


def test_whose_name_begins_so_comes_first_then_whose_last_name_does(db):
    def made(name, lastname):
        return factories.PatientFactory(patient_name=name, patient_lastname=lastname)

    second = made("Eva", "Abad García")
    longer = made("Garciana", "Abad")
    first_b, first_a = made("Eva", "García Brun"), made("Zoe", "García Alba")
    own = made("Garci", "Zorita")
    found = [hit.uuid for hit in patients.search("garci", now=NOW).hits]
    assert found == [each.uuid for each in (own, longer, first_a, first_b, second)]
    found = [hit.uuid for hit in patients.search("garcía eva", now=NOW).hits]
    assert found == [first_b.uuid, second.uuid]


def test_no_search_reads_a_table_from_end_to_end(db):
    rows = [
        Patient(
            patient_name=f"Name{n % 97:02}x",
            patient_lastname=f"Last{n % 89:02} Other{n}",
            phone=f"+346{n:08}",
            date_of_birth=date(1950, 1, 1) + timedelta(days=n),
        )
        for n in range(1500)
    ]
    Patient.objects.bulk_create(rows)
    search_words.add(Patient.objects.all())
    for text in ("name01", "last02 name", "n l o", "1.1.1952", "name01x 499", "600000499", "zzyzx"):
        with CaptureQueriesContext(connection) as asked:
            patients.search(text, now=NOW)
        assert full_reads([(query["sql"], None) for query in asked.captured_queries]) == [], text
