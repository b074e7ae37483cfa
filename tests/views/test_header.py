"""The frame of every page for staff."""

import re

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string

from scheduling.booking.rights import rights_of
from scheduling.models import Flag, Job
from scheduling.views.context import COUNT, forget_attention_count
from tests.booking.asking import booked
from tests.conftest import NOW
from tests.messages import TEXT, sent


def count_in(response):
    found = re.search(r'<span class="count">(\d+)</span>', response.content.decode())
    return int(found[1]) if found else None


def flag(patient):
    return Flag.objects.create(kind=Flag.Kind.NAME_NOT_SPLIT, patient=patient, created_at=NOW)


def test_the_header_counts_what_waits_to_be_looked_at(client, rae, ana, ben):
    client.force_login(rae)
    assert count_in(client.get("/desk/keys/")) is None
    flag(ana), flag(ben)
    forget_attention_count()
    page = client.get("/desk/keys/")
    assert count_in(page) == 2
    assert "2 to look at" in page.content.decode()


def test_the_count_costs_a_page_nothing_while_it_is_known(client, rae, ana, django_assert_num_queries):
    client.force_login(rae)
    flag(ana)
    # Session, person; doubts, pending, switched off, messages, replies, doctors (none: no hours to read).
    with django_assert_num_queries(8):
        client.get("/desk/keys/")
    with django_assert_num_queries(2):
        assert count_in(client.get("/desk/keys/")) == 1


def test_nobody_without_a_desk_causes_it_to_be_counted(client, db):
    from tests import factories

    client.force_login(factories.UserFactory())
    client.get("/")
    assert cache.get(COUNT) is None


def test_every_key_of_the_header_is_in_the_list_of_keys(client, rae):
    client.force_login(rae)
    header = client.get("/desk/keys/").content.decode().partition("</header>")[0]
    keys = set(re.findall(r'aria-keyshortcuts="([^"]+)"', header))
    assert {"t", "n"} <= keys
    groups = render_to_string("components/key_groups.html", {"rights": rights_of(rae), "level": 2})
    listed = set(re.findall(r"<kbd>([^<]+)</kbd>", groups))
    assert {key.upper() for key in keys} <= listed


def test_a_page_makes_one_token_against_forged_requests(client, rae):
    client.force_login(rae)
    page = client.get("/desk/book/?new=1").content.decode()
    in_forms = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    in_scripts = re.findall(r'data-token="([^"]+)"', page)
    assert len(in_forms) == 3 and len(in_scripts) == 1
    assert len({*in_forms, *in_scripts}) == 1


@pytest.fixture
def nobody_sends(settings, db):
    settings.NOTICE_CHANNELS = ["email"]
    Job.objects.create(name="send_messages", due_at=NOW, succeeded_at=NOW)


def test_staff_see_on_every_page_that_messages_do_not_go_out(client, rae, nobody_sends):
    client.force_login(rae)
    for address in ("/desk/keys/", "/desk/patients/", "/account/"):
        page = client.get(address).content.decode()
        assert "Messages to patients do not go out" in page, address
        assert "Tell a manager." in page
        assert "/admin/scheduling/job/" not in page


def test_a_manager_is_led_to_the_jobs(client, max_, nobody_sends):
    client.force_login(max_)
    assert 'href="/admin/scheduling/job/"' in client.get("/desk/keys/").content.decode()


def test_nobody_else_is_told_of_it(client, nobody_sends):
    assert "Messages to patients" not in client.get("/").content.decode()


def test_the_warning_costs_a_page_nothing_for_a_minute(client, rae, nobody_sends, django_assert_num_queries):
    client.force_login(rae)
    client.get("/desk/keys/")
    with django_assert_num_queries(2):
        assert "Messages to patients" in client.get("/desk/keys/").content.decode()


def test_where_the_program_is_worked_on_the_last_messages_have_a_page(
    client, rae, settings, osei, ana, checkup
):
    sent(booked(osei, ana, checkup, "2026-03-09 10:00"))
    client.force_login(rae)
    assert client.get("/messages/").status_code == 404
    settings.DEBUG = True
    assert TEXT in client.get("/messages/").content.decode()
