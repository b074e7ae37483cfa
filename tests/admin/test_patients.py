"""Records of patients in the back office, beside what the desk does with them."""

import pytest
from django.db.models import F
from django.utils import timezone

from scheduling.admin.people import PatientAdmin
from scheduling.booking import patients
from scheduling.booking.seen import Seen
from scheduling.models import Patient


@pytest.fixture
def form(office, ana):
    """What the page of Ana's record sends, as it stands."""
    page = office.get(f"/admin/scheduling/patient/{ana.uuid}/change/", follow=True)
    fields = page.context["adminform"].form
    initial = {name: fields[name].value() for name in fields.fields}
    return {name: value for name, value in initial.items() if value not in (None, False)}


def save(office, patient, form):
    return office.post(f"/admin/scheduling/patient/{patient.uuid}/change/", form)


def test_a_change_at_the_desk_between_reading_and_saving_stays(office, ana, ben, form, monkeypatch):
    """The record is read, the desk makes it a part of another, and then it is saved."""
    read = PatientAdmin.save_form

    def late(self, request, one, change):
        row = read(self, request, one, change)
        # As `merging.merge` leaves it: that has a transaction of its own, and the back office is in one.
        theirs = Patient.objects.filter(pk=ana.pk)
        theirs.update(merged_into=ben, is_active=False, version=F("version") + 1)
        return row

    monkeypatch.setattr(PatientAdmin, "save_form", late)
    assert save(office, ana, form | {"note": "Comes by bus"}).status_code == 302
    stored = Patient.objects.get(pk=ana.pk)
    assert (stored.merged_into, stored.is_active, stored.note) == (ben, False, "Comes by bus")
    assert stored.version == ana.version + 2


def test_what_is_saved_is_a_new_version_and_is_found_by_its_new_name(office, ana, form):
    before = ana.version
    assert save(office, ana, form | {"patient_lastname": "Zubiri"}).status_code == 302
    stored = Patient.objects.get(pk=ana.pk)
    assert (stored.version, stored.patient_lastname) == (before + 1, "Zubiri")
    assert list(Patient.objects.named("zubiri")) == [ana]
    with pytest.raises(patients.StalePatient):
        patients.change(Seen(ana.uuid, before), {"note": "seen before"}, by=None, now=timezone.now())
