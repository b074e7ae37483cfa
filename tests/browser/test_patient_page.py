"""A patient's page on a phone: opened by a date of birth and by a link, and closed again."""

from datetime import date

import pytest
from playwright.sync_api import expect

from scheduling.models import MessageSettings, MessageWords, VisitTypeWords
from scheduling.notices.opening import address_for
from tests import factories

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "es")


@pytest.fixture
def visit(book, checkup, settings):
    settings.CLINIC_ADDRESS, settings.CLINIC_PHONE = "Calle del Olmo 18, Madrid", "+34 910 555 010"
    zoe = factories.PatientFactory(
        patient_name="Zoë", patient_lastname="Quintanilla", date_of_birth=date(1985, 5, 12)
    )
    MessageSettings.objects.create(shows_reason=True)
    for language in LANGUAGES:
        MessageWords.objects.create(language=language, how_to_find_us="2.º")
        VisitTypeWords.objects.create(visit_type=checkup, language=language, how_to_prepare="A list.")
    book(zoe, "12:00")
    return book(zoe, "10:00")


@pytest.fixture
def browser_context_args(browser_context_args):
    """As narrow as phones are."""
    return {**browser_context_args, "viewport": {"width": 320, "height": 640}}


def is_in_order(page, axe):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_of_birth_opens_the_page_after_a_wrong_one_and_a_button_closes_it(page, axe, visit, language):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/appointment/{visit.uuid}/?language={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    is_in_order(page, axe)
    for typed in ("yesterday", "1.1.1950"):
        page.locator("[name=date_of_birth]").fill(typed)
        page.locator("form button").click()
        is_in_order(page, axe)
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("[name=date_of_birth]").fill("12.5.85")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zoë Quintanilla")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    is_in_order(page, axe)
    page.locator(".ticket .plain-acts a").click()
    expect(page.get_by_text("Zoë Quintanilla")).to_be_visible()
    page.locator("form.p-foot button").click()
    expect(page.locator("[name=date_of_birth]")).to_be_visible()
    assert page.get_by_text("Zoë Quintanilla").count() == 0
    here = page.url.partition("/appointment/")[0]
    assert [address for address in asked if not address.startswith(here)] == []


def test_a_link_opens_the_page_at_a_clean_address(page, axe, visit, base_url):
    path = address_for(visit.uuid, visit.patient.uuid).removeprefix("https://book.clinic.example")
    page.goto(path)
    expect(page).to_have_url(f"{base_url}/appointment/{visit.uuid}/")
    expect(page.get_by_text("Zoë Quintanilla")).to_be_visible()
    page.goto(f"{path[:-2]}A/")
    expect(page).to_have_url(f"{base_url}/appointment/{visit.uuid}/?link=old")
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_text("no longer opens this appointment")).to_be_visible()
    is_in_order(page, axe)
