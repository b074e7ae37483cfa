"""Records that were made a part of another look like it in the back office, and stay switched off there."""

import pytest
from django.utils import timezone

from scheduling.booking import merging
from scheduling.booking.seen import Seen
from scheduling.models import Patient


@pytest.fixture
def gone(rae, ana, ben):
    """Ben's record, which was made a part of Ana's."""
    merging.merge(Seen.of(ana), Seen.of(ben), {}, by=rae, now=timezone.now())
    return Patient.objects.get(pk=ben.pk)


def page_of(patient):
    return f"/admin/scheduling/patient/{patient.uuid}/change/"


def test_its_page_names_the_record_that_stands_and_has_no_switch(office, ana, gone):
    page = office.get(page_of(gone)).content.decode()
    assert f'href="{page_of(ana)}">Ana Souza Prieto</a>' in page
    assert 'name="is_active"' not in page
    assert 'name="is_active"' in office.get(page_of(ana)).content.decode()


def test_it_cannot_be_switched_on(office, gone):
    form = {"patient_name": "Ben", "patient_lastname": "Okafor", "is_active": "on", "note": "By bus"}
    assert office.post(page_of(gone), form).status_code == 302
    stored = Patient.objects.get(pk=gone.pk)
    assert (stored.is_active, stored.note) == (False, "By bus")


def test_the_list_says_it_and_can_be_parted(office, gone):
    address = "/admin/scheduling/patient/"
    assert "Part of another record: Ana Souza Prieto" in office.get(address).content.decode()
    for answer, count in (("yes", 1), ("no", 1), ("?", 2)):
        assert len(office.get(address, {"part": answer}).context["cl"].result_list) == count
