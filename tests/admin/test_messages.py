"""How the clinic writes, set by a manager: one row of settings, words by language, and how it all looks."""

from datetime import time

import pytest
import time_machine
from django.contrib.admin.models import LogEntry

from accounts import roles
from scheduling.identity import identity_of
from scheduling.models import (
    Appointment,
    Message,
    MessageSettings,
    MessageWords,
    Notice,
    Patient,
    VisitType,
    VisitTypeWords,
)
from tests import factories
from tests.conftest import NOW, in_role

SETTINGS = "/admin/scheduling/messagesettings/"
WORDS = "/admin/scheduling/messagewords/"
PREVIEW = f"{WORDS}preview/"
TYPED = {"sends_from": "08:30", "sends_until": "21:00", "reminder_days": "7, 1", "asks_pending": "on"}


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_settings_are_one_row_that_is_made_when_it_is_saved(office):
    assert office.get(SETTINGS).url == f"{SETTINGS}add/"
    assert "Save and add another" not in office.get(f"{SETTINGS}add/").content.decode()
    assert not MessageSettings.objects.exists()  # looking wrote nothing
    assert office.post(f"{SETTINGS}add/", TYPED).status_code == 302
    row = MessageSettings.objects.get()
    assert (row.sends_from, row.reminder_days, row.asks_pending) == (time(8, 30), "7, 1", True)
    address = f"{SETTINGS}{identity_of(row)}/change/"
    assert office.get(SETTINGS).url == address
    assert office.get(f"{SETTINGS}add/").status_code == 403
    assert office.get(f"{SETTINGS}{identity_of(row)}/delete/").status_code == 403
    assert office.post(address, TYPED | {"reminder_days": ""}).status_code == 302
    row.refresh_from_db()
    assert row.reminder_days == ""
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(row.pk)] * 2


def test_a_cost_that_no_words_name_is_warned_of(office):
    MessageWords.objects.create(language="es", missed_visit="Cuesta 60 €.")
    typed = TYPED | {"says_what_missing_costs": "on"}
    html = office.post(f"{SETTINGS}add/", typed, follow=True).content.decode()
    assert "Reminders in English do not say what a missed visit costs" in html
    MessageWords.objects.create(language="en", missed_visit="It costs 60 €.")
    address = office.get(SETTINGS).url
    assert "do not say what" not in office.post(address, typed, follow=True).content.decode()


