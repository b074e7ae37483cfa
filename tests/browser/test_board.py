"""The board under somebody's hands: arrows, another desk's changes, a phone, a mouse that drags."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.booking import actions
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status, TimeOff
from tests import crowd, factories
from tests.conftest import MADRID, works

pytestmark = pytest.mark.browser

SOON = 5000  # milliseconds within which a change elsewhere shows


@pytest.fixture
def board(page, signed_in, rae, osei, lind, ana, ben, checkup, tuesday):
    """`board(page)`: the day with Dr Osei and Dr Lind side by side."""
    signed_in(page, rae)

    def show(at=page):
        at.goto(f"/desk/day/{tuesday}/")
        return at

    return show


def free(page, at, doctor):
    return page.get_by_role("link", name=re.compile(f"{at}, {doctor}, free"))


def card(page, name):
    return page.locator(".board .v > a", has_text=name)


def test_the_arrows_move_between_cells_and_enter_books(board, book, ana):
    book(ana, "10:00")
    page = board()
    page.get_by_role("region", name=re.compile("a column per doctor")).focus()
    page.keyboard.press("Tab")
    expect(free(page, "09:00", "Dr Ama Osei")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(card(page, "Ana Souza")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(free(page, "10:00", "Dr Per Lind")).to_be_focused()
    page.keyboard.press("End")
    expect(free(page, "13:30", "Dr Per Lind")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(free(page, "13:30", "Dr Ama Osei")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")  # into the doctor's heading
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="Dr Ama Osei", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(free(page, "09:30", "Dr Ama Osei")).to_be_focused()
    page.keyboard.press("Tab")  # one stop for the whole board
    assert page.evaluate("document.activeElement.closest('.doc')") is None
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/book/\?doctor=.*09:30"))


def test_the_first_arrow_enters_the_board_at_the_first_free_time(board, book, ana):
    book(ana, "09:00")
    page = board()
    page.keyboard.press("ArrowDown")
    expect(free(page, "09:00", "Dr Per Lind")).to_be_focused()
    page.get_by_role("link", name="Waiting room").focus()  # an arrow there is the browser's
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Waiting room")).to_be_focused()


def test_who_works_at_night_does_not_open_the_board_at_midnight(board, lind, osei, tuesday):
    night = factories.DoctorFactory(doctor_name="Dr Nil Night")
    works(night, time(0), time(4), weekdays=range(7))
    works(osei, time(18), time(23), weekdays=range(7))
    page = board()
    expect(free(page, "09:00", "Dr Per Lind")).to_be_in_viewport()
    expect(free(page, "02:00", "Dr Nil Night")).not_to_be_in_viewport()


def test_a_move_and_a_booking_by_keys_keep_to_what_one_looks_at(board, book, ana, lind, osei, tuesday):
    visit = book(ana, "10:00")
    page = board()
    page.goto(f"/desk/appointments/{visit.uuid}/move/?doctor={lind.uuid}&start={tuesday}T09:30:00%2B01:00")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/desk/day/{tuesday}/?moved=*")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("10:00 with Dr Ama Osei")
    visit.refresh_from_db()
    assert visit.doctor == osei
    card(page, "Ana Souza").focus()
    page.keyboard.press("l")
    page.wait_for_url("**/cancel/**")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(f"/desk/day/{tuesday}/"))
    expect(card(page, "Ana Souza")).to_be_focused()
    page.keyboard.press("n")
    page.wait_for_url(f"**/desk/book/?day={tuesday}")
    expect(page.get_by_label("Day", exact=True)).to_have_value(f"{tuesday:%d/%m/%Y}")


def test_a_change_at_another_desk_shows_and_disturbs_nothing(
    board, signed_in, rae, browser, base_url, book, ana, ben
):
    visit = book(ana, "10:00", status=Status.PENDING)
    page = board()
    other = signed_in(browser.new_context(base_url=base_url).new_page(), rae)
    board(other)
    page.get_by_label("Go to date").fill("2031-05-06")  # half-typed
    page.locator("details.menu", has_text="All doctors").locator("summary").click()
    page.evaluate("document.querySelector('.board').scrollTop = 40")
    free(page, "09:30", "Dr Ama Osei").focus()
    top = page.evaluate("document.querySelector('.board').scrollTop")

    card(other, "Ana Souza").focus()
    other.keyboard.press("o")
    expect(page.locator(".v.st-co", has_text="Ana Souza")).to_be_visible(timeout=SOON)
    expect(page.locator("#said")).to_have_text(
        "Ana Souza Prieto, confirmed, 10:00 Check-up, 30 min, with Dr Ama Osei."
    )
    expect(free(page, "09:30", "Dr Ama Osei")).to_be_focused()
    expect(page.get_by_label("Go to date")).to_have_value("2031-05-06")
    assert page.evaluate("document.querySelector('.board').scrollTop") == top
    expect(page.locator("details.menu", has_text="All doctors")).to_have_attribute("open", "")

    # What has the focus is taken by somebody else: the focus stays in its place.
    book(ben, "09:30")
    expect(card(page, "Ben Okafor")).to_be_focused(timeout=SOON)

    visit = Appointment.objects.get(pk=visit.pk)
    actions.cancel(Seen.of(visit), reason="ill", wish="patient", by=rae, now=timezone.now())
    expect(card(page, "Ana Souza")).to_have_count(0, timeout=SOON)
    expect(page.locator("#said")).to_contain_text("no longer on this board")
    expect(page.get_by_role("link", name="Show 1 cancelled")).to_be_visible()
    other.context.close()


def test_a_board_that_cannot_know_says_since_when(board, page):
    # A page of its own: the fixture's complains of every failed request.
    view = board(page.context.new_page())
    warning = view.get_by_role("alert")
    view.route("**/changes/**", lambda route: route.abort())
    expect(warning).to_contain_text(re.compile(r"Not up to date since \d\d:\d\d\."), timeout=15_000)
    view.unroute("**/changes/**")
    view.evaluate("dispatchEvent(new Event('online'))")
    expect(warning).to_be_hidden(timeout=SOON)
    view.context.clear_cookies()
    expect(warning).to_contain_text("You are signed out", timeout=SOON)


def test_time_goes_on_without_a_request(page, signed_in, rae, osei):
    works(osei, time(0), time(23, 55), weekdays=range(7))
    signed_in(page, rae)
    page.clock.install()
    page.goto("/desk/")
    before = page.locator("#now-tag").inner_text()
    page.route("**/changes/**", lambda route: route.fulfill(status=204))
    page.clock.run_for(6 * 60_000)
    assert page.locator("#now-tag").inner_text() != before


def test_a_phone_has_an_agenda(board, page, book, ana, axe):
    book(ana, "10:00")
    page.set_viewport_size({"width": 390, "height": 844})
    board()
    expect(page.locator(".axis")).to_be_hidden()
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("navigation", name="Doctors").get_by_role("link", name="Dr Per Lind").click()
    expect(page.get_by_role("heading", name="Dr Per Lind")).to_be_in_viewport()
    heights = page.evaluate(
        "[...document.querySelectorAll('.day a')].map(a => a.getBoundingClientRect().height)"
    )
    assert min(heights) >= 24
    axe(page)


def test_a_card_is_dropped_on_a_free_time(board, page, book, ana):
    visit = book(ana, "10:00")
    board()
    card(page, "Ana Souza").drag_to(free(page, "12:00", "Dr Per Lind"))
    expect(page).to_have_url(re.compile(f"/desk/appointments/{visit.uuid}/move/\\?doctor=.*12:00"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Move the visit of Ana Souza Prieto")


def test_boards_are_readable_to_everybody(board, page, signed_in, rae, osei, axe, tuesday, book, ben):
    """Every state, both kinds of time off, a week, a visit that is moved."""
    visit = book(ben, "12:00")
    noon = datetime.combine(tuesday, time(12), MADRID)
    crowd.fill(tuesday, now=noon, doctors=6, visits=80)
    TimeOff.objects.create(doctor=osei, starts_at=noon, ends_at=noon + timedelta(hours=1), reason="Training")
    signed_in(page, rae)
    for address in (
        f"/desk/day/{tuesday}/?cancelled=1",
        f"/desk/day/{tuesday}/?moving={visit.uuid}",
        f"/desk/week/{osei.uuid}/{tuesday:%G-W%V}/",
    ):
        page.goto(address)
        axe(page)
        small = page.evaluate(
            "[...document.querySelectorAll('.day a')].filter(a => a.offsetHeight < 23).length"
        )
        assert small == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
