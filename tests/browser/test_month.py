"""The month at a glance under somebody's hands: a date grid as the ARIA Authoring Practices have it."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def desk(page, rae, signed_in, osei, lind, checkup):
    return signed_in(page, rae)


def focused(page):
    return page.evaluate("document.activeElement.dataset.iso ?? document.activeElement.id")


def open_month(page):
    """From the day that is shown: 31 March 2027, a Wednesday."""
    page.goto("/desk/day/2027-03-31/")
    page.get_by_label("Go to date").focus()
    page.keyboard.press("ArrowDown")
    dialog = page.get_by_role("dialog", name="March 2027")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-iso='2027-03-31']")).to_be_focused()
    return dialog


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        ("ArrowLeft", "2027-03-30"),
        ("ArrowUp", "2027-03-24"),
        ("ArrowRight", "2027-04-01"),
        ("ArrowDown", "2027-04-07"),
        ("Home", "2027-03-29"),
        ("End", "2027-04-04"),
        ("PageDown", "2027-04-30"),
        ("PageUp", "2027-02-28"),
        ("Shift+PageDown", "2028-03-31"),
        ("Shift+PageUp", "2026-03-31"),
        ("PageUp PageUp ArrowLeft", "2027-01-27"),
        ("ArrowRight ArrowRight ArrowDown ArrowDown ArrowDown ArrowDown", "2027-04-30"),
    ],
)
def test_keys_lead_from_day_to_day_also_while_a_month_is_on_its_way(desk, keys, day):
    open_month(desk)
    for key in keys.split():
        desk.keyboard.press(key)
    expect(desk.locator(f"[data-iso='{day}']")).to_be_focused()
    assert desk.locator("[data-iso][tabindex='0']").count() == 1


def test_enter_and_the_space_bar_choose_and_escape_gives_the_focus_back(desk, axe):
    dialog = open_month(desk)
    expect(dialog.get_by_role("gridcell", selected=True)).to_have_text(re.compile("31"))
    axe(desk)
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(desk) == "date"
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("[data-iso='2027-03-31']")).to_be_focused()
    desk.keyboard.press("Home")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/day/2027-03-29/")
    desk.get_by_label("Go to date").focus()
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("[data-iso='2027-03-29']")).to_be_focused()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press(" ")
    desk.wait_for_url("**/desk/day/2027-03-30/")


def test_by_mouse_months_and_years_are_turned_and_a_press_beside_closes(desk):
    desk.goto("/desk/day/2027-03-31/")
    desk.get_by_role("link", name="A month at a glance").click()
    desk.get_by_role("link", name="The month after").click()
    expect(desk.get_by_role("dialog", name="April 2027")).to_be_visible()
    expect(desk.get_by_role("link", name="The month after")).to_be_focused()
    expect(desk.locator(".month-dialog [role=status]")).to_have_text("April 2027")
    desk.get_by_role("link", name="A year earlier").click()
    expect(desk.get_by_role("dialog", name="April 2026")).to_be_visible()
    desk.mouse.click(5, 5)
    expect(desk.get_by_role("dialog")).to_be_hidden()
    desk.get_by_role("link", name="A month at a glance").click()
    desk.get_by_role("button", name="Close").click()
    expect(desk.get_by_role("dialog")).to_be_hidden()
    desk.get_by_role("link", name="A month at a glance").click()
    desk.get_by_role("link", name="Tuesday 9 March 2027").click()
    desk.wait_for_url("**/desk/day/2027-03-09/")


@pytest.mark.parametrize("width", [1440, 390])
def test_it_stays_inside_the_window(desk, width):
    desk.set_viewport_size({"width": width, "height": 700})
    open_month(desk)
    box = desk.locator(".month-dialog").bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= width
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_in_a_form_it_is_of_the_doctor_who_is_chosen_and_fills_the_field(desk, osei, ana, book, tuesday):
    """And what hangs on the day follows, as if it had been typed."""
    book(ana, "09:00")
    desk.goto(f"/desk/book/?day={tuesday}")
    desk.locator("#id_doctor").select_option(str(osei.uuid))
    desk.locator(".day-box", has=desk.locator("#id_day")).get_by_role("button").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("Dr Ama Osei.")
    expect(dialog.locator(f"[data-iso='{tuesday}']")).to_have_accessible_name(
        re.compile("9 free, 10 % booked")
    )
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.locator("#id_day")).to_be_focused()
    wednesday = date.fromordinal(tuesday.toordinal() + 1)
    expect(desk.locator("#id_day")).to_have_value(wednesday.strftime("%d/%m/%Y"))
    expect(desk.locator("output[for=id_day]")).to_contain_text("Wednesday")


def test_where_the_server_has_no_month_the_browsers_own_calendar_opens(desk):
    desk.goto("/desk/find/")
    desk.evaluate("document.body.dataset.month = ''")
    desk.evaluate(
        "HTMLInputElement.prototype.showPicker = function () { window.picked = this.type + this.value; }"
    )
    field = desk.get_by_role("textbox", name="From")
    field.fill("5/4/2027")
    desk.locator(".day-box", has=desk.locator("#id_from")).get_by_role("button").click()
    assert desk.evaluate("window.picked") == "date2027-04-05"


def test_without_scripts_it_is_a_page_of_links(new_context, signed_in, rae, osei):
    page = signed_in(new_context(java_script_enabled=False).new_page(), rae)
    page.goto("/desk/day/2027-03-31/")
    page.get_by_role("link", name="A month at a glance").click()
    page.get_by_role("link", name="The month after").click()
    expect(page.get_by_role("heading", name="April 2027")).to_be_visible()
    expect(page.get_by_text("Arrow keys move")).to_be_hidden()
    page.get_by_role("link", name="Tuesday 6 April 2027").click()
    expect(page).to_have_url(re.compile("/desk/day/2027-04-06/"))
    page.get_by_role("link", name="Week", exact=True).click()
    page.get_by_role("link", name="A month at a glance").click()
    page.get_by_role("link", name="Tuesday 13 April 2027").click()
    expect(page).to_have_url(re.compile(f"/desk/week/{osei.uuid}/2027-W15/"))


def test_the_page_itself_can_be_used_by_everybody(desk, axe):
    desk.goto("/desk/month/2027-03/")
    axe(desk)
