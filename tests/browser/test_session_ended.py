"""The session ends in the middle of a booking."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import Appointment

pytestmark = pytest.mark.browser


@pytest.fixture
def tuesday():
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday() + 1)


def fill_in(page, osei, tuesday):
    page.goto(f"/desk/book/?doctor={osei.uuid}&start={tuesday}T11:30")
    page.get_by_label("Find the patient").fill("ana")
    page.get_by_label("Find the patient").press("Enter")
    page.get_by_role("radio", name="Ana Souza Prieto").check()
    page.get_by_label("Reason").fill("Short of breath on stairs")


def sign_in(page):
    page.get_by_label("User name").fill("rae")
    page.get_by_label("Password").fill("clinic-demo")
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_booking_that_met_the_end_of_the_session_is_shown_again_and_booked(
    new_context,
    signed_in,
    axe,
    rae,
    osei,
    ana,
    checkup,
    tuesday,
    scripts,
):
    page = signed_in(new_context(java_script_enabled=scripts).new_page(), rae)
    fill_in(page, osei, tuesday)
    Session.objects.all().delete()
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out")
    if scripts:
        axe(page)
    sign_in(page)
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was saved")
    expect(page.get_by_role("radio", name="Ana Souza Prieto")).to_be_checked()
    expect(page.get_by_label("Reason")).to_have_value("Short of breath on stairs")
    expect(page.get_by_label("Time", exact=True)).to_have_value("11:30")
    assert not Appointment.objects.exists()
    if scripts:
        axe(page)
        assert "/sign-in/" not in page.url
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Ana Souza Prieto")
    assert Appointment.objects.get().description == "Short of breath on stairs"


def test_a_part_that_is_refused_says_so_and_the_page_stays(
    new_context,
    signed_in,
    axe,
    rae,
    osei,
    ana,
    checkup,
    tuesday,
):
    context = new_context()
    page = signed_in(context.new_page(), rae)
    fill_in(page, osei, tuesday)
    Session.objects.all().delete()
    page.get_by_label("Time", exact=True).fill("12:00")
    page.get_by_label("Time", exact=True).press("Tab")
    notice = page.get_by_role("alert").filter(has_text="You have been signed out")
    expect(notice).to_be_visible()
    axe(page)
    with context.expect_page() as opened:
        notice.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value)
    opened.value.wait_for_url("**/desk/day/**")
    # The sign-in gave forms a new token: sent with the old one, the page is shown again, with everything.
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_label("Time", exact=True)).to_have_value("12:00")
    expect(page.get_by_label("Reason")).to_have_value("Short of breath on stairs")
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Ana Souza Prieto")
    assert timezone.localtime(Appointment.objects.get().appointment_datetime).hour == 12
