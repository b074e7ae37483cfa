"""Regular visits by mouse, by keys alone, without scripts and on a phone."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from scheduling.models import Appointment, Series
from scheduling.templatetags.clinic import short_date

pytestmark = pytest.mark.browser

WEEK = timedelta(weeks=1)


@pytest.fixture
def desk(page, signed_in, rae):
    return signed_in(page, rae)


@pytest.fixture
def filled(osei, ana, checkup, tuesday):
    """The booking form for Ana on Tuesday at 10:00."""
    known = {
        "patient": ana.uuid,
        "doctor": osei.uuid,
        "visit_type": checkup.uuid,
        "start": f"{tuesday}T10:00",
    }
    return f"/desk/book/?{urlencode(known)}"


@pytest.fixture
def taken(book, ben, tuesday):
    """Ben in a week, at the same time."""
    return book(ben, "10:00", on=tuesday + WEEK)


def visits():
    return list(Appointment.objects.exclude(series=None).order_by("appointment_datetime"))


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_mouse_from_the_booking_to_the_record(desk, filled, taken, lind, ana, axe, tuesday):
    desk.goto(filled)
    desk.get_by_role("button", name="Repeat it").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Regular visits for Ana Souza Prieto")
    desk.get_by_label("How many visits").fill("3")
    desk.get_by_role("button", name="Show the dates").click()
    expect(desk.get_by_role("heading", name="2 free, 1 needs a choice")).to_be_focused()
    expect(desk.get_by_text("Taken: Ben Okafor until 10:30")).to_be_visible()
    axe(desk)
    second = short_date(tuesday + WEEK)
    desk.get_by_role("button", name=f"in place of {second}").last.click()
    expect(desk.get_by_role("heading", name="3 dates are free")).to_be_visible()
    expect(desk.get_by_role("button", name=f"Usual time: {second}")).to_be_focused()
    axe(desk)
    desk.get_by_role("button", name="Book 3 visits").click()
    expect(desk.locator("#toasts")).to_contain_text("3 visits are booked for Ana Souza Prieto.")
    assert [visit.doctor for visit in visits()].count(lind) == 1
    axe(desk)
    desk.get_by_role("link", name="Ana Souza Prieto").click()
    expect(desk.get_by_role("region", name="Regular visits")).to_contain_text("3 of 3 left")
    axe(desk)


def test_by_keys_alone(desk, filled, taken, axe, tuesday):
    """Every two weeks, three times, without the second."""
    desk.goto(filled)
    desk.get_by_role("button", name="Repeat it").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("How often")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Tab")
    desk.keyboard.type("3")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="3 dates are free")).to_be_focused()
    for _ in range(2):
        desk.keyboard.press("Tab")
    leave = desk.get_by_role("button", name=f"Leave out: {short_date(tuesday + 2 * WEEK)}")
    expect(leave).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Take it again")).to_be_focused()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toasts")).to_contain_text("2 visits are booked for Ana Souza Prieto.")
    expect(desk.get_by_text("2 visits are booked for Ana Souza Prieto.").first).to_be_focused()
    assert [visit.appointment_datetime.date() for visit in visits()] == [tuesday, tuesday + 4 * WEEK]
    assert Series.objects.get().every_weeks == 2


def test_those_after_one_are_moved_and_cancelled(desk, filled, osei, axe, tuesday):
    desk.goto(filled)
    desk.get_by_role("button", name="Repeat it").click()
    desk.get_by_role("button", name="Book 8 visits").click()
    second = visits()[1]
    there = urlencode({"doctor": osei.uuid, "start": f"{tuesday + WEEK}T12:00:00+00:00"})
    desk.goto(f"/desk/appointments/{second.uuid}/move/?{there}")
    desk.get_by_role("radio", name="This one and the 6 after it").check()
    axe(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name="Move the visits of Ana Souza Prieto")).to_be_visible()
    axe(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toasts")).to_contain_text("7 visits are moved.")
    assert [visit.version for visit in visits()] == [1, *[2] * 7]
    desk.keyboard.press("u")
    expect(desk.locator("#toasts")).to_contain_text("Undone. 7 visits are as before.")
    assert {visit.appointment_datetime.hour for visit in visits()} == {9}
    desk.goto(f"/desk/appointments/{second.uuid}/move/?{there}")
    desk.get_by_role("radio", name="This one and the 6 after it").check()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name="Move the visits of Ana Souza Prieto")).to_be_visible()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toasts")).to_contain_text("7 visits are moved.")
    desk.goto(f"/desk/appointments/{second.uuid}/")
    desk.wait_for_load_state()
    desk.keyboard.press("l")
    desk.get_by_role("radio", name="This one and the 6 after it").check()
    desk.get_by_role("radio", name="The patient").check()
    desk.get_by_label("Reason for cancelling").fill("Moves away")
    axe(desk)
    expect(desk.get_by_role("button", name="Cancel this visit")).to_be_hidden()
    expect(desk.get_by_role("button", name="Cancel 7 visits")).to_be_visible()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toasts")).to_contain_text("7 visits are cancelled.")
    assert [visit.status for visit in visits()] == ["confirmed", *["cancelled"] * 7]


def test_without_scripts_on_a_phone(browser, base_url, signed_in, rae, filled, taken, tuesday):
    context = browser.new_context(
        java_script_enabled=False, base_url=base_url, viewport={"width": 390, "height": 844}
    )
    page = signed_in(context.new_page(), rae)
    page.goto(filled)
    page.get_by_role("button", name="Repeat it").click()
    page.get_by_label("How many visits").fill("4")
    page.get_by_role("button", name="Show the dates").click()
    page.get_by_role("button", name=f"in place of {short_date(tuesday + WEEK)}").first.click()
    page.get_by_role("button", name=f"Leave out: {short_date(tuesday)}").click()
    page.get_by_role("button", name="Book 3 visits").click()
    expect(page.get_by_text("3 visits are booked for Ana Souza Prieto.")).to_be_visible()
    assert len(visits()) == 3
    context.close()


def test_it_fits_every_width(desk, filled, taken):
    desk.goto(filled)
    desk.get_by_role("button", name="Repeat it").click()
    desk.get_by_label("How many visits").fill("52")
    desk.get_by_role("button", name="Show the dates").click()
    for width in (320, 390, 1024, 1440):
        desk.set_viewport_size({"width": width, "height": 800})
        assert fits(desk), width
    desk.get_by_role("button", name="Back to one visit").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Book ")
    expect(desk.get_by_label("Time", exact=True)).to_have_value("10:00")
