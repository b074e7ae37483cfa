"""The patient's link, copied from the page that confirms a booking; and the pages of messages."""

import pytest
from playwright.sync_api import expect

from scheduling.booking import patients
from scheduling.models import Appointment
from tests.messages import one_of_each

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(settings, book, ana):
    settings.NOTICE_CHANNELS = ["email"]
    ana.email = "ana@mail.example"
    return book(patients.save(ana), "10:00")


def test_the_link_is_copied(page, signed_in, rae, visit):
    page.context.grant_permissions(["clipboard-write"])
    desk = signed_in(page, rae)
    desk.goto(f"/desk/appointments/{visit.uuid}/booked/")
    desk.get_by_role("button", name="Copy the patient’s link").click()
    expect(desk.locator("[data-copy-said]")).to_have_text("Copied")
    desk.locator("#top-q").press("Control+V")
    assert desk.locator("#top-q").input_value() == f"https://book.clinic.example/appointment/{visit.uuid}/"


def test_where_there_is_no_clipboard_the_link_is_selected(page, signed_in, rae, visit):
    desk = signed_in(page, rae)
    desk.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    desk.goto(f"/desk/appointments/{visit.uuid}/")
    desk.get_by_role("button", name="Copy the patient’s link").click()
    expect(desk.locator("[data-copy-said]")).to_contain_text("Selected")
    selected = desk.evaluate("window.getSelection().toString()").strip()
    assert selected == f"https://book.clinic.example/appointment/{visit.uuid}/"


@pytest.mark.parametrize("at", ["", "booked/"])
def test_after_a_press_the_focus_is_at_the_messages_again(page, signed_in, rae, visit, at):
    desk = signed_in(page, rae)
    desk.goto(f"/desk/appointments/{visit.uuid}/{at}")
    for label in ("Hold back", "Send it after all"):
        desk.get_by_role("button", name=label).first.click()
        expect(desk.get_by_role("button", name=label)).to_have_count(0)
        expect(desk.locator("#messages")).to_be_focused()


def test_the_pages_of_messages_are_usable(page, signed_in, axe, rae, visit):
    visit = Appointment.objects.with_people().get(pk=visit.pk)
    visit.notices.all().delete()
    first = one_of_each(visit, rae)
    desk = signed_in(page, rae)
    here = f"/desk/appointments/{visit.uuid}/"
    for address in (here, f"{here}booked/", f"{here}slip/", f"{here}messages/{first.message.uuid}/"):
        desk.goto(address)
        axe(desk)
