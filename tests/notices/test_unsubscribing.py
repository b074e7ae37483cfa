"""Ending reminders by the link of one of them: by a person's button and by a mail program's one click."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from scheduling.booking import merging, patients
from scheduling.booking.seen import Seen
from scheduling.models import ActorKind, Patient, RecordEvent, Source
from scheduling.notices.unsubscribing import address_for, patient_of, token_of
from tests import factories
from tests.conftest import NOW

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


def path_for(patient):
    return address_for(patient.uuid).removeprefix("https://book.clinic.example")


def events(patient):
    return RecordEvent.objects.filter(subject_uuid=patient.uuid)


def test_a_get_shows_one_button_and_writes_nothing(client, ana, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get(path_for(ana))
    page = response.content.decode()
    assert page.count("<button") == 1
    assert "Send me no more reminders" in page
    assert (Patient.objects.get(pk=ana.pk).wants_reminders, events(ana).count()) == (True, 0)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_page_names_nobody(client, ana, osei):
    for response in (client.get(path_for(ana)), client.post(path_for(ana))):
        page = response.content.decode()
        assert not [name for name in ("Ana", "Souza", str(ana.uuid), "Osei") if name in page]


def test_a_mail_programs_post_without_cookie_or_token_is_enough(ana):
    client = Client(enforce_csrf_checks=True)
    response = client.post(path_for(ana), ONE_CLICK)
    assert response.status_code == 200  # no redirect: mail programs do not follow them (RFC 8058)
    assert not Patient.objects.get(pk=ana.pk).wants_reminders
    event = events(ana).get()
    assert (event.before, event.after) == ({"wants_reminders": True}, {"wants_reminders": False})
    assert (event.kind, event.actor, event.channel, event.at) == (
        RecordEvent.Kind.CHANGED,
        ActorKind.PATIENT,
        Source.PATIENT,
        NOW,
    )


def test_asked_twice_nothing_happens_the_second_time(client, ana):
    for _time in range(2):
        assert "No more reminders" in client.post(path_for(ana)).content.decode()
    assert events(ana).count() == 1
    assert Patient.objects.get(pk=ana.pk).version == ana.version + 1


def test_it_is_the_record_that_stands_for_a_merged_one(client, ana, rae):
    twin = factories.PatientFactory(patient_name="Ana", patient_lastname="Souza Prieto")
    merging.merge(Seen(ana.uuid, ana.version), Seen(twin.uuid, twin.version), {}, by=rae, now=NOW)
    client.post(path_for(twin))
    assert not Patient.objects.get(pk=ana.pk).wants_reminders


def test_links_that_were_not_made_here_are_not_found_alike(client, ana, settings):
    good = token_of(ana.uuid)
    others = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        str(ana.uuid),
        ana.uuid.hex,
        f"{uuid4().hex}.{good.partition('.')[2]}",
        token_of(uuid4()),  # signed, and of nobody
        "x",
    ]
    pages = set()
    for token in others:
        for send in (client.get, client.post):
            response = send(f"/appointment/reminders/{token}/")
            assert response.status_code == 404, token
            pages.add(response.content)
    assert len(pages) == 1
    assert Patient.objects.get(pk=ana.pk).wants_reminders
    settings.SECRET_KEY = "another"
    assert patient_of(good) is None
    settings.SECRET_KEY_FALLBACKS = ["for-tests-only-8Jt2mQfVb0xYw4sLr6nKd9cHzPaE7uGi3oTk1XyBvNqMl5Wj"]
    assert patient_of(good) == ana.uuid


def test_a_wrong_link_asks_the_database_nothing(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/appointment/reminders/abc.def/").status_code == 404


def test_the_page_speaks_the_patients_language_whatever_the_browser_prefers(client, ana):
    Patient.objects.filter(pk=ana.pk).update(language="es")
    response = client.get(path_for(ana), headers={"Accept-Language": "en"})
    assert "No me envíen más recordatorios" in response.content.decode()
    assert 'lang="es"' in response.content.decode()
    assert response["Content-Language"] == "es"
    Patient.objects.filter(pk=ana.pk).update(language="")
    response = client.get(path_for(ana), headers={"Accept-Language": "es"})
    assert "No me envíen más recordatorios" in response.content.decode()


def test_opened_again_it_says_that_it_is_done_already(client, ana, rae):
    client.post(path_for(ana))
    page = client.get(path_for(ana)).content.decode()
    assert "You no longer get reminders" in page
    assert "<button" not in page
    twin = factories.PatientFactory(patient_name="Ana", patient_lastname="Souza Prieto")
    ana.refresh_from_db()
    merging.merge(Seen(ana.uuid, ana.version), Seen(twin.uuid, twin.version), {}, by=rae, now=NOW)
    assert "You no longer get reminders" in client.get(path_for(twin)).content.decode()


def test_a_record_is_asked_to_be_reminded_again_at_the_desk(client, ana, rae):
    patients.end_reminders(ana.uuid, now=NOW)
    client.force_login(rae)
    page = client.get(f"/desk/patients/{ana.uuid}/").content.decode()
    assert "not wanted" in page
