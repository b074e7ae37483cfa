"""A manager writes the words of messages and looks at them; a patient ends reminders."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from scheduling.models import MessageWords, Patient
from scheduling.notices.unsubscribing import token_of

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_manager_writes_a_greeting_and_sees_it_in_the_mail(page, axe, signed_in, max_, checkup, size):
    page.set_viewport_size(size)
    signed_in(page, max_).goto("/admin/scheduling/messagewords/add/")
    page.get_by_label("Language").select_option("en")
    page.get_by_label("Greeting").fill("Dear {nobody},")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("{nobody} is not known.")).to_be_visible()
    page.get_by_label("Greeting").fill("Dear {name},")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    page.get_by_role("link", name="Preview").press("Enter")
    expect(page.get_by_text("Dear Alex Example,")).to_have_count(6)
    assert page.evaluate(FITS)
    axe(page, preload=False)
    page.get_by_role("link", name="As a page: Moved").press("Enter")
    expect(page.get_by_role("heading", name="Your appointment has a new time")).to_be_visible()
    # Its own styles hold under the policy of its page; one that did not would be on the console.
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
    assert page.evaluate(FITS)
    # It has no colours of its own, and axe does not know which ones a browser takes in the dark.
    page.emulate_media(color_scheme="light")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert MessageWords.objects.get().greeting == "Dear {name},"


def test_a_patient_ends_reminders_on_a_phone_by_keyboard(page, axe, ana):
    page.set_viewport_size(PHONE)
    page.goto(f"/appointment/reminders/{token_of(ana.uuid)}/")
    expect(page.get_by_role("heading", name="No more reminders?")).to_be_visible()
    assert page.evaluate(FITS)
    axe(page)
    page.get_by_role("button", name="Send me no more reminders").press("Enter")
    expect(page.get_by_role("heading", name="No more reminders", exact=True)).to_be_visible()
    axe(page)
    assert not Patient.objects.get(pk=ana.pk).wants_reminders
