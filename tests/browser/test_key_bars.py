"""What the desk does all day takes no more keys, and no more time, than docs/keys.md says."""

import re
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from playwright.sync_api import expect

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.models import Appointment, Status
from tests import factories
from tests.browser.test_keystrokes import Keyboard
from tests.conftest import NOW, madrid

pytestmark = pytest.mark.browser

KEY, DECISION = 0.28, 1.35  # seconds, by the keystroke-level model
ON_THE_TELEPHONE = 15
TODAY = "/desk/day/2026-03-02/"
BARS = re.compile(r"^\| (.+?) \| (\d+) \| (\d+) \| ([\d.]+) \|$", re.MULTILINE)


class Fingers(Keyboard):
    """Counts letters and decisions too, and arrows apart."""

    letters = decisions = arrows = 0

    def decide(self):
        self.decisions += 1

    def words(self, text):
        self.letters += len(text)
        super().words(text)

    def arrow(self, *keys):
        self.arrows += len(keys)
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def seconds(self):
        return round((self.keys + self.letters + self.arrows) * KEY + self.decisions * DECISION, 1)


@pytest.fixture
def morning():
    """Half past nine on Monday; the clock goes on."""
    with time_machine.travel(madrid("2026-03-02 09:30"), tick=True):
        yield


@pytest.fixture
def fingers(page, morning, signed_in, rae, osei, lind, checkup):
    factories.VisitTypeFactory(name="First visit", minutes=40)
    signed_in(page, rae)
    return Fingers(page)


@pytest.fixture
def booked(rae, osei, ana, checkup):
    def make(patient, at, doctor=osei):
        proposal = Proposal(
            uuid=uuid4(), doctor=doctor, patient=patient, visit_type=checkup, start=madrid(at)
        )
        return actions.book(proposal, by=rae, now=NOW)

    return make


def bar(journey, fingers):
    """The row of the document says what was counted."""
    rows = {name: row for name, *row in BARS.findall(Path("docs/keys.md").read_text())}
    print(f"{journey}: {fingers.keys} keys, {fingers.seconds} s")  # noqa: T201 - the numbers of the document
    most, takes, seconds = rows[journey]
    assert (fingers.keys, fingers.seconds) == (int(takes), float(seconds))
    assert fingers.keys <= int(most)


def test_a_known_patient_on_the_telephone_among_two_of_that_name(fingers, page):
    for n, day in enumerate((date(1984, 5, 12), date(1991, 11, 3))):
        factories.PatientFactory(
            patient_name="Ana", patient_lastname="García López", date_of_birth=day, phone=f"+3460055500{n}"
        )
    page.goto(TODAY)
    fingers.decide()
    fingers.press("n")
    page.wait_for_url("**/desk/book/**")
    expect(page.get_by_label("Find the patient")).to_be_focused()
    fingers.words("lopez ana")
    fingers.press("Enter")
    expect(page.get_by_role("radio", name="Ana").first).to_be_focused()
    fingers.decide()
    fingers.press("ArrowDown", "Enter")
    expect(page.get_by_role("radio", name="Check-up")).to_be_focused()
    fingers.decide()
    fingers.press("ArrowDown", "Enter")
    expect(page.locator("#times button").first).to_be_focused()
    fingers.decide()
    fingers.press("ArrowRight", "Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    fingers.decide()
    fingers.words("Dizzy")
    fingers.decide()
    fingers.press("Control+Enter")
    page.wait_for_url("**/booked/")
    visit = Appointment.objects.get()
    assert (visit.patient.date_of_birth.year, visit.visit_type.name) == (1991, "First visit")
    assert fingers.seconds < ON_THE_TELEPHONE
    bar("book a known patient on the telephone, from `n`, among two of that name", fingers)


def test_a_known_patient_on_the_telephone_of_the_usual_type(fingers, page, booked, ana):
    booked(ana, "2026-03-02 12:00")
    page.goto(TODAY)
    fingers.decide()
    fingers.press("n")
    page.wait_for_url("**/desk/book/**")
    expect(page.get_by_label("Find the patient")).to_be_focused()
    fingers.words("prieto")
    fingers.press("Enter")
    fingers.decide()
    expect(page.get_by_role("radio", name="Check-up")).to_be_focused()
    expect(page.get_by_role("radio", name="Check-up")).to_be_checked()
    fingers.decide()
    fingers.press("Enter")
    expect(page.locator("#times button").first).to_be_focused()
    fingers.decide()
    fingers.press("Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    fingers.press("Control+Enter")
    page.wait_for_url("**/booked/")
    assert Appointment.objects.filter(patient=ana).count() == 2
    assert fingers.seconds < ON_THE_TELEPHONE
    bar("book a known patient on the telephone, from `n`, of the usual type", fingers)


def test_cancelling_from_the_boards_cell(fingers, page, booked, ana):
    visit = booked(ana, "2026-03-02 12:00")
    page.goto(TODAY)
    page.locator(".board .v > a", has_text="Ana").focus()
    fingers.decide()
    fingers.press("l")
    expect(page.get_by_role("radio", name="The patient")).to_be_focused()
    page.wait_for_load_state()
    fingers.decide()
    fingers.press("Enter")
    expect(page.get_by_label("Reason for cancelling")).to_be_focused()
    fingers.decide()
    fingers.press("ArrowDown", "Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("cancelled. The time is free.")
    page.wait_for_url(f"**{TODAY}")
    visit.refresh_from_db()
    assert visit.status == Status.CANCELLED
    bar("cancel from the board's cell", fingers)


def test_moving_to_next_week_from_the_boards_cell(fingers, page, booked, ana):
    visit = booked(ana, "2026-03-02 12:00")
    page.goto(TODAY)
    page.locator(".board .v > a", has_text="Ana").focus()
    fingers.decide()
    fingers.press("m")
    page.wait_for_url("**moving=**")
    page.wait_for_load_state()
    fingers.press(".")
    page.wait_for_url("**/day/2026-03-09/**")
    page.wait_for_load_state()
    fingers.decide()
    fingers.press("ArrowDown")
    expect(page.get_by_label("Move to Mon 9 March, 12:00, Dr Ama Osei")).to_be_focused()
    fingers.press("Enter")
    page.wait_for_url("**/move/**")
    page.wait_for_load_state()
    fingers.decide()
    fingers.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("moved to")
    visit.refresh_from_db()
    assert visit.appointment_datetime == madrid("2026-03-09 12:00")
    bar("move to next week from the board's cell", fingers)


def test_arrived_from_a_board_that_was_just_opened(fingers, page, booked, ana):
    visit = booked(ana, "2026-03-02 10:00")
    page.goto(TODAY)
    page.wait_for_load_state()
    fingers.decide()
    fingers.arrow("ArrowDown")  # enters at the present hour
    while "Ana" not in page.evaluate("document.activeElement.textContent"):
        assert fingers.arrows < 4
        fingers.arrow("ArrowDown")
    fingers.decide()
    fingers.press("a")
    expect(page.locator("#toasts")).to_contain_text("has arrived.")
    visit.refresh_from_db()
    assert visit.status == Status.ARRIVED
    bar("arrived, from a board that was just opened, besides arrows", fingers)
