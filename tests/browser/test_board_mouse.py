"""What a mouse does on the board: edges that are dragged, and a press elsewhere while a visit is moved."""

import re
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from scheduling.models import Appointment, TimeOff
from tests.conftest import MADRID

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(book, ana):
    return book(ana, "10:00")


@pytest.fixture
def board(page, signed_in, rae, lind, visit, tuesday):
    signed_in(page, rae)
    page.goto(f"/desk/day/{tuesday}/")
    page.wait_for_load_state()
    return page


def card(page, name):
    return page.locator(".board .v > a", has_text=name)


def drag_edge(page, of, minutes):
    """The lower edge of a 30-minute card, taken and held that many minutes further down."""
    box = of.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + box["height"] * minutes / 30, steps=4)


def test_an_edge_makes_a_visit_longer_once_it_is_saved(board, visit, tuesday):
    drag_edge(board, card(board, "Ana Souza"), 15)
    expect(card(board, "Ana Souza")).to_have_attribute("data-longer-by", "+15")
    board.mouse.up()
    expect(board).to_have_url(re.compile(f"/{visit.uuid}/edit/\\?longer_by=15&"))
    expect(board.get_by_label("Length, minutes")).to_have_value("45")
    expect(board.get_by_role("button", name="Save the correction")).to_be_focused()
    board.keyboard.press("Enter")
    expect(board.locator("#toasts")).to_contain_text("corrected")
    expect(board).to_have_url(re.compile(f"/desk/day/{tuesday}/"))
    assert Appointment.objects.get(uuid=visit.uuid).minutes == 45


def test_an_edge_that_is_let_go_where_it_was_does_nothing(board, visit, tuesday):
    drag_edge(board, card(board, "Ana Souza"), -15)
    expect(card(board, "Ana Souza")).to_have_attribute("data-longer-by", "−15")
    board.keyboard.press("Escape")
    board.mouse.up()
    expect(card(board, "Ana Souza")).to_be_visible()
    drag_edge(board, card(board, "Ana Souza"), 0)
    board.mouse.up()
    expect(board).to_have_url(re.compile(f"/desk/day/{tuesday}/$"))
    card(board, "Ana Souza").click(position={"x": 40, "y": 8})
    expect(board).to_have_url(re.compile(f"/desk/appointments/{visit.uuid}/$"))


@pytest.mark.parametrize("way", ["a press", "its key"])
def test_another_visit_asks_before_a_move_ends(way, board, book, visit, ben, lind, tuesday, axe):
    other = book(ben, "12:00", doctor=lind)
    board.goto(f"/desk/day/{tuesday}/?moving={visit.uuid}")
    board.wait_for_load_state()

    def leave():
        if way == "a press":
            card(board, "Ben Okafor").click()
        else:
            card(board, "Ben Okafor").press("m")

    leave()
    asked = board.get_by_role("dialog", name="Stop moving this visit?")
    expect(asked).to_contain_text("The visit of Ana Souza Prieto stays where it is")
    axe(board)
    expect(asked.get_by_role("button", name="Go on choosing a time")).to_be_focused()
    board.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    expect(card(board, "Ben Okafor")).to_be_focused()
    expect(board).to_have_url(re.compile("moving="))
    leave()
    asked.get_by_role("link", name="Stop, and open the other visit").click()
    expect(board).to_have_url(re.compile(f"/desk/(appointments/{other.uuid}/|day/.*moving={other.uuid})"))


def test_the_first_arrow_of_a_move_finds_the_time_nearest_to_its_own(board, visit, tuesday):
    """A week later; of two doctors' the one of its own."""
    hour = visit.appointment_datetime.astimezone(MADRID)
    board.goto(f"/desk/day/{tuesday}/?moving={visit.uuid}")
    board.wait_for_load_state()
    board.keyboard.press(".")
    expect(board).to_have_url(re.compile(f"/desk/day/{tuesday + timedelta(weeks=1)}/"))
    board.wait_for_load_state()
    board.keyboard.press("ArrowDown")
    there = board.get_by_role("link", name=re.compile(f"{hour:%H:%M}, {visit.doctor.doctor_name}"))
    expect(there).to_be_focused()


