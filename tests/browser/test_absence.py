"""A doctor is ill: from the board to everybody told, without scripts, on a phone and on paper."""

from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from scheduling.models import Appointment, TimeOff
from tests import factories
from tests.conftest import MADRID

pytestmark = pytest.mark.browser


@pytest.fixture
def ill(book, osei, lind, ana, tuesday):
    """Dr Osei is ill on Tuesday; Ana, who is deaf, and two others were to come."""
    type(ana).objects.filter(pk=ana.pk).update(phone="+34600555482", alerts="hearing: write")
    others = factories.PatientFactory.create_batch(2)
    for patient, at in ((ana, "10:00"), (others[0], "10:30"), (others[1], "12:00")):
        book(patient, at)
    starts = datetime.combine(tuesday, time.min, MADRID)
    TimeOff.objects.create(doctor=osei, starts_at=starts, ends_at=starts + timedelta(days=1), reason="Flu")
    return f"/desk/absence/?doctor={osei.uuid}&first={tuesday}&last={tuesday}"


def stands_with(doctor):
    return Appointment.objects.holding_time().filter(doctor=doctor).count()


def test_from_the_head_of_the_column_to_everybody_told(page, signed_in, axe, rae, ill, osei, lind, tuesday):
    signed_in(page, rae).goto(f"/desk/day/{tuesday}/")
    page.get_by_role("link", name="3 to move").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who must be told: Dr Ama Osei")
    expect(page.get_by_role("link", name="600 55 54 82")).to_have_attribute("href", "tel:+34600555482")
    axe(page)
    page.get_by_role("link", name="All to colleagues").click()
    expect(page.get_by_role("heading", name="3 of 3 visits can go")).to_be_focused()
    axe(page)
    page.get_by_role("radio", name="Cancel it").first.check()
    page.get_by_role("button", name="Show the preview again").click()
    expect(page.get_by_role("button", name="Move 2, cancel 1")).to_be_visible()
    page.get_by_label("Reason").fill("Dr Osei has the flu")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 visits are moved. 1 visit is cancelled.")).to_be_visible()
    assert (stands_with(osei), stands_with(lind)) == (0, 2)
    page.get_by_role("button", name="No answer: Ana Souza Prieto").click()
    page.get_by_role("button", name="Told: Ana Souza Prieto").click()
    expect(page.get_by_text("Told: 1")).to_be_visible()
    expect(page.get_by_text("To call: 2")).to_be_visible()
    axe(page)


def test_a_choice_that_changed_after_the_preview_is_shown_first(page, signed_in, rae, ill, osei):
    signed_in(page, rae).goto(f"{ill}&with=colleagues")
    page.get_by_role("radio", name="Keep as it is").first.check()
    page.get_by_role("button", name="Move these 3 visits").click()
    expect(page.get_by_role("heading", name="2 of 3 visits can go")).to_be_visible()
    expect(page.get_by_role("radio", name="Keep as it is").first).to_be_checked()
    assert stands_with(osei) == 3


def test_without_scripts_on_a_phone(browser, base_url, signed_in, rae, ill, osei, lind):
    context = browser.new_context(
        java_script_enabled=False, base_url=base_url, viewport={"width": 390, "height": 844}
    )
    page = signed_in(context.new_page(), rae)
    page.goto(ill)
    page.get_by_role("button", name="Preview what is ticked").click()
    page.get_by_role("button", name="Move these 3 visits").click()
    expect(page.get_by_text("3 visits are moved.")).to_be_visible()
    assert stands_with(osei) + stands_with(lind) == 3
    context.close()


def test_it_fits_every_width_and_paper(page, signed_in, axe, rae, ill):
    signed_in(page, rae)
    for width in (320, 390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{ill}&with=colleagues")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.goto("/desk/absence/")
    axe(page)
    page.goto(ill)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Told: Ana Souza Prieto")).to_be_hidden()
    expect(page.get_by_role("link", name="600 55 54 82")).to_be_visible()
