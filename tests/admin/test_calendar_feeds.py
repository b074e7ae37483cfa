"""Addresses of a doctor's calendar in the back office: shown once, listed, revoked."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from scheduling.booking import feeds
from scheduling.models import CalendarFeed, RecordEvent
from tests import factories
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here(osei):
    return f"/admin/scheduling/doctor/{osei.uuid}/calendars/"


def sealed_in(page):
    return re.search(r'name="sealed" value="([^"]+)"', page.content.decode())[1]


def address_in(page):
    found = re.search(r"http://testserver(/calendar/[\w-]{43}\.ics)", page.content.decode())
    return found and found[1]


def test_an_address_is_made_and_shown_once(office, osei, here, client):
    page = office.get(here)
    assert address_in(page) is None
    made = office.post(here, {"sealed": sealed_in(page)})
    address = address_in(made)
    assert made["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert client.get(address).status_code == 200
    feed = CalendarFeed.objects.get()
    assert (feed.doctor, feed.shows_names, feed.created_at) == (osei, False, NOW)
    assert address_in(office.get(here)) is None
    assert "Max Thorn" in office.get(here).content.decode()
    assert RecordEvent.objects.get().kind == "calendar_shared"
    assert str(feed.uuid) in LogEntry.objects.get().change_message


def test_the_page_says_that_it_is_not_for_today(office, here):
    text = " ".join(office.get(here).content.decode().split())
    assert "It is not for today." in text
    assert "Google after 8 to 24 hours, Apple after up to a day." in text


def test_a_form_that_is_sent_twice_makes_one_address(office, here):
    form = {"sealed": sealed_in(office.get(here)), "shows_names": "on"}
    both = [office.post(here, form) for _ in range(2)]
    assert address_in(both[0]) == address_in(both[1]) is not None
    assert CalendarFeed.objects.get().shows_names
    assert (RecordEvent.objects.count(), LogEntry.objects.count()) == (1, 2)
    # The form on that page is for another one.
    office.post(here, {"sealed": sealed_in(both[1])})
    assert CalendarFeed.objects.count() == 2


@pytest.mark.parametrize("sealed", ["", "guessed", "ImEi:1w:x"])
def test_a_secret_that_somebody_made_up_is_not_taken(office, here, sealed):
    page = office.post(here, {"sealed": sealed})
    assert (page.status_code, address_in(page), CalendarFeed.objects.count()) == (200, None, 0)


def test_a_form_of_another_doctor_or_of_yesterday_is_not_taken_and_a_new_one_is_there(office, here, lind):
    other = sealed_in(office.get(f"/admin/scheduling/doctor/{lind.uuid}/calendars/"))
    old = sealed_in(office.get(here))
    assert address_in(office.post(here, {"sealed": other})) is None
    with time_machine.travel(NOW + timedelta(hours=8, seconds=2), tick=False):
        office.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
        page = office.post(here, {"sealed": old})
        assert "This page was open for too long. Press the button again." in page.content.decode()
        assert CalendarFeed.objects.count() == 0
        assert address_in(office.post(here, {"sealed": sealed_in(page)})) is not None


def test_revoking_asks_first_and_is_written_down(office, osei, max_, here, client):
    address = address_in(office.post(here, {"sealed": sealed_in(office.get(here))}))
    feed = CalendarFeed.objects.get()
    page = f"{here}{feed.uuid}/revoke/"
    assert page in office.get(here).content.decode()
    assert "This cannot be taken back" in office.get(page).content.decode()
    assert client.get(address).status_code == 200
    assert office.post(page).url == here
    assert client.get(address).status_code == 404
    assert page not in office.get(here).content.decode()
    told = RecordEvent.objects.order_by("pk").last()
    assert (told.kind, told.by, told.subject_uuid) == ("calendar_revoked", max_, osei.uuid)
    office.post(page)
    assert RecordEvent.objects.count() == 2


def test_a_form_sent_again_after_its_address_was_revoked_shows_none(office, here, max_):
    form = {"sealed": sealed_in(office.get(here))}
    office.post(here, form)
    feeds.revoke(CalendarFeed.objects.get(), by=max_, now=NOW)
    assert address_in(office.post(here, form)) is None
    assert CalendarFeed.objects.count() == 1


def test_who_has_not_the_right_finds_neither_the_pages_nor_the_way_there(client, osei, lind, max_, here):
    plain = factories.UserFactory(is_staff=True)
    plain.user_permissions.add(*Permission.objects.filter(codename__in=["view_doctor", "change_doctor"]))
    feed = feeds.make(osei, feeds.new_secret(), shows_names=False, by=max_, now=NOW)
    change = f"/admin/scheduling/doctor/{osei.uuid}/change/"
    client.force_login(max_)
    assert here in client.get(change).content.decode()
    # Of another doctor it isn't.
    assert (
        client.get(f"/admin/scheduling/doctor/{lind.uuid}/calendars/{feed.uuid}/revoke/").status_code == 404
    )
    client.force_login(plain)
    assert here not in client.get(change).content.decode()
    for page in (here, f"{here}{feed.uuid}/revoke/"):
        assert client.get(page).status_code == client.post(page).status_code == 404
    assert CalendarFeed.objects.in_use().count() == 1
    client.logout()
    assert client.get(here).url.startswith("/admin/login/")


def test_who_may_not_read_patients_gives_no_names_away(client, osei, here):
    plain = factories.UserFactory(is_staff=True)
    plain.user_permissions.add(*Permission.objects.filter(codename__in=["view_doctor", "share_calendar"]))
    client.force_login(plain)
    page = client.get(here)
    assert 'name="shows_names"' not in page.content.decode()
    client.post(here, {"sealed": sealed_in(page), "shows_names": "on"})
    assert not CalendarFeed.objects.get().shows_names


def test_the_list_costs_the_same_with_many_addresses(office, osei, max_, here, django_assert_max_num_queries):
    for count in (1, 30):
        for _ in range(count):
            feeds.make(osei, feeds.new_secret(), shows_names=False, by=max_, now=NOW)
        with django_assert_max_num_queries(7):
            office.get(here)
