"""What people settle for themselves: language, single keys, password."""

import pytest
from django.contrib.messages import get_messages

from accounts.models import User
from scheduling.models import Appointment
from tests.conftest import NOW

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def in_rae(client, rae):
    client.force_login(rae, backend=BACKEND)
    return client


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_language_is_chosen_and_the_answer_speaks_it(in_rae, rae):
    answer = in_rae.post("/account/", {"language": "es", "single_keys": "on"})
    assert (answer.status_code, answer.url) == (302, "/account/")
    assert said(answer) == ["Guardado. Solo vale para usted."]
    rae.refresh_from_db()
    assert (rae.language, rae.single_keys) == ("es", True)
    page = in_rae.get("/account/", headers={"Accept-Language": "en"})
    assert '<html lang="es">' in page.content.decode()
    assert "Mi cuenta" in page.content.decode()


def test_without_a_choice_the_browser_decides(in_rae):
    assert (
        '<html lang="es">' in in_rae.get("/account/", headers={"Accept-Language": "es-AR"}).content.decode()
    )
    assert '<html lang="en">' in in_rae.get("/account/", headers={"Accept-Language": "fr"}).content.decode()


def test_where_the_browser_asks_for_nothing_known_the_clinics_language_holds(in_rae, settings):
    settings.LANGUAGE_CODE = "es"
    assert '<html lang="es">' in in_rae.get("/account/", headers={"Accept-Language": "fr"}).content.decode()


def test_a_language_that_is_no_longer_there_counts_as_none(in_rae, rae):
    User.objects.filter(pk=rae.pk).update(language="xx")
    assert '<html lang="en">' in in_rae.get("/account/").content.decode()


def test_a_patients_page_ignores_the_choice_of_staff(in_rae, rae, osei, ana):
    visit = Appointment.objects.create(
        doctor=osei, patient=ana, appointment_datetime=NOW, minutes=30, created_at=NOW, updated_at=NOW
    )
    User.objects.filter(pk=rae.pk).update(language="es")
    page = in_rae.get(f"/appointment/{visit.uuid}/", headers={"Accept-Language": "en"})
    assert '<html lang="en">' in page.content.decode()


def test_single_keys_are_switched_off(in_rae, rae):
    assert "data-single-keys" not in in_rae.get("/account/").content.decode()
    in_rae.post("/account/", {"language": "browser"})
    assert 'data-single-keys="off"' in in_rae.get("/desk/keys/").content.decode()


@pytest.mark.parametrize("language", ["xx", "en\x00", "e" * 5000])
def test_an_unknown_language_is_refused_and_nothing_is_kept(in_rae, rae, language):
    answer = in_rae.post("/account/", {"language": language})
    assert answer.status_code == 200
    assert answer.context["form"].errors["language"]
    rae.refresh_from_db()
    assert (rae.language, rae.single_keys) == ("", True)


def test_nobody_settles_more_than_that_for_themselves(in_rae, rae):
    in_rae.post("/account/", {"language": "en", "is_superuser": "on", "username": "boss", "is_staff": "on"})
    rae.refresh_from_db()
    assert (rae.username, rae.is_staff, rae.is_superuser) == ("rae", False, False)


def test_a_password_is_changed_and_this_browser_stays_signed_in(in_rae, rae, client):
    new = {"new_password1": "four tall blue lamps", "new_password2": "four tall blue lamps"}
    wrong = in_rae.post("/account/password/", {"old_password": "guess", **new})
    assert wrong.context["form"].errors["old_password"] == ["That is not your current password."]
    answer = in_rae.post("/account/password/", {"old_password": "clinic-demo", **new})
    assert answer.url == "/account/"
    assert said(answer) == ["Your password is changed. Other browsers are signed out."]
    assert in_rae.get("/account/").status_code == 200
    rae.refresh_from_db()
    assert rae.check_password("four tall blue lamps")


def test_a_stranger_has_no_account(client, db):
    assert client.get("/account/").url == "/sign-in/?next=/account/"
    assert client.get("/account/password/").url == "/sign-in/?next=/account/password/"
