"""A patient's page is opened by the link of a message or a date of birth, and by nothing else."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from scheduling.booking import merging
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, MessageSettings, Status
from scheduling.notices.opening import address_for, token_of
from tests import factories
from tests.booking.asking import booked, corrected
from tests.conftest import NOW, madrid

START = madrid("2026-03-03 10:00")
SECRET = "Results of the echo"
NAME = "Zoë Quintanilla"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def zoe(db):
    return factories.PatientFactory(
        patient_name="Zoë", patient_lastname="Quintanilla", date_of_birth=date(1985, 5, 12)
    )


@pytest.fixture
def visit(osei, zoe, checkup):
    return booked(osei, zoe, checkup, START, description=SECRET, status=Status.CONFIRMED)


def here(visit):
    return f"/appointment/{visit.uuid}/"


def link(visit, patient):
    return address_for(visit.uuid, patient.uuid).removeprefix("https://book.clinic.example")


def page(client, visit):
    response = client.get(here(visit))
    assert response.status_code == 200
    return response.content.decode()


def is_open(client, visit):
    return NAME in page(client, visit)


def typed(client, visit, born="12.5.1985", **more):
    return client.post(f"{here(visit)}open/", {"date_of_birth": born}, **more)


def stored():
    models = [*apps.get_app_config("scheduling").get_models(), *apps.get_app_config("sessions").get_models()]
    return {model: list(model.objects.order_by("pk").values()) for model in models}


# -- By a link --------------------------------------------------------------------------


def test_a_link_is_swapped_for_a_cookie_and_is_gone_from_the_address(client, visit, zoe, settings):
    settings.SESSION_COOKIE_SECURE = True
    response = client.get(link(visit, zoe))
    assert (response.status_code, response.url) == (302, here(visit))
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-store"
    cookie = response.cookies["openedvisit"]
    assert (cookie["path"], cookie["max-age"], cookie["samesite"]) == (here(visit), 1800, "Lax")
    assert cookie["httponly"] and cookie["secure"]
    html = page(client, visit)
    assert NAME in html
    assert "until 08:30" in html
    assert token_of(visit.uuid, zoe.uuid) not in html


def test_a_scanner_that_follows_links_changes_nothing(visit, zoe):
    before = stored()
    for _ in range(2):
        scanner = Client()
        for address in (link(visit, zoe), here(visit), f"{here(visit)}open/", f"{here(visit)}calendar.ics"):
            assert scanner.head(address).status_code in {200, 302}
            assert scanner.get(address).status_code in {200, 302}
    assert stored() == before
    assert not is_open(Client(), visit)


def of_another_visit(visit, zoe, osei, checkup):
    other = booked(osei, zoe, checkup, "2026-03-04 10:00")
    return token_of(other.uuid, zoe.uuid)


BAD = {
    "tampered": lambda visit, zoe, *_: "A" + token_of(visit.uuid, zoe.uuid)[1:],
    "cut": lambda visit, zoe, *_: token_of(visit.uuid, zoe.uuid)[:-1],
    "longer": lambda visit, zoe, *_: token_of(visit.uuid, zoe.uuid) + "A",
    "of another visit": of_another_visit,
    "of another patient": lambda visit, zoe, *_: token_of(visit.uuid, factories.PatientFactory().uuid),
    "the visit's name": lambda visit, *_: str(visit.uuid),
    "other letters": lambda *_: "ñ💊",
    "signed with another secret": lambda visit, zoe, *_: token_of(visit.uuid, zoe.uuid, secret="x" * 50),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_link_that_does_not_fit_leads_to_the_page_and_opens_nothing(client, visit, zoe, osei, checkup, bad):
    response = client.get(f"{here(visit)}open/{BAD[bad](visit, zoe, osei, checkup)}/")
    assert (response.status_code, response.url) == (302, f"{here(visit)}?link=old")
    assert not response.cookies
    html = client.get(response.url).content.decode()
    assert "The link that you followed no longer opens this appointment." in html
    assert NAME not in html


def test_a_link_is_good_until_a_day_after_the_visit_and_not_when_it_is_replayed_later(client, visit, zoe):
    end = START + timedelta(minutes=30) + timedelta(days=1)
    for at, opens in ((end - timedelta(seconds=1), True), (end, False), (end + timedelta(days=400), False)):
        with time_machine.travel(at, tick=False):
            browser = Client()
            browser.get(link(visit, zoe))
            assert is_open(browser, visit) is opens


def test_a_link_of_a_secret_before_this_one_is_good(client, visit, zoe, settings):
    old = link(visit, zoe)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 50
    client.get(old)
    assert is_open(client, visit)
    settings.SECRET_KEY_FALLBACKS = []
    assert Client().get(old).url == f"{here(visit)}?link=old"


def test_who_is_no_longer_the_visits_patient_sees_nothing_of_it_not_even_on_an_open_page(
    client, visit, zoe, ben
):
    client.get(link(visit, zoe))
    assert is_open(client, visit)
    corrected(visit, NOW, patient=ben)
    html = page(client, visit)
    assert "Okafor" not in html
    assert NAME not in html
    assert client.get(link(visit, zoe)).url == f"{here(visit)}?link=old"


def test_a_link_of_a_record_that_was_merged_into_another_is_good(client, visit, zoe, ben, rae):
    old = link(visit, zoe)
    client.get(old)
    for kept, gone in ((ben, zoe), (factories.PatientFactory(patient_lastname="Third"), ben)):
        for record in (kept, gone):
            record.refresh_from_db()
        merging.merge(Seen(kept.uuid, kept.version), Seen(gone.uuid, gone.version), {}, by=rae, now=NOW)
    assert "Third" in page(client, visit)
    again = Client()
    again.get(old)
    assert "Third" in page(again, visit)


def test_a_link_opens_its_visit_alone(client, visit, zoe, osei, checkup):
    other = booked(osei, zoe, checkup, "2026-03-04 10:00")
    client.get(link(visit, zoe))
    assert here(other) not in page(client, visit)
    assert not is_open(client, other)


# -- By a date of birth ------------------------------------------------------------------


@pytest.mark.parametrize("born", ["12.5.1985", "12 05 85", "1985-05-12", "12 de mayo de 1985", "12051985"])
def test_a_date_of_birth_opens_the_page_however_it_is_written(client, visit, born):
    response = typed(client, visit, born)
    assert (response.status_code, response.url) == (302, here(visit))
    cookie = response.cookies["openedperson"]
    assert (cookie["path"], cookie["max-age"], bool(cookie["httponly"])) == ("/appointment/", 1800, True)
    assert is_open(client, visit)


def test_it_opens_the_visits_to_come_of_the_same_person_and_no_others(
    client, visit, zoe, ben, osei, lind, checkup
):
    others = [booked(osei, zoe, checkup, "2026-03-04 10:00"), booked(lind, zoe, checkup, "2026-03-04 12:00")]
    over = booked(osei, zoe, checkup, "2026-03-04 11:00")
    Appointment.objects.filter(pk=over.pk).update(status=Status.CANCELLED)
    bens = booked(osei, ben, checkup, "2026-03-04 12:00")
    typed(client, visit)
    html = page(client, visit)
    assert re.findall(r'<a href="(/appointment/[^"]+/)"', html) == [here(other) for other in others]
    assert all(is_open(client, other) for other in others)
    assert "Okafor" not in page(client, bens)


def test_what_is_no_date_is_said_and_not_counted(client, visit):
    for _ in range(6):
        html = typed(client, visit, "yesterday").content.decode()
        assert "“yesterday” is not a date." in html
    assert "cannot be in the future" in typed(client, visit, "1.1.2030").content.decode()
    typed(client, visit)
    assert is_open(client, visit)


def test_a_form_without_its_token_is_refused(visit):
    strict = Client(enforce_csrf_checks=True)
    assert typed(strict, visit).status_code == 403
    assert not is_open(strict, visit)
    html = page(strict, visit)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
    strict.post(f"{here(visit)}open/", {"date_of_birth": "12.5.1985", "csrfmiddlewaretoken": token})
    assert is_open(strict, visit)


def without_what_always_differs(response, uuid):
    html = response.content.decode().replace(str(uuid), "UUID")
    html = re.sub(r'(name="csrfmiddlewaretoken" value=")\w{64}"', r"\1", html)
    headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
    cookies = {name: len(morsel.value) for name, morsel in response.cookies.items()}
    return response.status_code, html, headers, len(response.content), cookies


def test_fifty_visits_known_or_not_locked_or_not_answer_alike(visit, osei, ana, checkup):
    """A prober learns from no answer to a wrong date whether there is such a visit, or such a patient."""
    without_a_date = booked(osei, ana, checkup, "2026-03-04 10:00")
    known = [visit.uuid, without_a_date.uuid]
    answers = set()
    for number, uuid in enumerate([*known, *(uuid4() for _ in range(48))]):
        for trial in range(7 if number < 4 else 1):  # five, and two that are locked
            address = f"192.0.{number}.{trial + 1}"
            response = Client(REMOTE_ADDR=address).post(
                f"/appointment/{uuid}/open/", {"date_of_birth": "1.1.1950"}
            )
            answers.add(repr(without_what_always_differs(response, uuid)))
    locked = Client(REMOTE_ADDR="192.0.2.200").post(
        f"/appointment/{visit.uuid}/open/", {"date_of_birth": "1.1.1950"}
    )
    answers.add(repr(without_what_always_differs(locked, visit.uuid)))
    assert len(answers) == 1
    assert "That did not open it" in answers.pop()


def test_the_page_with_the_form_asks_nothing_of_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(f"/appointment/{uuid4()}/open/").status_code == 200


def test_a_locked_visit_stays_shut_for_the_right_date_and_says_why(client, visit):
    for _ in range(5):
        typed(client, visit, "1.1.1950")
    html = " ".join(typed(client, visit).content.decode().split())
    assert "after 5 dates that do not fit it stays closed for 15 minutes" in html
    assert not is_open(client, visit)
    with time_machine.travel(NOW + timedelta(minutes=15), tick=False):
        typed(client, visit)
        assert is_open(client, visit)


def test_addresses_behind_a_proxy_are_counted_apart(client, visit, settings):
    settings.TRUSTED_PROXIES = 1
    for _ in range(5):
        client.post(
            f"/appointment/{uuid4()}/open/",
            {"date_of_birth": "1.1.1950"},
            headers={"X-Forwarded-For": "192.0.2.1"},
        )
    typed(client, visit, headers={"X-Forwarded-For": "192.0.2.1"})
    assert not is_open(client, visit)
    typed(client, visit, headers={"X-Forwarded-For": "192.0.2.2"})
    assert is_open(client, visit)


# -- Open, and closed again --------------------------------------------------------------


def test_a_page_closes_by_itself_after_half_an_hour(client, visit, zoe):
    client.get(link(visit, zoe))
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    for later, opens in ((timedelta(minutes=29, seconds=59), True), (timedelta(minutes=30), False)):
        with time_machine.travel(NOW + later, tick=False):
            browser = Client()
            browser.cookies.load(kept)  # one that keeps a cookie longer than it was told to
            assert is_open(browser, visit) is opens


def test_a_button_closes_it_and_a_link_does_not(client, visit, zoe):
    client.get(link(visit, zoe))
    typed(client, visit)
    assert client.get(f"{here(visit)}close/").status_code == 405
    assert is_open(client, visit)
    response = client.post(f"{here(visit)}close/")
    assert (response.status_code, response.url) == (302, here(visit))
    assert not is_open(client, visit)


def test_a_cookie_that_was_not_made_here_opens_nothing(client, visit, zoe, ben, osei, checkup):
    other = booked(osei, ben, checkup, "2026-03-04 10:00")
    client.get(link(other, ben))
    bens = client.cookies["openedvisit"].value
    for name in ("openedvisit", "openedperson"):
        for value in (bens, bens[:-1], "x", "", f"person-{visit.uuid.hex}-{zoe.uuid.hex}-99999999999"):
            browser = Client()
            browser.cookies[name] = value
            assert not is_open(browser, visit)
            if value != bens:
                assert "Okafor" not in page(browser, other)
    browser = Client()
    browser.cookies["openedperson"] = bens  # of one visit, as if it were of the person
    assert "Okafor" not in page(browser, other)


def test_the_reason_is_shown_to_who_opened_the_page_where_the_clinic_allows_it(client, visit, zoe):
    client.get(link(visit, zoe))
    assert SECRET not in page(client, visit)
    MessageSettings.objects.create(shows_reason=True)
    assert SECRET in page(client, visit)
    assert SECRET not in page(Client(), visit)


def test_the_title_the_address_and_the_headers_of_an_open_page_name_nobody(client, visit):
    typed(client, visit)
    response = client.get(here(visit))
    html = response.content.decode()
    assert re.search("<title>(.*?)</title>", html)[1] == "Your appointment · Clínica San Telmo"
    assert "Zo" not in str(response.headers)
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
    assert "<script" not in html
    assert len(response.content) < 10_000


def test_an_open_page_asks_a_constant_number_of_things(
    client, visit, zoe, osei, checkup, django_assert_num_queries
):
    client.get(link(visit, zoe))
    with django_assert_num_queries(5):
        page(client, visit)
    typed(client, visit)
    for hour in range(10, 14):
        with django_assert_num_queries(6):
            page(client, visit)
        booked(osei, zoe, checkup, f"2026-03-05 {hour}:00")


def test_the_chosen_language_goes_along(client, visit, zoe):
    response = client.get(f"{link(visit, zoe)}?language=es")
    assert response.url == f"{here(visit)}?language=es"
    html = client.get(response.url).content.decode()
    assert f'action="{here(visit)}close/?language=es"' in html
    wrong = client.post(f"{here(visit)}open/?language=es", {"date_of_birth": "1.1.1950"})
    assert '<html lang="es">' in wrong.content.decode()
    right = client.post(f"{here(visit)}open/?language=es", {"date_of_birth": "12.5.1985"})
    assert right.url == f"{here(visit)}?language=es"
