"""Cards on the board: what leads on them, what opens beside them, and where everybody has their place."""

import re
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from scheduling.models import TimeOff, WorkingHours
from tests import crowd, factories
from tests.browser.pdf_text import pages_of
from tests.conftest import MADRID, works

pytestmark = pytest.mark.browser

SOON = 6000  # milliseconds within which a change elsewhere shows
OVERLAPS = """(within) => {
  const area = document.getElementById("peek").getBoundingClientRect();
  const hides = (other) => other.left < area.right && other.right > area.left
    && other.top < area.bottom && other.bottom > area.top;
  const cards = [...document.querySelectorAll(`${within} .v > a`)];
  const hidden = cards.filter((card) => hides(card.getBoundingClientRect()));
  return hidden.map((card) => card.querySelector("b").innerText);
}"""
OUT_OF_SIGHT = """() => {
  const area = document.getElementById("peek").getBoundingClientRect();
  return area.left < 0 || area.top < 0 || area.right > innerWidth || area.bottom > innerHeight;
}"""


@pytest.fixture
def board(page, signed_in, rae, osei, lind, ana, ben, tuesday):
    signed_in(page, rae)

    def show(at=page, width=1440, height=900):
        at.set_viewport_size({"width": width, "height": height})
        at.goto(f"/desk/day/{tuesday}/")
        return at

    return show


def card(page, name):
    return page.locator(".board .v > a", has_text=name)


def peek(page):
    return page.locator("#peek")


@pytest.mark.parametrize(("language", "alert"), [("en", "Hearing: deaf, write"), ("es", ": deaf, write")])
def test_a_card_that_is_pointed_at_opens_beside_its_column(board, book, ana, ben, axe, rae, language, alert):
    rae.language = language
    rae.save()
    ana.phone, ana.alerts = "+34600555040", "hearing: deaf, write"
    ana.save()
    book(ana, "10:00")
    book(ben, "10:30")
    page = board()
    card(page, "Ana Souza").hover()
    expect(peek(page)).to_contain_text("600 55 50 40")
    expect(peek(page)).to_contain_text(alert)
    assert page.evaluate(OVERLAPS, ".board") == []
    axe(page)
    # It stays while the mouse is on it, and goes when it is on neither.
    peek(page).get_by_role("link", name="600 55 50 40").hover()
    page.wait_for_timeout(600)
    expect(peek(page)).to_be_visible()
    page.mouse.move(5, 5)
    expect(peek(page)).to_be_hidden()


def test_by_keys_it_opens_and_escape_closes_it_alone(board, book, ana, ben):
    ben.phone = "+34600555040"
    ben.save()
    book(ana, "10:00")
    book(ben, "10:30")
    page = board()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(card(page, "Ana Souza")).to_be_focused()
    expect(peek(page)).to_contain_text("Ana Souza")
    expect(card(page, "Ana Souza")).to_have_attribute("aria-details", "peek")
    page.keyboard.press("Escape")
    expect(peek(page)).to_be_hidden()
    expect(card(page, "Ana Souza")).to_be_focused()
    card(page, "Ana Souza").hover()
    page.wait_for_timeout(600)
    expect(peek(page)).to_be_hidden()  # not against somebody's will
    page.keyboard.press("ArrowDown")
    expect(peek(page)).to_contain_text("Ben Okafor")
    page.keyboard.press("Tab")  # to the phone in it
    expect(peek(page).get_by_role("link")).to_be_focused()
    page.wait_for_timeout(600)
    expect(peek(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page, "Ben Okafor")).to_be_focused()
    expect(page).to_have_url(re.compile("/desk/day/"))


def test_it_is_within_the_window_and_away_from_its_own_column_everywhere(
    board, page, signed_in, rae, tuesday
):
    crowd.fill(tuesday, now=datetime.combine(tuesday, time(12), MADRID), doctors=6, visits=90)
    board(width=1280, height=800)
    cards = page.locator(".board .v > a")
    for n in range(0, cards.count(), 11):
        cards.nth(n).scroll_into_view_if_needed()
        cards.nth(n).hover(position={"x": 20, "y": 5})
        expect(cards.nth(n)).to_have_attribute("aria-details", "peek")
        assert not page.evaluate(OUT_OF_SIGHT)
        assert page.evaluate(OVERLAPS, ".doc:has([aria-details])") == []


def test_a_tap_opens_the_visit_itself(board, signed_in, rae, browser, base_url, book, ana):
    visit = book(ana, "10:00")
    tablet = signed_in(browser.new_context(base_url=base_url, has_touch=True).new_page(), rae)
    asked = []
    tablet.on("request", lambda request: asked.append(request.url))
    board(tablet)
    card(tablet, "Ana Souza").tap()
    tablet.wait_for_url(f"**/desk/appointments/{visit.uuid}/")
    assert [url for url in asked if url.endswith("/card/")] == []
    tablet.context.close()


