"""A day is typed as people write it, said back in words, or taken from a calendar."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.matching.test_written_days import BIRTHS, DAYS, TODAY

pytestmark = [pytest.mark.browser, pytest.mark.once]
# Reads every text as the page's script does.
READ = """async ([texts, isBirth]) => {
  const { dayOf } = await import(document.querySelector("script[src*='js/days']").src);
  return texts.map((text) => dayOf(text, isBirth)?.toISOString().slice(0, 10) ?? null);
}"""


@pytest.fixture
def desk(page, rae, signed_in):
    page.clock.set_fixed_time(f"{TODAY}T12:00:00")
    return signed_in(page, rae)


def in_figures(table):
    """Months by their names are read by the server alone."""
    return {text: day for text, day in table.items() if text.isascii() and not any(map(str.isalpha, text))}


@pytest.mark.parametrize(("table", "is_birth"), [(BIRTHS, True), (DAYS, False)])
def test_the_script_reads_what_the_server_reads(desk, table, is_birth):
    desk.goto("/desk/patients/new/")
    expected = in_figures(table)
    assert len(expected) > 8
    assert dict(zip(expected, desk.evaluate(READ, [list(expected), is_birth]), strict=True)) == expected


def test_a_birth_date_is_said_back_and_kept(desk, axe):
    desk.goto("/desk/patients/new/")
    born = desk.get_by_label("Date of birth")
    born.fill("18.8.92")
    said = desk.locator(".day-said").first
    expect(said).to_have_text("Tuesday 18 August 1992, 33 years")
    axe(desk)
    born.fill("18.8")
    expect(said).to_be_hidden()
    desk.get_by_label("First name").fill("Zoe")
    born.fill("18.8.92")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Zoe")
    expect(desk.get_by_text("18 August 1992")).to_be_visible()


def test_the_calendar_for_births_is_the_browsers_and_writes_the_day_as_people_do(desk):
    desk.goto("/desk/patients/new/")
    box = desk.get_by_label("Date of birth")
    desk.locator(".day-picker").first.evaluate(
        "picker => { picker.value = '1992-08-03'; picker.dispatchEvent(new Event('change')); }"
    )
    expect(box).to_have_value("03/08/1992")
    expect(box).to_be_focused()


def test_a_day_without_its_year_is_the_next_one(desk):
    desk.goto("/desk/")
    desk.get_by_label("Go to date").fill("5/1")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/day/{date.today().year + 1}-01-05/")


def test_a_free_time_that_is_pressed_fills_the_day_the_same_way(page, rae, signed_in, osei, checkup):
    desk = signed_in(page, rae)
    desk.goto(f"/desk/book/?doctor={osei.uuid}&visit_type={checkup.uuid}")
    desk.locator("#times [data-fills]").first.click()
    expect(desk.get_by_label("Day", exact=True)).to_have_value(re.compile(r"^\d\d/\d\d/\d{4}$"))
    said = desk.locator("output[for=id_day]")
    expect(said).to_contain_text(re.compile(r"day \d+ \w+ 20\d\d$"))
