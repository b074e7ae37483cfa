"""Max changes hours by keyboard, and sees whom that would strand; Rae settles what is left."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import Appointment, Flag, Status
from scheduling.times import weeks
from tests.weeks import week_of

pytestmark = pytest.mark.browser


@pytest.fixture
def monday():
    """The next Monday, on the real clock that the server goes by."""
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_max_shortens_a_day_by_keyboard_and_decides_about_the_visits(
    page, signed_in, axe, max_, rae, osei, ana, ben, book, monday
):
    kept, left = book(ana, "13:00", on=monday), book(ben, "13:30", on=monday)
    signed_in(page, max_).goto("/desk/hours/")
    expect(page.get_by_role("heading", name="Doctors' hours")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Dr Ama Osei").focus()
    page.keyboard.press("Enter")
    until = page.get_by_role("textbox", name="Monday, until")
    until.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("12:00")
    page.keyboard.press("Control+Enter")
    # Nothing is saved yet: first whom it would strand.
    expect(page.get_by_role("heading", name="2 visits would be outside hours")).to_be_visible()
    expect(page.get_by_text("was 09:00 to 14:00")).to_be_visible()
    assert {one.ends for one in week_of(osei)} == {time(14)}
    axe(page)
    page.get_by_role("checkbox", name="Keep Ana Souza Prieto").focus()
    page.keyboard.press("Space")
    until.focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts").get_by_text("1 visit is outside hours now")).to_be_visible()
    assert weeks.on_day(week_of(osei), monday).on(0)[0].ends == time(12)
    assert Appointment.objects.holding_time().count() == 2

    page.context.clear_cookies()
    signed_in(page, rae).goto("/desk/attention/")
    outside = page.get_by_role("region", name="Visits outside hours")
    expect(outside.get_by_role("link", name="Ben Okafor", exact=True)).to_be_visible()
    expect(outside.get_by_text("Ana Souza Prieto")).to_have_count(0)
    axe(page)
    outside.get_by_role("button", name="Keep Ben Okafor").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 is settled.")).to_be_visible()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(outside.get_by_role("link", name="Ben Okafor", exact=True)).to_be_visible()
    assert [flag.appointment for flag in Flag.objects.all()] == [kept]
    assert left.flags.count() == 0


def test_sessions_are_added_and_removed_at_once_and_without_scripts_by_the_server(
    page, browser, signed_in, live_server, max_, osei
):
    address = f"/desk/hours/{osei.uuid}/"
    signed_in(page, max_).goto(address)
    page.get_by_role("button", name="Add a session on Saturday").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Saturday, from")).to_be_focused()
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    assert page.locator('[data-weekday="5"] rect').get_attribute("width") == "24"
    page.get_by_role("button", name="Remove Monday 09:00").click()
    expect(page.locator('[data-weekday="0"]').get_by_text("Not in")).to_be_visible()
    expect(page.get_by_role("button", name="Add a session on Monday")).to_be_focused()
    page.get_by_role("button", name="Save hours").click()
    expect(page.locator("#toasts").get_by_text("are saved.")).to_be_visible()
    plain = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    plain.add_cookies(page.context.cookies())
    without = plain.new_page()
    without.goto(address)
    without.get_by_role("button", name="Add a session on Sunday").click()
    without.get_by_role("textbox", name="Sunday, from").fill("9")
    without.get_by_role("button", name="Save hours").click()
    expect(without.get_by_text("Say when it begins and when it ends, or remove it.")).to_be_visible()
    without.get_by_role("button", name="Remove Sunday").click()
    without.get_by_role("button", name="Save hours").click()
    expect(without.locator("#toasts").get_by_text("are saved.")).to_be_visible()
    plain.close()


def test_nothing_is_lost_on_any_width(page, signed_in, axe, max_, osei, ana, ben, book):
    book(ana, "13:00", status=Status.PENDING)
    Appointment.objects.update(created_at=timezone.now() - timedelta(days=5))
    for kind, about in (("name_not_split", {"patient": ben}), ("bad_email", {"doctor": osei})):
        Flag.objects.create(kind=kind, detail="García" * 20, created_at=timezone.now(), **about)
    signed_in(page, max_)
    for address in (
        "/desk/hours/",
        f"/desk/hours/{osei.uuid}/",
        f"/desk/hours/{osei.uuid}/time-off/",
        f"/desk/hours/{osei.uuid}/extra/",
        "/desk/hours/closure/",
        "/desk/attention/",
        "/desk/attention/?group=flags",
    ):
        page.goto(address)
        for width in (1440, 1024, 390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            assert fits(page), (address, width)
            if width in {1440, 320}:
                axe(page)
