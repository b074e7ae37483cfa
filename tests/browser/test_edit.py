"""Correcting a visit by keys, by press, and without scripts."""

import pytest
from playwright.sync_api import expect

from scheduling.models import Appointment
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def long(db):
    return factories.VisitTypeFactory(name="First visit", minutes=45, buffer_minutes=10)


@pytest.fixture
def visit(book, ana):
    return book(ana, "10:00")


@pytest.fixture
def desk(page, signed_in, rae):
    return signed_in(page, rae)


def fresh(visit):
    return Appointment.objects.select_related("patient", "visit_type").get(uuid=visit.uuid)


def preview(page, side):
    return page.get_by_role("region", name="Before and after").get_by_role("region", name=side)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_keys_from_the_board_and_back(desk, visit, long, ben, axe, tuesday):
    desk.goto(f"/desk/day/{tuesday}/")
    desk.wait_for_load_state()
    desk.get_by_role("link", name="Ana Souza Prieto").first.focus()
    desk.keyboard.press("e")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Correct this visit")
    expect(desk.get_by_role("radio", name="Check-up, 30 min")).to_be_focused()
    axe(desk)
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_label("Length, minutes")).to_have_value("45")
    expect(preview(desk, "After saving")).to_contain_text("until 10:45")
    expect(preview(desk, "After saving").locator("ins")).to_have_text(["First visit", "45 min", "10 min"])
    desk.get_by_label("Find the patient").fill("okafor")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("radio", name="Ben Okafor")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(preview(desk, "After saving")).to_contain_text("Ben Okafor")
    axe(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#toasts")).to_contain_text("10:00: corrected.")
    now = fresh(visit)
    assert (now.patient, now.visit_type, now.minutes) == (ben, long, 45)
    desk.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(desk.locator("#toasts")).to_contain_text("Undone. Ana Souza Prieto")
    expect(desk.get_by_role("link", name="Ana Souza Prieto").first).to_be_visible()
    assert fresh(visit).minutes == 30


def test_what_does_not_fit_is_moved_by_one_press(desk, visit, book, ben, axe):
    book(ben, "10:30")
    desk.goto(f"/desk/appointments/{visit.uuid}/edit/")
    desk.get_by_label("Length, minutes").fill("45")
    desk.get_by_role("button", name="Save the correction").click()
    alert = desk.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("45 minutes do not fit at 10:00")
    expect(alert.get_by_role("link")).to_contain_text("Ben Okafor is booked with Dr Ama Osei")
    axe(desk)
    desk.emulate_media(color_scheme="dark")
    axe(desk)
    desk.set_viewport_size({"width": 320, "height": 700})
    assert fits(desk)
    desk.get_by_role("button", name="correct, and move").first.click()
    expect(desk.locator("#toasts")).to_contain_text("Ana Souza Prieto: corrected, and moved to")
    assert fresh(visit).minutes == 45
    assert fresh(visit).appointment_datetime != visit.appointment_datetime


def test_without_scripts(new_context, signed_in, rae, visit, long, ben):
    page = signed_in(new_context(java_script_enabled=False).new_page(), rae)
    page.goto(f"/desk/appointments/{visit.uuid}/edit/")
    page.get_by_label("First visit").check()
    page.get_by_label("Find the patient").fill("okafor")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Ben Okafor").check()
    page.get_by_label("Reason").fill("Deaf")
    page.get_by_role("button", name="Save the correction").click()
    assert "10:00: corrected." in page.locator("#toasts").inner_text()
    now = fresh(visit)
    assert (now.patient, now.minutes, now.description) == (ben, 45, "Deaf")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    assert "Undone." in page.locator("#toasts").inner_text()
    assert fresh(visit).minutes == 30