def test_of_two_managers_who_save_the_first_row_at_once_the_second_changes_it(office, monkeypatch):
    monkeypatch.setattr(
        "scheduling.admin.messages.MessageSettingsAdmin.has_add_permission", lambda *asked: True
    )
    for days in ("3", "5"):
        assert office.post(f"{SETTINGS}add/", TYPED | {"reminder_days": days}).status_code == 302
    assert MessageSettings.objects.get().reminder_days == "5"


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"sends_until": "08:30"}, "sends_until"),
        ({"sends_until": "07:00"}, "sends_until"),
        ({"reminder_days": "soon"}, "reminder_days"),
        ({"sends_from": ""}, "sends_from"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(office, typed, beside):
    response = office.post(f"{SETTINGS}add/", TYPED | typed)
    assert list(response.context["adminform"].form.errors) == [beside]
    assert not MessageSettings.objects.exists()


def test_words_are_kept_by_language_and_a_wrong_placeholder_is_said_beside_its_field(office):
    typed = {"language": "es", "greeting": "Buenas, {nombre}:", "how_to_find_us": "Metro Sol\nPiso 2\u200b"}
    response = office.post(f"{WORDS}add/", typed)
    form = response.context["adminform"].form
    assert list(form.errors) == ["greeting"]
    assert "{nombre} is not known. What can be put in: {name}, {clinic}" in response.content.decode()
    assert office.post(f"{WORDS}add/", typed | {"greeting": "Buenas, {name}:"}).status_code == 302
    row = MessageWords.objects.get()
    assert (row.greeting, row.how_to_find_us) == ("Buenas, {name}:", "Metro Sol\nPiso 2")
    again = office.post(f"{WORDS}add/", typed | {"greeting": "Hola"})
    assert list(again.context["adminform"].form.errors) == ["language"]


def test_a_language_that_has_words_keeps_its_name(office):
    row = MessageWords.objects.create(language="es")
    office.post(f"{WORDS}{identity_of(row)}/change/", {"language": "en", "closing": "Adiós"})
    row.refresh_from_db()
    assert (row.language, row.closing) == ("es", "Adiós")


def type_form(**typed):
    return {"name": "Blood test", "minutes": "10", "buffer_minutes": "0", "is_active": "on"} | typed


def test_a_visit_type_has_its_reminders_and_its_words_in_each_language(office):
    typed = {
        "reminder_days": "7, 2",
        "asks_for_answer": "on",
        "how_to_prepare_en": "Do not eat, {name}.",
        "how_to_prepare_es": "En ayunas.\nSin café.",
    }
    assert office.post("/admin/scheduling/visittype/add/", type_form(**typed)).status_code == 302
    kind = VisitType.objects.get()
    assert (kind.reminder_days, kind.asks_for_answer) == ("7, 2", True)
    words = {row.language: row.how_to_prepare for row in VisitTypeWords.objects.all()}
    assert words == {"en": "Do not eat, {name}.", "es": "En ayunas.\nSin café."}
    address = f"/admin/scheduling/visittype/{kind.uuid}/change/"
    form = office.get(address).context["adminform"].form
    assert form["how_to_prepare_en"].value() == "Do not eat, {name}."
    assert office.post(address, type_form(**typed | {"how_to_prepare_es": ""})).status_code == 302
    assert VisitTypeWords.objects.get().language == "en"
    assert "How to prepare (Español)" in office.get(f"{address[:-7]}history/").content.decode()


def test_words_of_a_type_that_are_not_touched_are_not_written(office):
    kind = factories.VisitTypeFactory()
    row = VisitTypeWords.objects.create(visit_type=kind, language="es", how_to_prepare="En ayunas.")
    typed = type_form(name=kind.name, minutes="45", how_to_prepare_es="En ayunas.")
    assert office.post(f"/admin/scheduling/visittype/{kind.uuid}/change/", typed).status_code == 302
    assert VisitTypeWords.objects.get().pk == row.pk


def test_a_wrong_placeholder_of_a_type_is_refused(office):
    response = office.post("/admin/scheduling/visittype/add/", type_form(how_to_prepare_es="{0}"))
    assert list(response.context["adminform"].form.errors) == ["how_to_prepare_es"]
    assert not VisitType.objects.exists()


def test_the_preview_shows_every_kind_as_it_would_be_sent_and_writes_nothing(office, visit):
    kind = factories.VisitTypeFactory(name="Blood test")
    VisitTypeWords.objects.create(visit_type=kind, language="es", how_to_prepare="En ayunas.")
    MessageWords.objects.create(language="es", greeting="Buenas, {name}:")
    page = office.get(PREVIEW, {"language": "es", "type": str(kind.uuid)}).content.decode()
    assert page.count("Buenas, Álex Ejemplo:") == len(Notice.Kind)
    assert page.count("En ayunas.") == 2  # the reminder and the request for an answer
    for subject in ("Su solicitud para", "Su cita del", "Cambio de hora", "Cancelada", "Recordatorio"):
        assert subject in page
    assert page.count("1 message, ") == len(Notice.Kind)
    assert not [name for name in (visit.patient.patient_lastname, visit.doctor.doctor_name) if name in page]
    assert (Appointment.objects.count(), Patient.objects.count()) == (1, 1)
    assert not Message.objects.exists()
    assert not LogEntry.objects.exists()


def test_the_preview_says_which_letters_made_a_text_message_two(office, settings):
    settings.CLINIC_NAME = "Клиника"
    page = office.get(PREVIEW).content.decode()
    assert "2 messages, " in page
    assert "With К л и н к а only 70 characters fit into one." in page


def test_the_page_of_a_mail_may_have_its_own_styles_and_nothing_else(office):
    response = office.get(f"{PREVIEW}moved/en/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src-attr 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert response.content.decode().startswith("<!DOCTYPE html>")
    assert "Your appointment has a new time" in response.content.decode()
    assert "unsafe-inline" not in office.get(PREVIEW)["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["faxed/en/", "moved/fr/", "moved/"])
def test_a_preview_of_nothing_is_not_found(office, address):
    assert office.get(f"{PREVIEW}{address}").status_code == 404


def test_odd_choices_of_the_preview_are_left_out(office):
    for asked in ({"language": "fr"}, {"type": "x"}, {"type": "0" * 32}, {"language": "", "type": ""}):
        assert office.get(PREVIEW, asked).status_code == 200


def test_the_preview_asks_the_same_whatever_there_is(office, django_assert_max_num_queries):
    for number in range(20):
        kind = factories.VisitTypeFactory()
        VisitTypeWords.objects.create(visit_type=kind, language="en", how_to_prepare=f"Rest {number}")
    with django_assert_max_num_queries(12):
        office.get(PREVIEW)


@pytest.mark.parametrize("address", [SETTINGS, f"{SETTINGS}add/", WORDS, PREVIEW, f"{PREVIEW}moved/en/"])
def test_who_may_not_set_words_sees_none(client, db, address):
    user = in_role(factories.UserFactory(is_staff=True), roles.RECEPTIONIST)
    client.force_login(user)
    assert client.get(address).status_code == 403
