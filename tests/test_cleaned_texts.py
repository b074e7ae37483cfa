"""The migration that cleans stored texts, on each database."""

from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection

from accounts.models import User
from scheduling.booking import search_words
from scheduling.booking.actions import book
from scheduling.models import (
    Appointment,
    AppointmentEvent,
    Doctor,
    Patient,
    RecordEvent,
    SearchWord,
    Specialty,
    TimeOff,
    VisitType,
)
from tests.booking.asking import wish
from tests.conftest import NOW, madrid

MIGRATION = import_module("scheduling.migrations.0022_texts_without_what_nobody_sees")


def migrate():
    editor = SimpleNamespace(connection=connection)
    for step in (
        MIGRATION.clean_names,
        MIGRATION.clean_visits,
        MIGRATION.clean_patients,
        MIGRATION.write_words,
    ):
        step(apps, editor)


def test_the_migration_mends_what_is_stored_and_keeps_each_original(client, rae, osei, ana, ben, checkup):
    made = book(wish(osei, ana, checkup, "2026-03-03 10:00"), by=rae, now=NOW)
    Appointment.objects.update(description="Kn\u200bee\nleft", overbook_reason="a\x1bb")
    Patient.objects.filter(pk=ana.pk).update(patient_name="Hel\u200bena", note="a\u202e\nb", search_key="x")
    Patient.objects.filter(pk=ben.pk).update(patient_name="\u200b", patient_lastname="\u3164")
    Doctor.objects.update(doctor_name="Dr\nOsei")
    Specialty.objects.update(specialty_name="\u200b")
    VisitType.objects.create(name="Foot care")
    VisitType.objects.filter(pk=checkup.pk).update(name="Foot\ncare\u202e")
    User.objects.filter(pk=rae.pk).update(first_name="R\u00adae")
    span = {"starts_at": madrid("2026-03-04 10:00"), "ends_at": madrid("2026-03-04 11:00")}
    TimeOff.objects.create(doctor=osei, reason="Congress\u200b", **span)
    SearchWord.objects.all().delete()
    migrate()
    ana.refresh_from_db()
    ben.refresh_from_db()
    made.refresh_from_db()
    assert (ana.patient_name, ana.note, ana.search_key, ana.version) == (
        "Helena",
        "a\nb",
        "helena souza prieto",
        2,
    )
    assert (ben.patient_name, ben.patient_lastname, ben.needs_review) == ("", "", True)
    assert (made.description, made.overbook_reason, made.version) == ("Knee\nleft", "ab", 2)
    assert Doctor.objects.get().doctor_name == "Dr Osei"
    assert Specialty.objects.get().specialty_name == "?"
    assert set(VisitType.objects.values_list("name", flat=True)) == {"Foot care", "Foot care (2)"}
    assert User.objects.get(pk=rae.pk).first_name == "Rae"
    assert TimeOff.objects.get().reason == "Congress"
    event = AppointmentEvent.objects.get(kind="cleaned")
    assert event.before == {"description": "Kn\u200bee\nleft", "overbook_reason": "a\x1bb"}
    client.force_login(rae)
    page = client.get(f"/desk/appointments/{made.uuid}/").content.decode()
    assert "Characters that nobody sees were taken out of its texts." in page
    told = RecordEvent.objects.get(subject_uuid=ana.uuid, kind="changed")
    assert told.before == {"patient_name": "Hel\u200bena", "note": "a\u202e\nb"}
    originals = [before for before in RecordEvent.objects.values_list("before", flat=True) if before]
    assert {"doctor_name": "Dr\nOsei"} in originals and {"specialty_name": "\u200b"} in originals
    assert {"row": "User rae", "first_name": "R\u00adae"} in originals
    assert search_words.wrong() == []
    before = (RecordEvent.objects.count(), AppointmentEvent.objects.count())
    migrate()  # again, as after it was cut off
    assert (RecordEvent.objects.count(), AppointmentEvent.objects.count()) == before
