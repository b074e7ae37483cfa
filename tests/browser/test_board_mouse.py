"""What a mouse does on the board: edges that are dragged, and a press elsewhere while a visit is moved."""

import re

import pytest
from playwright.sync_api import expect

from scheduling.models import Appointment

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


def test_the_visit_that_is_moved_opens_at_once(board, visit, tuesday):
    board.goto(f"/desk/day/{tuesday}/?moving={visit.uuid}")
    board.wait_for_load_state()
    card(board, "Ana Souza").click(position={"x": 40, "y": 8})
    expect(board).to_have_url(re.compile(f"/desk/appointments/{visit.uuid}/$"))
