"""What is chosen applies at once by mouse; by keys when Enter says so; and without scripts by the button."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.once]

DAY = "/desk/day/2027-03-30/"  # a Tuesday


@pytest.fixture
def desk(page, rae, signed_in, osei, lind, checkup):
    page = signed_in(page, rae)
    page.goto(DAY)
    return page


def by_mouse(page):
    """So that what follows counts as done by mouse: Playwright sets a list's value without one."""
    page.locator(".daybar h1").click()


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_there_is_no_go_and_no_show(desk, axe):
    expect(desk.get_by_role("button", name=re.compile("^(Go|Show) "))).to_have_count(0)
    axe(desk)


def test_by_mouse_a_choice_applies_at_once_and_leaves_the_single_keys_alone(desk, cardiology):
    by_mouse(desk)
    desk.get_by_label("Specialty").select_option(str(cardiology.uuid))
    desk.wait_for_url(f"**{DAY}?specialty={cardiology.uuid}")
    assert focused(desk) == ""
    desk.keyboard.press("j")
    desk.wait_for_url(f"**/desk/day/2027-03-31/?specialty={cardiology.uuid}")


def test_by_keys_a_choice_waits_for_enter_and_the_focus_stays(desk, cardiology):
    """Arrows pass by every entry of a list, and each of them is a change."""
    field = desk.get_by_label("Specialty")
    field.focus()
    desk.keyboard.press("ArrowDown")
    expect(field).to_have_value(str(cardiology.uuid))
    show = desk.get_by_role("button", name="Show these doctors")
    expect(show).to_be_visible()
    desk.keyboard.press("ArrowUp")  # as it was: nothing waits
    expect(show).to_be_hidden()
    desk.keyboard.press("ArrowDown")
    expect(desk).to_have_url(re.compile(f"{DAY}$"))
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{DAY}?specialty={cardiology.uuid}")
    assert focused(desk) == "specialty"
    expect(show).to_be_hidden()


def test_the_button_for_what_waits_is_a_tab_away(desk, cardiology):
    desk.get_by_label("Specialty").focus()
    desk.keyboard.press("ArrowDown")
    desk.get_by_role("button", name="Show these doctors").press("Enter")
    desk.wait_for_url(f"**{DAY}?specialty={cardiology.uuid}")


def test_ticked_doctors_apply_when_their_menu_is_closed_and_escape_leaves_it_as_it_was(desk, osei, lind):
    menu = desk.locator("#which-doctors")
    menu.click()
    desk.get_by_role("checkbox", name="Dr Per Lind").check()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("checkbox", name="Dr Per Lind")).to_be_hidden()
    expect(desk).to_have_url(re.compile(f"{DAY}$"))
    menu.click()
    expect(desk.get_by_role("checkbox", name="Dr Per Lind")).not_to_be_checked()
    desk.get_by_role("checkbox", name="Dr Per Lind").check()
    by_mouse(desk)
    desk.wait_for_url(f"**{DAY}?doctor={lind.uuid}")
    expect(desk.locator("#which-doctors")).to_have_text("1 doctor")
    desk.locator("#which-doctors").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(f"doctor={osei.uuid}"))


def test_day_and_week_turn_by_a_key_and_the_doctor_is_switched_in_the_week(desk, osei, lind):
    desk.keyboard.press("v")
    desk.wait_for_url(f"**/desk/week/{osei.uuid}/2027-W13/")
    by_mouse(desk)
    desk.get_by_label("Whose week").select_option(str(lind.uuid))
    desk.wait_for_url(f"**/desk/week/{lind.uuid}/2027-W13/")
    desk.keyboard.press("r")
    assert focused(desk) == "doctor"
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/week/{osei.uuid}/2027-W13/")
    assert focused(desk) == "doctor"
    desk.get_by_role("link", name="Day", exact=True).nth(1).click()
    desk.wait_for_url(f"**/desk/day/2027-03-29/?of={osei.uuid}")


def test_the_times_found_follow_the_wishes_while_the_focus_stays(desk, lind):
    desk.goto("/desk/find/")
    expect(desk.locator(".starts a").first).to_have_accessible_name(re.compile("Dr Ama Osei"))
    desk.get_by_role("checkbox", name="Thu").focus()
    desk.keyboard.press("Space")
    expect(desk.locator("#found [role=status]")).to_contain_text("Thu")
    expect(desk.get_by_role("checkbox", name="Thu")).to_be_focused()
    expect(desk).to_have_url(re.compile("on=3"))
    desk.get_by_label("Doctor").first.select_option(str(lind.uuid))
    expect(desk.locator(".starts a").first).to_have_accessible_name(re.compile("Dr Per Lind"))
    desk.reload()
    expect(desk.locator(".starts a").first).to_have_accessible_name(re.compile("Dr Per Lind"))
    expect(desk.get_by_role("checkbox", name="Thu")).to_be_checked()


def test_without_scripts_the_buttons_are_there(new_context, signed_in, rae, osei, lind, cardiology):
    page = signed_in(new_context(java_script_enabled=False).new_page(), rae)
    page.goto(DAY)
    page.get_by_label("Specialty").select_option(str(cardiology.uuid))
    page.get_by_role("button", name="Show these doctors").click()
    expect(page).to_have_url(re.compile(f"specialty={cardiology.uuid}"))
    page.get_by_label("Go to date").fill("31/3/2027")
    page.get_by_role("button", name="Go to this date").click()
    expect(page).to_have_url(re.compile("/desk/day/2027-03-31/"))
    page.get_by_role("link", name="Week", exact=True).click()
    page.get_by_label("Whose week").select_option(str(lind.uuid))
    page.get_by_role("button", name="Show this doctor’s week").click()
    expect(page).to_have_url(re.compile(f"/desk/week/{lind.uuid}/2027-W13/"))
