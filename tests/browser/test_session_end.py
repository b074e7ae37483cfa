"""Before and after the end of a session: the warning, the cover, and what Back shows after signing out."""

import pytest
from playwright.sync_api import expect

from scheduling.models import Appointment
from tests.browser.conftest import FLAGS
from tools import chromium

pytestmark = pytest.mark.browser

# The browser that headless tests run in keeps no page for Back; a whole one does, once it is let.
KEEPS_PAGES = chromium.with_a_window()
WARNING = "You will be signed out in {} because nothing was pressed."


def sign_in(page, username="rae"):
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill("clinic-demo")
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def at_account(page, rae):
    """Rae signed in by the form half a minute before the page's own clock was stopped."""
    page.goto("/sign-in/?next=/account/")
    page.clock.install()
    sign_in(page)
    expect(page.get_by_role("heading", level=1, name="My account")).to_be_visible()
    page.wait_for_load_state()  # a press before the scripts are there is nobody's
    return page


def pass_by(page, minutes):
    """Time goes on for the page; the server's own clock stands, so it is asked and says what is left."""
    page.clock.fast_forward(f"{minutes}:00")


@pytest.fixture
def left(page):
    """`left(seconds)`: what the server says is left, when it is asked by the page."""

    def say(seconds, **more):
        def answer(route):
            said = route.fetch()
            route.fulfill(response=said, json=said.json() | {"left": seconds} | more)

        page.route("**/account/session/", answer)

    return say


def test_who_pressed_nothing_is_warned_and_stays_by_a_press(at_account, left, axe):
    page = at_account
    left(110)
    pass_by(page, 29)
    page.clock.run_for(2000)
    warning = page.get_by_role("alert")
    expect(warning).to_contain_text(WARNING.format("2 minutes"))
    assert "12 hours" not in warning.inner_text()
    page.clock.run_for(52_000)
    expect(warning).to_contain_text(WARNING.format("1 minute"))
    axe(page)
    with page.expect_response("**/account/session/stay/") as stayed:
        warning.get_by_role("button", name="Stay signed in").click()
        page.clock.run_for(2000)  # another question may be under way
    assert stayed.value.json()["left"] > 29 * 60
    expect(warning).to_be_hidden()


def test_any_key_is_a_press(at_account, left):
    page = at_account
    left(110)
    pass_by(page, 29)
    page.clock.run_for(2000)
    expect(page.get_by_role("alert")).to_be_visible()
    with page.expect_response("**/account/session/stay/"):
        page.keyboard.press("Shift")
        page.clock.run_for(2000)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_who_types_on_is_never_warned(at_account):
    page = at_account
    for _ in range(3):
        with page.expect_response("**/account/session/stay/") as answer:
            page.keyboard.press("Shift")
            page.clock.run_for(62_000)
        answer.value.finished()  # until then a press waits for the next tick
    assert page.locator("body > .idle").count() == 0


def test_another_tab_that_is_used_takes_the_warning_away(at_account, left):
    page = at_account
    left(110)
    pass_by(page, 29)
    page.clock.run_for(2000)
    expect(page.get_by_role("alert")).to_be_visible()
    left(1700)
    page.clock.run_for(16_000)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_at_the_end_the_page_is_covered_and_what_was_typed_stays(at_account, left, axe, rae):
    page = at_account
    page.get_by_label("Español").check()
    context = page.context
    context.clear_cookies(name="sessionid")
    pass_by(page, 32)
    page.clock.run_for(2000)
    cover = page.get_by_role("dialog", name="You are signed out")
    expect(cover).to_contain_text("Nothing was pressed for 30 minutes")
    expect(cover).to_contain_text("What you typed is still on it")
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    axe(page)
    with context.expect_page() as opened:
        cover.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value)
    opened.value.wait_for_url("**/desk/day/**")
    page.bring_to_front()
    page.evaluate(
        "document.dispatchEvent(new Event('visibilitychange'))"
    )  # nothing is hidden without a screen
    expect(cover).to_be_hidden()
    expect(page.get_by_label("Español")).to_be_checked()


def test_where_nothing_was_typed_the_cover_leads_to_sign_in_and_back(at_account):
    page = at_account
    page.context.clear_cookies(name="sessionid")
    pass_by(page, 32)
    page.clock.run_for(2000)
    cover = page.get_by_role("dialog", name="You are signed out")
    expect(cover.get_by_text("What you typed")).to_be_hidden()
    cover.get_by_role("link", name="Sign in").click()
    sign_in(page)
    expect(page.get_by_role("heading", level=1, name="My account")).to_be_visible()


def test_a_tab_that_one_comes_back_to_after_signing_out_in_another_is_covered(at_account):
    page = at_account
    other = page.context.new_page()
    other.goto("/account/")
    other.locator("summary", has_text="Rae Quist").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    cover = page.get_by_role("dialog", name="You are signed out")
    expect(cover).to_contain_text("or you signed out in another tab")


def test_twelve_hours_after_signing_in_it_is_told_without_a_button(at_account, left):
    page = at_account
    left(110, is_final=True)
    pass_by(page, 29)
    page.clock.run_for(2000)
    warning = page.get_by_role("alert")
    expect(warning).to_contain_text("You will be signed out in 2 minutes: a sign-in lasts 12 hours.")
    expect(warning.get_by_role("button")).to_be_hidden()
    assert "nothing was pressed" not in warning.inner_text()


def test_the_back_office_warns_too(page, max_, left):
    page.goto("/sign-in/?next=/admin/")
    page.clock.install()
    sign_in(page, "max")
    expect(page.get_by_role("heading", name="Back office")).to_be_visible()
    page.wait_for_load_state()
    left(110)
    pass_by(page, 29)
    page.clock.run_for(2000)
    expect(page.get_by_role("alert")).to_contain_text(WARNING.format("2 minutes"))
    page.get_by_role("button", name="Stay signed in").click()
    page.clock.run_for(2000)
    expect(page.locator("body > .idle")).to_have_count(0)


@pytest.mark.skipif(not KEEPS_PAGES, reason="a whole Chromium is not installed; the shell keeps no pages")
def test_back_after_signing_out_shows_nobody(playwright, live_server, rae, osei, book, ana, tuesday):
    book(ana, "10:00")
    browser = playwright.chromium.launch(
        executable_path=KEEPS_PAGES,
        args=[*FLAGS, "--headless=new", "--enable-features=BackForwardCache"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = browser.new_page(base_url=live_server.url)
    try:
        assert keeps_a_strangers_page(page)
        page.goto(f"/sign-in/?next=/desk/day/{tuesday}/")
        sign_in(page)
        expect(page.get_by_text("Souza").first).to_be_visible()
        page.locator("summary", has_text="Rae Quist").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
        for _ in range(2):
            go_back(page)
            expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
            assert "Souza" not in page.content()
        assert Appointment.objects.count() == 1
    finally:
        browser.close()


def keeps_a_strangers_page(page):
    """Whether this browser does what is tested against: a page that allows it comes back as it was left."""
    page.goto("/")
    page.evaluate("window.wasHere = true")
    page.goto("/nowhere/")
    go_back(page)
    return page.evaluate("window.wasHere === true")


def go_back(page):
    # Playwright waits for a load that a kept page does not have.
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_timeout(1500)