def test_the_first_arrow_of_a_move_stays_with_the_doctor(board, visit, tuesday, book, ben):
    """Where they are taken at that hour, a colleague who is free then is not what was asked for."""
    book(ben, f"{visit.appointment_datetime.astimezone(MADRID):%H:%M}", on=tuesday + timedelta(weeks=1))
    board.goto(f"/desk/day/{tuesday + timedelta(weeks=1)}/?moving={visit.uuid}")
    board.wait_for_load_state()
    board.keyboard.press("ArrowDown")
    focused = board.locator(".board .f a:focus")
    expect(focused).to_have_attribute("aria-label", re.compile(visit.doctor.doctor_name))


def test_the_visit_that_is_moved_opens_at_once(board, visit, tuesday):
    board.goto(f"/desk/day/{tuesday}/?moving={visit.uuid}")
    board.wait_for_load_state()
    card(board, "Ana Souza").click(position={"x": 40, "y": 8})
    expect(board).to_have_url(re.compile(f"/desk/appointments/{visit.uuid}/$"))


def free(page, at):
    return page.get_by_role("link", name=re.compile(f"{at}, Dr Ama Osei, free"))


def test_free_times_are_marked_and_blocked_and_u_gives_them_back(board, tuesday, axe):
    first, last = free(board, "11:00").bounding_box(), free(board, "12:00").bounding_box()
    board.mouse.move(first["x"] + 20, first["y"] + 8)
    board.mouse.down()
    board.mouse.move(last["x"] + 20, last["y"] + 8, steps=5)
    expect(board.locator(".is-marked")).to_have_count(3)
    board.mouse.up()
    expect(board.get_by_role("heading", level=1)).to_have_text("Block time of Dr Ama Osei")
    expect(board.get_by_label("From", exact=True)).to_have_value("11:00")
    expect(board.get_by_label("Until", exact=True)).to_have_value("12:30")
    axe(board)
    expect(board.get_by_label("For what")).to_be_focused()
    board.keyboard.type("Lunch with the lab")
    board.keyboard.press("Enter")
    expect(board.locator("#toasts")).to_contain_text("11:00 to 12:30: blocked for “Lunch with the lab”.")
    expect(board.get_by_role("link", name="Lunch with the lab Blocked, 11:00 to 12:30")).to_be_focused()
    axe(board)
    board.keyboard.press("u")
    expect(board.locator("#toasts")).to_contain_text("not blocked any more")
    expect(free(board, "11:00")).to_be_focused()
    expect(free(board, "11:30")).to_be_visible()
    assert not TimeOff.objects.exists()


def test_a_press_on_a_block_gives_its_time_back(board, osei, tuesday, axe):
    noon = datetime.combine(tuesday, time(12), MADRID)
    hours = (noon, noon + timedelta(hours=1))
    TimeOff.objects.create(
        doctor=osei, starts_at=hours[0], ends_at=hours[1], reason="Phone calls", is_block=True
    )
    board.reload()
    board.get_by_role("link", name="Phone calls Blocked, 12:00 to 13:00").press("Enter")
    expect(board.get_by_role("button", name="Give the time back")).to_be_focused()
    axe(board)
    board.keyboard.press("Enter")
    expect(board.locator("#toasts")).to_contain_text("not blocked any more")
    expect(free(board, "12:00")).to_be_focused()
    expect(free(board, "12:30")).to_be_visible()


def test_a_key_blocks_the_free_time_that_has_the_focus(board, tuesday):
    free(board, "11:30").focus()
    board.keyboard.press("p")
    expect(board.get_by_label("From", exact=True)).to_have_value("11:30")
    expect(board.get_by_label("Until", exact=True)).to_have_value("12:00")
    expect(board.get_by_label("For what")).to_be_focused()
    board.get_by_label("Day", exact=True).fill("31/2/2026")
    board.keyboard.press("Enter")
    expect(board.get_by_text("“31/2/2026” is not a date.")).to_be_visible()
    expect(board.get_by_label("Day", exact=True)).to_be_focused()
    board.get_by_role("link", name="Leave without saving").click()
    expect(free(board, "11:30")).to_be_focused()
    free(board, "11:30").click()
    board.get_by_role("link", name="Block this time instead").click()
    expect(board.get_by_label("From", exact=True)).to_have_value("11:30")
