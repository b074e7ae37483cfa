"""Every door that writes a patient writes the words by which one is found; the audit finds a lost one."""

from datetime import date
from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from scheduling.booking import patients, search_words
from scheduling.booking.actions import book
from scheduling.booking.proposal import NewPatient
from scheduling.models import Patient, SearchWord
from scheduling.queries.patients import search
from tests import factories
from tests.booking.asking import wish
from tests.conftest import NOW

EVA = NewPatient(
    patient_name="Eva", patient_lastname="Núñez", date_of_birth=date(1990, 5, 4), phone="+34600555100"
)


def words():
    """Those that can be typed."""
    every = SearchWord.objects.values_list("word", flat=True)
    return {word for word in every if not word.startswith("~")}


def test_a_new_patient_is_found_at_once(db):
    eva = patients.record(EVA, by=None, now=NOW)
    assert words() == {"eva", "nunez", "=1990-05-04", "+34600555100", "-00155500643"}
    for text in ("nuñez ev", "4.5.90", "555100"[-3:], "600555100"):
        assert [hit.uuid for hit in search(text, now=NOW).hits] == [eva.uuid]


def test_a_patient_recorded_while_booking_is_found(osei, checkup):
    visit = book(wish(osei, EVA, checkup, "2026-03-03 10:00"), by=None, now=NOW)
    assert [hit.uuid for hit in search("eva", now=NOW).hits] == [visit.patient.uuid]


def test_a_changed_record_is_found_by_what_it_says_now(ana):
    ana.patient_lastname, ana.phone = "Lima", "+34600555100"
    patients.save(ana)
    assert words() == {"ana", "lima", "+34600555100", "-00155500643"}
    assert search_words.wrong() == []


def test_one_who_is_switched_off_is_found_only_where_that_is_asked(ana):
    ana.is_active = False
    patients.save(ana)
    assert search("ana", now=NOW).hits == []
    assert [hit.uuid for hit in search("ana", now=NOW, also_inactive=True).hits] == [ana.uuid]


HARMS = [
    lambda ana: SearchWord.objects.filter(word="souza").delete(),
    lambda ana: SearchWord.objects.filter(patient=ana).delete(),
    lambda ana: SearchWord.objects.create(word="other", is_active=True, place=2, patient=ana),
    lambda ana: SearchWord.objects.filter(patient=ana).update(is_active=False),
    lambda ana: Patient.objects.filter(pk=ana.pk).update(patient_name="Anna"),
    lambda ana: Patient.objects.filter(pk=ana.pk).update(is_active=False),
]


@pytest.mark.parametrize("harm", HARMS)
def test_words_that_are_not_the_records_own_are_found_and_written_anew(db, harm):
    ana, _ben = factories.PatientFactory(patient_lastname="Souza"), factories.PatientFactory()
    assert search_words.wrong() == []
    harm(ana)
    assert search_words.wrong() == [ana.uuid]
    assert search_words.repair_all() == [ana.uuid]
    assert search_words.wrong() == []
    assert search_words.repair_all() == []


def test_the_audit_is_a_part_of_check_schedule(db):
    ana = factories.PatientFactory()
    SearchWord.objects.all().delete()
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_schedule", stdout=StringIO(), stderr=err)
    assert str(ana.uuid) in err.getvalue()
    out = StringIO()
    call_command("check_schedule", "--repair", stdout=out)
    assert f"patient {ana.uuid}: search words written anew" in out.getvalue()


def test_a_few_hundred_records_are_compared_in_a_few_queries(db, django_assert_num_queries):
    for count in (1, 50):
        factories.PatientFactory.create_batch(count)
        with django_assert_num_queries(4):  # the last one finds that there are no more
            assert search_words.wrong() == []


def test_the_migration_writes_the_words_that_the_writer_would(db):
    factories.PatientFactory.create_batch(3, phone="+34600555100", date_of_birth=date(1990, 5, 4))
    factories.PatientFactory(is_active=False)
    SearchWord.objects.filter(word__startswith="patient").delete()
    migration = import_module("scheduling.migrations.0008_fill_order_and_likeness")
    # It knows the model by its name of then.
    then = SimpleNamespace(
        get_model=lambda app, name: SearchWord if name == "PatientWord" else apps.get_model(app, name)
    )
    migration.fill(then, SimpleNamespace(connection=connection))
    assert search_words.wrong() == []
