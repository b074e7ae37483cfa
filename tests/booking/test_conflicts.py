"""Which unique key said no, in the words of each database."""

import pytest
from django.db import IntegrityError, transaction

from scheduling.booking.actions import book
from scheduling.booking.conflicts import conflict_of
from scheduling.booking.proposal import Proposal
from scheduling.models import Claim, FirstRequest, SearchWord, Specialty
from tests.conftest import NOW, madrid


def refused(row):
    """Insert the row a second time: what the refusal is taken for."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        row.save(force_insert=True)
    return conflict_of(caught.value)


@pytest.fixture
def visit(transactional_db, osei, ana, checkup):
    start = madrid("2026-03-03 10:00")
    asked = Proposal(uuid=SAME, doctor=osei, patient=ana, visit_type=checkup, start=start)
    return book(asked, by=None, now=NOW)


SAME = "5f0c6a3e-7a4e-4f0e-9d7f-0d1c2b3a4958"


def test_the_keys_of_claims_are_told_apart(visit):
    claim = Claim.objects.filter(appointment=visit).first()
    patients_key = Claim(
        doctor_id=claim.doctor_id,
        grain=claim.grain,
        lane=claim.lane + 1,
        patient_id=claim.patient_id,
        appointment=visit,
    )
    assert refused(claim) == "doctor_taken"
    assert refused(patients_key) == "patient_taken"


@pytest.mark.parametrize("word", ["osuna", "1984", "12-34", "-28455500643", "7" * 64, "7-" * 32])
def test_a_search_word_that_is_there_takes_nobodys_time(db, ana, word):
    row = SearchWord(word=word, is_active=True, place=0, patient=ana)
    row.save(force_insert=True)
    assert refused(row) is None


def test_a_public_identity_and_a_key_that_only_counts(visit):
    again = type(visit).objects.get(pk=visit.pk)
    again.pk = None
    assert refused(again) == "same_uuid"
    request = FirstRequest.objects.create(uuid=SAME, fingerprint="f", made_at=NOW)
    assert refused(FirstRequest(uuid=request.uuid, fingerprint="g", made_at=NOW)) == "same_uuid"
    counted = Specialty(pk=visit.doctor.specialty_id, specialty_name="Other")
    assert refused(counted) is None
