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
    found = patients.search(text, now=NOW)
    assert found.is_close or not found.hits
    assert patients.matching(text, now=NOW, most=8) == ([], False)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Luis Vázquez", "vazqez"),  # left out
        ("Luis Vázquez", "Vázqez luis"),
        ("Luis Vázquez", "lui vazqez"),
        ("Iván Fernández", "fernadez"),
        ("Iván Fernández", "fernanndez"),  # put in
        ("Iván Fernández", "ferxnandez"),
        ("Rosa Hernández", "hernndez"),
        ("Rosa Hernández", "hernamdez"),  # another one
        ("Eva González", "gonazlez"),  # swapped
        ("María Sol", "marya"),
        ("Emilio Giménez", "jimenes"),  # sounds so
        ("Irene Valbuena", "balvuena"),
        ("Rosa Hernández", "ernandes"),
        ("Rosa Hernández", "hernandezz rosaa"),
        ("Юлия Иванова", "иваова"),
        ("Ana O'Connor", "oconor"),
    ],
)
def test_a_slip_of_the_fingers_finds_whoever_was_meant(db, name, typed):
    first, last = name.split(" ", 1)
    meant = factories.PatientFactory(patient_name=first, patient_lastname=last)
    factories.PatientFactory(patient_name="Olga", patient_lastname="Torrejón")
    found = patients.search(typed, now=NOW)
    assert ([hit.uuid for hit in found.hits], found.is_close) == ([meant.uuid], True)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Luis Vázquez", "velasqez"),
        ("Luis Vázquez", "vazqez pedro"),
        ("Luis Vázquez", "vazqez 600111222"),
        ("Ana López", "perez"),
        ("Ana Paz", "pez"),  # too short to tell
        ("Ana Paz", "anq"),
        ("Rosa Hernández", "hernandezrosa"),
        ("Rosa Hernández", "vazqez 31/02/1984"),
    ],
)
def test_two_slips_and_other_facts_find_nobody(db, name, typed):
    first, last = name.split(" ", 1)
    factories.PatientFactory(patient_name=first, patient_lastname=last, phone="+34600555482")
    assert patients.search(typed, now=NOW).hits == []


def test_whoever_has_it_exactly_is_shown_alone(db):
    exact = factories.PatientFactory(patient_name="Marya", patient_lastname="Sol")
    factories.PatientFactory(patient_name="María", patient_lastname="Sol")
    found = patients.search("marya", now=NOW)
    assert ([hit.uuid for hit in found.hits], found.is_close) == ([exact.uuid], False)


def test_a_word_that_somebody_has_is_not_what_is_wrong(db):
    meant = factories.PatientFactory(patient_name="Marta", patient_lastname="Vázquez")
    factories.PatientFactory(patient_name="Marga", patient_lastname="Vázquez")
    assert [hit.uuid for hit in patients.search("marta vazqez", now=NOW).hits] == [meant.uuid]


def test_words_that_no_one_person_has_may_all_be_wrong(db):
    meant = factories.PatientFactory(patient_name="María", patient_lastname="Vázquez")
    factories.PatientFactory(patient_name="Marta", patient_lastname="Ruiz")
    assert [hit.uuid for hit in patients.search("marta vazquez", now=NOW).hits] == [meant.uuid]


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize(
    "typed", ["vazqez", "vazqez luiss", "vazqez luiss marai joseh pabblo anaa xxxx yyyy"]
)
def test_the_second_try_costs_no_more_for_more(db, django_assert_max_num_queries, count, typed):
    name = "Luis" if count == 1 else "Luis María José Pablo Ana"
    factories.PatientFactory.create_batch(count, patient_name=name, patient_lastname="Vázquez")
    with django_assert_max_num_queries(4):
        patients.search(typed, now=NOW)


def test_what_is_too_short_for_a_second_try_is_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        patients.search("xyz", now=NOW)


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
    assert (hit.name, hit.age, hit.phone_tail) == ("Carmen Ruíz Vega", (41, "years"), "482")
    assert patients.hit_of(carmen.uuid, now=NOW) == hit


@pytest.mark.parametrize("count", [1, 8])
def test_a_search_is_two_queries(db, django_assert_num_queries, count):
    factories.PatientFactory.create_batch(count, patient_name="Carmen")
    with django_assert_num_queries(2):
        assert len(patients.search("carmen", now=NOW).hits) == count


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        ("1984-06-12", "2026-06-11", (41, "years")),
        ("1984-06-12", "2026-06-12", (42, "years")),
        ("2024-02-29", "2026-02-28", (23, "months")),
    ],
)
def test_age_is_in_whole_years_or_months_on_the_clinics_day(db, born, today, age):
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
    for text in (
        "name01",
        "last02 name",
        "n l o",
        "1.1.1952",
        "name01x 499",
        "600000499",
        "zzyzx",
        "nane01x",
        "las02 name01",
        "o name01x",
        "1984",
        "last02 1984",
        "mueller",
        "王伟",
    ):
        with CaptureQueriesContext(connection) as asked:
            patients.search(text, now=NOW)
        assert full_reads([(query["sql"], None) for query in asked.captured_queries]) == [], text


def test_what_a_list_reads_of_a_record_is_what_the_record_says(ana, osei):
    """Read as columns for a list, and as a record elsewhere: neither may know less than the other."""
    for days in (-1, 1):
        at = NOW + timedelta(days=days)
        Appointment.objects.create(
            doctor=osei, patient=ana, appointment_datetime=at, minutes=30, created_at=NOW, updated_at=NOW
        )
    Patient.objects.filter(pk=ana.pk).update(
        date_of_birth=date(1984, 6, 12), second_phone="+34600555482", alerts="hearing: write\nmobility"
    )
    Patient.objects.filter(pk=ana.pk).update(needs_review=True, phone="")
    record = patients.with_visits(Patient.objects.filter(pk=ana.pk), NOW).get()
    (read,) = patients.read_with_visits([ana.pk], now=NOW, most=3)
    assert (read.key, read.sort_key, read.hit) == (record.pk, record.sort_key, patients.hit(record, NOW))
    assert read.hit.alerts and read.hit.phone and read.hit.next_visit and read.hit.last_visit
