from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from scheduling.models import Patient
from scheduling.models.fields import PublicUUIDField
from tests import factories


def test_names_are_folded_whenever_a_row_is_saved(ana):
    assert ana.search_key == "ana souza prieto"
    ana.patient_lastname = "Świątek-Núñez"
    ana.save()
    assert Patient.objects.get().search_key == "ana swiatek nunez"


def test_names_are_folded_when_many_rows_are_made_at_once(db):
    Patient.objects.bulk_create([Patient(patient_name="José", patient_lastname="D'ANGELO")])
    assert Patient.objects.get().search_key == "jose d angelo"


def test_a_folded_text_is_cut_to_its_column(db):
    # Folding can make a name longer: one letter becomes three.
    patient = factories.PatientFactory(patient_name="ﷺ" * 255, patient_lastname="x" * 255)
    assert len(Patient.objects.get(pk=patient.pk).search_key) == 511


@pytest.mark.parametrize("typed", ["souza ana", "ANA", "prie", "an sou", "  "])
def test_patients_are_found_by_any_words_of_their_name(ana, typed):
    assert list(Patient.objects.named(typed)) == [ana]


@pytest.mark.parametrize("typed", ["ana lopez", "anna", "souza  x"])
def test_other_words_find_nobody(ana, typed):
    assert list(Patient.objects.named(typed)) == []


@pytest.mark.parametrize("text", ["6F9619FF-8B86-4011-B42D-00C04FC964FF", "6f9619ff8b864011b42d00c04fc964ff"])
def test_an_identity_is_read_in_any_spelling(text):
    assert PublicUUIDField().to_python(text) == UUID("6f9619ff-8b86-4011-b42d-00c04fc964ff")


@pytest.mark.parametrize("text", ["", "1", "6f9619ff", "x" * 36, 7])
def test_what_is_no_identity_is_refused(text):
    with pytest.raises(ValidationError):
        PublicUUIDField().to_python(text)
