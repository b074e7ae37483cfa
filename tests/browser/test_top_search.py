"""The header's search: who is found stands below it while one types."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def desk(page, rae, signed_in, osei, ana, ben, checkup):
    page = signed_in(page, rae)
    page.goto("/desk/waiting/")
    return page


def typed(page, text):
    page.keyboard.press("/")
    page.keyboard.type(text)
    found = page.locator("#top-found")
    expect(found.locator("[data-for]")).to_have_attribute("data-for", text)
    return found


def hit(page, name):
    return page.locator("#top-found [data-hit]", has_text=name)


def test_who_is_found_is_walked_through_by_keys_and_opened(desk, axe, ana, ben):
    other = factories.PatientFactory(patient_name="Ana", patient_lastname="Zamora")
    found = typed(desk, "ana")
    expect(found.get_by_role("status")).to_contain_text("2 patients found.")
    axe(desk)
    desk.keyboard.press("ArrowDown")
    expect(hit(desk, "Souza Prieto")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(hit(desk, "Zamora")).to_be_focused()
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowUp")
    expect(desk.locator("#top-q")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/patients/{other.uuid}/")


def test_to_the_right_stands_the_booking(desk, ana):
    typed(desk, "souza")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowRight")
    expect(desk.get_by_role("link", name="Book for Ana Souza Prieto")).to_be_focused()
    desk.keyboard.press("ArrowLeft")
    expect(hit(desk, "Souza")).to_be_focused()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/book/?patient={ana.uuid}")


def test_enter_opens_the_one_who_is_found_and_of_several_shows_the_register(desk, ana):
    """Also before the answer to the last letter has come."""
    desk.keyboard.press("/")
    desk.keyboard.type("souza prieto")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/patients/{ana.uuid}/")
    factories.PatientFactory(patient_name="Ana", patient_lastname="Zamora")
    desk.keyboard.press("/")
    desk.keyboard.type("ana")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/patients/?typed=*")
    expect(desk.get_by_role("status").first).to_contain_text("2 found")


def test_escape_closes_and_a_letter_goes_on_with_the_name(desk):
    found = typed(desk, "sou")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.type("n")  # a key of the header's, elsewhere
    expect(desk.locator("#top-q")).to_have_value("soun")
    expect(found).to_contain_text("No patient found")
    desk.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(desk.locator("#top-q")).to_be_focused()
    expect(desk.locator("#top-q")).to_have_value("soun")
    desk.keyboard.press("Backspace")
    expect(hit(desk, "Souza")).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(desk.locator("#top-q")).to_be_focused()


def test_it_closes_where_somebody_goes_on_elsewhere(desk):
    found = typed(desk, "souza")
    expect(hit(desk, "Souza")).to_be_visible()
    desk.locator("main").click(position={"x": 2, "y": 2})
    expect(found).to_be_hidden()
    desk.locator("#top-q").focus()
    expect(found).to_be_visible()
    for _ in range(3):  # the hit, its booking, and on
        desk.keyboard.press("Tab")
    expect(found).to_be_hidden()


def test_a_slip_is_forgiven_and_one_who_is_nowhere_can_be_added(desk, axe):
    found = typed(desk, "suoza")
    expect(found.get_by_role("status")).to_contain_text("Did you mean this patient?")
    expect(hit(desk, "Souza Prieto")).to_be_visible()
    desk.keyboard.press("Enter")  # only like it: to the register
    desk.wait_for_url("**/desk/patients/?typed=*")
    desk.goto("/desk/waiting/")
    found = typed(desk, "Zoe Nandu")
    axe(desk)
    found.get_by_role("button", name="Add a patient of this name").click()
    expect(desk.get_by_label("First name")).to_have_value("Zoe")
    expect(desk.get_by_label("Last name").first).to_have_value("Nandu")


def test_what_is_typed_reaches_no_address(desk):
    asked = []
    desk.on("request", lambda request: asked.append((request.method, request.url)))
    typed(desk, "souza")
    assert [method for method, url in asked if "hits" in url] == ["POST"] * len(asked)
    assert not any("souza" in url for _method, url in asked)


def test_without_scripts_enter_goes_to_the_register(new_context, signed_in, rae, ana):
    page = signed_in(new_context(java_script_enabled=False).new_page(), rae)
    page.goto("/desk/waiting/")
    page.locator("#top-q").fill("souza")
    page.locator("#top-q").press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/patients/\?typed="))
    expect(page.get_by_role("link", name="Ana Souza Prieto").first).to_be_visible()
