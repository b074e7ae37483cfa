"""Pages for everybody: nothing that axe knows of is wrong with them, and a keyboard is enough."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import Appointment, Status
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(osei, ana):
    def make(status):
        now = timezone.now()
        return Appointment.objects.create(
            doctor=osei,
            patient=ana,
            description="Short of breath",
            appointment_datetime=now + timedelta(days=1),
            minutes=30,
            status=status,
            created_at=now,
            updated_at=now,
        )

    return make


def test_a_patient_can_read_every_state(page, axe, visit):
    page.set_viewport_size({"width": 390, "height": 844})
    for status in Status.values:
        page.goto(f"/appointment/{visit(status).uuid}/")
        expect(page.get_by_text("Dr Ama Osei")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), status
        axe(page)


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/", "Your appointment"),
        ("/sign-in/", "Sign in to the desk"),
        ("/nothing/", "There is nothing at this address"),
    ],
)
def test_pages_for_strangers_are_readable(page, axe, address, heading):
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    axe(page)


def test_signing_in_by_keyboard_after_a_wrong_password(page, axe):
    factories.UserFactory(username="plain", first_name="Ines", last_name="Mora")
    page.goto("/sign-in/")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type("plain")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That name and password do not match.")
    expect(page.get_by_label("User name")).to_have_value("plain")
    axe(page)
    page.keyboard.press("Tab")
    page.keyboard.type("clinic-demo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Signed in as Ines Mora")).to_be_visible()
    axe(page)


def test_the_menu_opens_closes_and_signs_out_by_keyboard(page, axe, signed_in):
    signed_in(page, factories.UserFactory(username="plain", first_name="Ines", last_name="Mora")).goto("/")
    menu = page.locator("summary", has_text="Ines Mora")
    leave = page.get_by_role("button", name="Sign out")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    expect(leave).to_be_visible()
    axe(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(leave).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="My account")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()


def test_a_name_that_was_tried_too_often_is_told_so(page, axe):
    page.goto("/sign-in/")
    for _ in range(5):
        page.get_by_label("User name").fill("nobody")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="Too many tries")).to_be_visible()
    axe(page)
