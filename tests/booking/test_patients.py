"""Changing a record at two desks, settling doubts about a name, telling two people apart."""

import pytest

from scheduling.booking import patients, search_words
from scheduling.booking.patients import StalePatient
from scheduling.booking.seen import Seen
from scheduling.models import DifferentPeople, Flag, Patient
from tests.conftest import NOW


def test_a_change_is_written_with_its_words_and_a_new_version(ana):
    seen = Seen.of(ana)
    changed = patients.change(seen, {"patient_lastname": "Lima", "phone": "+34600555100"}, by=None, now=NOW)
    ana.refresh_from_db()
    assert (ana.patient_lastname, str(ana.phone), ana.version) == ("Lima", "+34600555100", 2)
    assert changed.version == 2
    assert search_words.wrong() == []


def test_the_second_of_two_desks_is_told_and_nothing_is_lost(ana):
    seen = Seen.of(ana)
    patients.change(seen, {"note": "Wheelchair"}, by=None, now=NOW)
    with pytest.raises(StalePatient) as caught:
        patients.change(seen, {"patient_name": "Anna"}, by=None, now=NOW)
    assert (caught.value.current.note, caught.value.current.version) == ("Wheelchair", 2)
    ana.refresh_from_db()
    assert (ana.patient_name, ana.note) == ("Ana", "Wheelchair")


def test_the_same_change_sent_twice_is_one(ana):
    seen = Seen.of(ana)
    patients.change(seen, {"note": "Wheelchair"}, by=None, now=NOW)
    assert patients.change(seen, {"note": "Wheelchair"}, by=None, now=NOW).version == 2


def test_the_back_office_counts_as_a_change(ana):
    seen = Seen.of(ana)
    patients.save(Patient.objects.get(pk=ana.pk))
    with pytest.raises(StalePatient):
        patients.change(seen, {"note": "x"}, by=None, now=NOW)


def test_confirming_names_settles_their_doubts_and_no_others(ana, ben, rae):
    Patient.objects.update(needs_review=True)
    for kind in (Flag.Kind.NAME_NOT_SPLIT, Flag.Kind.SEVERAL_PATIENTS, Flag.Kind.BAD_EMAIL):
        Flag.objects.create(kind=kind, patient=ana, created_at=NOW)
    Flag.objects.create(kind=Flag.Kind.NAME_NOT_SPLIT, patient=ben, created_at=NOW)
    assert patients.confirm([ana.uuid], by=rae, now=NOW) == 2
    assert list(Patient.objects.filter(needs_review=True)) == [ben]
    opened = Flag.objects.unresolved().values_list("patient", "kind")
    assert set(opened) == {(ana.pk, "bad_email"), (ben.pk, "name_not_split")}
    assert Flag.objects.filter(resolved_by=rae, resolved_at=NOW).count() == 2
    assert patients.confirm([ana.uuid], by=rae, now=NOW) == 0
    assert patients.confirm([ana.uuid, ben.uuid], by=rae, now=NOW) == 1


def test_two_people_are_told_apart_once(ana, ben, rae):
    patients.tell_apart(ben, ana, by=rae, now=NOW)
    patients.tell_apart(ana, ben, by=rae, now=NOW)
    assert DifferentPeople.objects.values_list("first", "second").get() == (ana.pk, ben.pk)
