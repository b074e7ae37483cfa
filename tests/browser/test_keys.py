"""One key does what a link of the page does: outside fields, and for nobody who does not want it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def at_desk(page, signed_in, rae):
    signed_in(page, rae).goto("/desk/attention/")
    return page


def test_a_letter_opens_the_page_that_it_stands_for(at_desk):
    page = at_desk
    page.keyboard.press("n")
    page.wait_for_url("**/desk/book/")
    expect(page.get_by_label("Find the patient")).to_be_focused()
    page.keyboard.type("nt")  # a name begins with it
    expect(page.get_by_label("Find the patient")).to_have_value("nt")
    page.wait_for_timeout(200)
    assert "/desk/book/" in page.url  # which names what is typed by now
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("t")
    page.wait_for_url("**/desk/day/**")


def test_a_letter_with_another_key_is_somebody_elses(at_desk):
    at_desk.evaluate("document.addEventListener('click', () => { document.title = 'clicked' })")
    for keys in ("Control+n", "Alt+n", "Shift+N", "Meta+n"):
        at_desk.keyboard.press(keys)
        at_desk.wait_for_timeout(100)
        assert at_desk.title() != "clicked", keys


def test_single_keys_can_be_switched_off(at_desk):
    page = at_desk
    body = page.content().replace("<body ", '<body data-single-keys="off" ', 1)
    page.route("**/desk/attention/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.reload()
    for key in ("n", "?"):
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    assert page.url.endswith("/desk/attention/")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_list_of_keys_opens_over_the_page_and_gives_the_focus_back(at_desk, axe):
    page = at_desk
    page.get_by_role("link", name="New booking").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Find a patient")
    expect(dialog).to_contain_text("Following day")
    axe(page)
    page.keyboard.press("n")  # does nothing from here
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="New booking")).to_be_focused()
    assert page.url.endswith("/desk/attention/")


def test_the_list_is_reached_from_the_menu_too_and_without_scripts_it_is_a_page(
    at_desk, axe, new_context, signed_in, rae
):
    page = at_desk
    page.locator("summary", has_text="Rae Quist").click()
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.locator("summary", has_text="Rae Quist")).to_be_focused()

    plain = signed_in(new_context(java_script_enabled=False).new_page(), rae)
    plain.goto("/desk/attention/")
    plain.locator("summary", has_text="Rae Quist").click()
    plain.get_by_role("link", name="Keyboard shortcuts").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Keyboard shortcuts")
    page.goto("/desk/keys/")
    axe(page)


def test_the_overlay_names_the_keys_of_the_page_itself(at_desk):
    page = at_desk
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
        '<button aria-keyshortcuts="a">Arrived <kbd aria-hidden="true">A</kbd></button>')"""
    )
    page.keyboard.press("?")
    here = page.get_by_role("dialog").locator("section", has_text="On this page")
    expect(here.locator("dt")).to_have_text("Arrived")
    expect(here.locator("kbd")).to_have_text("A")
    expect(page.get_by_role("dialog").get_by_text("Mark as arrived")).to_be_hidden()
