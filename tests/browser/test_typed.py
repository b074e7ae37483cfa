"""Back, Forward and Reload: what was typed is there, and the browser has nothing to ask."""

import re

import pytest
from playwright.sync_api import expect

from scheduling.models import Appointment
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def desk(page, rae, signed_in):
    return signed_in(page, rae)


def test_back_after_a_search_shows_who_was_found(desk, ana, ben):
    desk.goto("/desk/patients/")
    desk.get_by_label("Find a patient").fill("souza")
    desk.get_by_role("button", name="Find", exact=True).click()
    expect(desk).to_have_url(re.compile(r"/desk/patients/\?typed=[0-9a-f-]{36}$"))
    found = desk.get_by_role("link", name="Ana Souza Prieto", exact=True)
    found.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Ana Souza Prieto")
    desk.go_back()
    expect(found).to_be_visible()
    assert desk.get_by_label("Find a patient").input_value() == "souza"
    desk.reload()
    expect(found).to_be_visible()
    desk.go_back()
    expect(desk.get_by_role("link", name="Ben Okafor", exact=True)).to_be_visible()
    desk.go_forward()
    expect(found).to_be_visible()


def test_a_booking_survives_leaving_the_page_by_any_way(desk, ana, osei, checkup, tuesday, axe):
    desk.goto(f"/desk/book/?doctor={osei.uuid}&start={tuesday}T10:00")
    desk.get_by_label("Find the patient").fill("souza")
    with desk.expect_response("**/desk/book/summary/"):
        desk.get_by_role("radio", name=re.compile("Ana Souza")).check()
    desk.get_by_label("Reason").fill("Dizzy in the mor")  # and the telephone rings
    expect(desk).to_have_url(re.compile(r"/desk/book/\?draft=[0-9a-f-]{36}$"))
    desk.goto("/desk/patients/")
    desk.go_back()
    expect(desk.get_by_label("Reason")).to_have_value("Dizzy in the mor")
    expect(desk.get_by_role("radio", name=re.compile("Ana Souza"))).to_be_checked()
    desk.reload()
    expect(desk.get_by_label("Reason")).to_have_value("Dizzy in the mor")
    desk.get_by_role("link", name="Leave without booking").click()
    desk.wait_for_url(f"/desk/day/{tuesday}/")
    desk.keyboard.press("n")
    expect(desk.get_by_text("You have 1 unfinished booking.")).to_be_visible()
    axe(desk)
    desk.keyboard.press("n")  # another one, in the middle of it
    expect(desk.get_by_label("Reason")).to_have_value("")
    desk.goto("/desk/book/")
    desk.keyboard.press("1")
    expect(desk.get_by_label("Reason")).to_have_value("Dizzy in the mor")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Booked")
    assert Appointment.objects.get().description == "Dizzy in the mor"
    desk.goto("/desk/book/")
    expect(desk.get_by_label("Find the patient")).to_be_visible()


def test_a_refused_overbooking_can_be_typed_in_and_reloaded(
    page, max_, signed_in, book, osei, ana, ben, checkup, tuesday
):
    """Its answer stands at an address that only takes forms: the page's own names the booking."""
    book(ana, "10:00")
    page = signed_in(page, max_)
    page.goto(
        f"/desk/book/?doctor={osei.uuid}&start={tuesday}T10:00&patient={ben.uuid}&visit_type={checkup.uuid}"
    )
    page.get_by_role("button", name="Book this visit").click()
    page.locator(".overbook > summary").click()
    page.get_by_role("button", name="Overbook 10:00 for Ben Okafor").click()  # without a reason
    expect(page).to_have_url(re.compile("/desk/book/overbook/$"))
    page.get_by_label("Reason").fill("Dizzy")
    expect(page).to_have_url(re.compile(r"/desk/book/\?draft=[0-9a-f-]{36}$"))
    with page.expect_response("**/desk/book/summary/"):
        page.keyboard.press("Tab")
    page.reload()
    expect(page.get_by_label("Reason")).to_have_value("Dizzy")


def test_a_time_without_anybody_stays_in_the_address(desk, osei, checkup, tuesday):
    other = factories.VisitTypeFactory(name="Vaccination", minutes=15)
    address = f"/desk/book/?doctor={osei.uuid}&start={tuesday}T10:00"
    desk.goto(address)
    with desk.expect_response("**/desk/book/summary/"):
        desk.get_by_role("radio", name=re.compile(other.name)).check()
    assert desk.url.endswith(address)
    desk.reload()
    expect(desk.get_by_label("Time", exact=True)).to_have_value("10:00")


@pytest.mark.parametrize("away", ["the network", "the server"])
def test_a_search_that_is_not_answered_says_so_and_offers_no_new_record(page, rae, signed_in, ana, away):
    signed_in(page, rae)
    desk = page.context.new_page()  # whose console may complain
    desk.goto("/desk/book/")
    fails = {
        "the network": lambda route: route.abort(),
        "the server": lambda route: route.fulfill(status=503),
    }
    desk.route("**/desk/book/patients/", fails[away])
    desk.get_by_label("Find the patient").fill("souza")
    told = desk.get_by_role("alert").filter(has_text="does not answer")
    expect(told).to_be_visible()
    expect(desk.get_by_role("radio", name=re.compile("New patient"))).to_be_hidden()
    desk.unroute("**/desk/book/patients/")
    desk.get_by_label("Find the patient").press_sequentially(" ")
    expect(desk.get_by_role("radio", name=re.compile("Ana Souza"))).to_be_visible()
    expect(told).to_have_count(0)
    expect(desk.get_by_role("radio", name=re.compile("New patient"))).to_be_visible()
