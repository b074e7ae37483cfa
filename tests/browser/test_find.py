"""Rae finds a time: by keyboard, without scripts, on a phone, and where nothing is free."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import Appointment

pytestmark = pytest.mark.browser


@pytest.fixture
def monday():
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday())


@pytest.fixture
def at_desk(page, signed_in, rae, osei, lind, ana, checkup):
    return signed_in(page, rae)


def test_from_wishes_to_the_confirmation(at_desk, axe, ana, monday):
    page = at_desk
    page.goto(f"/desk/find/?patient={ana.uuid}")
    expect(page.get_by_text("For Ana Souza Prieto")).to_be_visible()
    axe(page)
    page.get_by_label("Doctor").first.select_option(label="Dr Per Lind · Cardiology")
    page.get_by_role("textbox", name="From").fill(monday.isoformat())
    page.get_by_role("checkbox", name="Thu").check()
    page.get_by_role("radio", name="Morning").check()
    page.keyboard.press("Enter")
    thursday = monday + timedelta(days=3)
    spoken = f"{thursday:%a} {thursday.day} {thursday:%B}"
    first = page.get_by_role("link", name=f"09:00 with Dr Per Lind, Cardiology, 30 min, {spoken}")
    expect(first).to_be_focused()
    expect(page.get_by_role("checkbox", name="Thu")).to_be_checked()
    axe(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Book {spoken}, 09:30")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Ana Souza Prieto")
    assert Appointment.objects.get().doctor.doctor_name == "Dr Per Lind"


def test_nothing_free_says_why_and_leads_on(at_desk, axe, osei, monday):
    page = at_desk
    page.goto(f"/desk/find/?doctor={osei.uuid}")
    page.get_by_role("checkbox", name="Sun").check()
    page.get_by_role("button", name="Find times").click()
    expect(page.get_by_text("Dr Ama Osei does not work at the times you asked for.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Show every weekday").click()
    expect(page.locator(".starts a").first).to_be_focused()
    last = page.locator(".starts a").last.get_attribute("href")
    page.get_by_role("link", name="Show later ones").click()
    expect(page.locator(".starts a").first).not_to_have_attribute("href", last)


def test_why_a_time_is_not_free(at_desk, axe, osei, monday):
    page = at_desk
    page.goto("/desk/find/")
    ask = page.get_by_role("region", name="Why is this time not free?")
    ask.get_by_label("Doctor").select_option(label="Dr Ama Osei · Cardiology")
    ask.get_by_label("Day").fill(monday.isoformat())
    ask.get_by_label("Time").fill("0700")
    ask.get_by_label("Time").press("Enter")
    expect(ask.locator(".answer")).to_contain_text("Dr Ama Osei does not work for the whole of this time.")
    axe(page)


def test_nothing_is_lost_on_a_narrow_screen(at_desk):
    page = at_desk
    for address in ("/desk/find/", "/desk/find/?part=", "/desk/find/?on=6&visit_type=x"):
        page.goto(address)
        for width in (1024, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)


def test_without_scripts_a_time_is_found_and_booked(new_context, signed_in, rae, osei, ana, checkup, monday):
    context = new_context(java_script_enabled=False)
    page = signed_in(context.new_page(), rae)
    page.goto("/desk/find/")
    page.get_by_role("textbox", name="From").fill(monday.isoformat())
    page.get_by_role("button", name="Find times").click()
    page.get_by_role("link", name="10:00 with Dr Ama Osei").first.click()
    page.get_by_label("Find the patient").fill("prieto")
    page.get_by_label("Find the patient").press("Enter")
    page.get_by_role("radio", name="Ana Souza Prieto").check()
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Ana Souza Prieto")
    # From the patient: a press on a free time fills it in, and nothing has to be typed.
    page.get_by_role("link", name="Book again for Ana").click()
    page.get_by_role("button", name=": choose").nth(2).click()
    expect(page.get_by_label("Time", exact=True)).not_to_have_value("")
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Ana Souza Prieto")
    assert Appointment.objects.count() == 2