def test_it_keeps_up_with_a_change_elsewhere(board, book, ana, rae):
    visit = book(ana, "10:00")
    page = board()
    card(page, "Ana Souza").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(peek(page)).to_contain_text("Confirmed")
    type(visit).objects.filter(pk=visit.pk).update(status="cancelled", version=9)
    visit.claims.all().delete()
    expect(card(page, "Ana Souza")).to_have_count(0, timeout=SOON)
    expect(peek(page)).to_be_hidden()


def test_the_time_leads_on_one_line_and_the_name_has_the_first_of_two(board, page, book, ana, ben, osei):
    short = factories.VisitTypeFactory(minutes=15)
    book(ana, "10:00")
    brief = book(ben, "11:00")
    type(brief).objects.filter(pk=brief.pk).update(minutes=15, visit_type=short)
    board()

    def boxes(name):
        found = card(page, name)
        return found.locator(".at").bounding_box(), found.locator("b").bounding_box()

    at, name = boxes("Ana Souza")
    assert name["y"] + name["height"] <= at["y"] + 1
    at, name = boxes("Ben Okafor")
    assert at["x"] + at["width"] <= name["x"]
    assert abs(at["y"] - name["y"]) < 5
    assert (
        card(page, "Ben Okafor").evaluate("a => getComputedStyle(a.parentElement, '::after').width") == "4px"
    )


def test_arrows_jump_over_who_is_not_in_and_reach_them_at_the_heads(board, page, osei, lind, tuesday, axe):
    between = factories.DoctorFactory(doctor_name="Dr Bo Berg", specialty=osei.specialty)
    works(between, time(9), time(12), weekdays=[(tuesday.weekday() + 1) % 7])
    first, _strip, last = board().locator(".board .doc").all()
    free = re.compile("09:00, .*free")
    first.get_by_role("link", name=free).focus()
    page.keyboard.press("ArrowRight")
    expect(last.get_by_role("link", name=free)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    strip = page.get_by_role("link", name=re.compile("Dr Bo Berg ?, not in"))
    expect(strip).to_be_focused()
    box = strip.bounding_box()
    assert 24 <= box["width"] < 40 < box["height"]
    axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dr Bo Berg")


def test_who_goes_off_and_a_clinic_that_closes_fold_by_themselves(board, page, osei, lind, tuesday, axe):
    board()
    start = datetime.combine(tuesday, time(0), MADRID)
    TimeOff.objects.create(doctor=osei, starts_at=start, ends_at=start + timedelta(days=1), reason="Ill")
    expect(page.get_by_role("link", name=re.compile("Dr Ama Osei ?, time off: Ill"))).to_be_visible(
        timeout=SOON
    )
    TimeOff.objects.create(doctor=None, starts_at=start, ends_at=start + timedelta(days=1), reason="Feast")
    expect(page.get_by_role("heading", name="Closed: Feast.")).to_be_visible(timeout=SOON)
    expect(page.locator(".axis")).to_be_hidden()
    axe(page)
    page.get_by_role("link", name="09:00").click()
    page.wait_for_url(f"**/desk/day/{tuesday + timedelta(days=1)}/")


@pytest.mark.parametrize(("width", "is_folded"), [(1024, True), (1179, True), (1180, False), (1440, False)])
def test_the_waiting_room_is_folded_where_there_is_little_room(page, signed_in, rae, osei, width, is_folded):
    works(osei, time(0), time(23, 55), weekdays=range(7))
    signed_in(page, rae)
    page.set_viewport_size({"width": width, "height": 768})
    page.goto("/desk/")
    summary = page.locator(".rail-fold > summary")
    rows = page.locator("#waiting").get_by_role("heading", name="Due, not here")
    assert (summary.is_visible(), rows.is_visible()) == (is_folded, not is_folded)
    if is_folded:
        width_of_board = page.locator(".board").bounding_box()["width"]
        assert width_of_board > width - 40
        summary.press("Enter")
        expect(rows).to_be_visible()
        assert page.locator(".board").bounding_box()["height"] > 150
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("height", [279, 292, 297])
def test_paper_leaves_out_nobody(page, signed_in, rae, tuesday, height):
    """Upright, in millimetres: where a column just did not fit, a whole page came out empty."""
    crowd.fill(tuesday, now=datetime.combine(tuesday, time(12), MADRID), doctors=12, visits=150)
    out = factories.DoctorFactory(doctor_name="Dr Una Out")
    WorkingHours.objects.filter(doctor=out).delete()
    signed_in(page, rae).goto(f"/desk/day/{tuesday}/")
    names = {re.sub(r"\s", "", name) for name in page.locator(".board .v b").all_inner_texts()}
    paper = page.pdf(width="210mm", height=f"{height}mm")
    pages = [re.sub(r"\s", "", text) for text in pages_of(paper)]
    assert [n for n, text in enumerate(pages) if not text] == []
    assert {name for name in names if name not in "".join(pages)} == set()
    assert "DrUnaOut" not in "".join(pages)
    assert all(kind in pages[-1] for kind in ("Control7", "Firstvisit7", "Echo7"))
