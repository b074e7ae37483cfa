"""From the board to the confirmation in three steps, without the mouse, in at most 25 keystrokes."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import Appointment
from tests import factories

pytestmark = pytest.mark.browser

MOST = 25  # besides the letters of names and of free text; each test names what it takes


class Keyboard:
    """Counts every key that goes down; what is typed of a name or a reason is free."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, *keys):
        for key in keys:
            self.keys += len(key.split("+"))
            self.page.keyboard.press(key)

    def words(self, text):
        self.page.keyboard.type(text)


@pytest.fixture
def tuesday():
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday() + 1)


@pytest.fixture
def clinic(rae, osei, lind, checkup):
    """Three types of visit to choose from, and two Anas with one name."""
    factories.VisitTypeFactory(name="First visit", minutes=40)
    factories.VisitTypeFactory(name="Long session", minutes=60)
    born = {"1984": date(1984, 5, 12), "1991": date(1991, 11, 3)}
    return {
        year: factories.PatientFactory(
            patient_name="Ana", patient_lastname="García López", date_of_birth=day, phone=f"+3460055500{n}"
        )
        for n, (year, day) in enumerate(born.items())
    }


@pytest.fixture
def keyboard(page, signed_in, rae, clinic):
    signed_in(page, rae)
    return Keyboard(page)


def focused(page, role, name):
    expect(page.get_by_role(role, name=name)).to_be_focused()


def booked(page, patient, at):
    page.wait_for_url("**/booked/")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Booked for {patient.full_name}")
    expect(page.get_by_role("main")).to_contain_text(at)
    return Appointment.objects.get(patient=patient)


def test_from_a_free_cell(keyboard, page, clinic, tuesday):
    page.goto(f"/desk/day/{tuesday}/")
    page.get_by_role("link", name=", 09:00, Dr Ama Osei, free").focus()  # where the board is entered
    keyboard.press("ArrowDown", "ArrowDown", "Enter")
    page.wait_for_url("**/desk/book/**")
    expect(page.get_by_label("Find the patient")).to_be_focused()
    keyboard.words("lopez ana")
    keyboard.press("Enter")  # two of that name: read them
    expect(page.get_by_role("radio").first).to_be_focused()
    keyboard.press("ArrowDown", "Enter")
    expect(page.get_by_role("radio", name="Check-up")).to_be_focused()
    keyboard.press("ArrowDown", "Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    keyboard.words("Short of breath")
    keyboard.press("Control+Enter")
    visit = booked(page, clinic["1991"], "10:00")
    assert (visit.visit_type.name, visit.description) == ("First visit", "Short of breath")
    assert MOST > keyboard.keys == 10


def test_from_a_wish_for_a_time(keyboard, page, clinic, tuesday):
    page.goto(f"/desk/day/{tuesday}/")
    keyboard.press("f")
    page.wait_for_url("**/desk/find/")
    expect(page.get_by_role("radio", name="Check-up")).to_be_focused()
    keyboard.press("Space", "Enter")
    first = page.locator(".starts a").first
    expect(first).to_be_focused()
    keyboard.press("ArrowDown", "Enter")
    page.wait_for_url("**/desk/book/**")
    expect(page.get_by_label("Find the patient")).to_be_focused()
    keyboard.words("garcía 12/5/1984")
    keyboard.press("Enter")  # the only one: taken
    expect(page.get_by_label("Reason")).to_be_focused()
    keyboard.press("Control+Enter")
    booked(page, clinic["1984"], "Check-up")
    assert MOST > keyboard.keys == 8


def test_from_a_patient(keyboard, page, clinic, tuesday):
    page.goto(f"/desk/patients/{clinic['1984'].uuid}/")
    keyboard.press("b")
    page.wait_for_url("**/desk/book/**")
    expect(page.get_by_role("radio", name="Check-up")).to_be_focused()
    keyboard.press("Space", "Enter")
    expect(page.locator("#times button").first).to_be_focused()
    keyboard.press("ArrowRight", "Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    keyboard.press("Control+Enter")
    booked(page, clinic["1984"], "Check-up")
    assert MOST > keyboard.keys == 7


def test_from_nothing_for_a_new_patient(keyboard, page, clinic, tuesday):
    page.goto(f"/desk/day/{tuesday}/")
    keyboard.press("n")
    page.wait_for_url("**/desk/book/**")
    expect(page.get_by_label("Find the patient")).to_be_focused()
    keyboard.words("carla núñez")
    keyboard.press("Enter")  # nobody
    expect(page.get_by_role("radio", name="New patient")).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_label("Date of birth")).to_be_focused()
    keyboard.press("Enter", "Space", "Enter")
    expect(page.locator("#times button").first).to_be_focused()
    keyboard.press("Enter", "Control+Enter")
    page.wait_for_url("**/booked/")
    visit = Appointment.objects.get()
    assert visit.patient.full_name == "carla núñez"
    assert MOST > keyboard.keys == 9


def test_enter_pressed_before_the_answer_came_waits_for_it(keyboard, page, clinic, ben):
    """Letters and Enter at once, as people type who know whom they look for."""
    page.goto("/desk/book/")
    page.keyboard.type("okafor", delay=0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Ben Okafor")).to_be_checked()
    expect(page.get_by_role("radio", name="Check-up")).to_be_focused()


def test_a_letter_among_the_patients_goes_on_with_the_name_and_never_leaves_the_page(keyboard, page, clinic):
    page.goto("/desk/book/")
    page.keyboard.type("garcía lo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.type("t")
    expect(page.get_by_label("Find the patient")).to_be_focused()
    expect(page.get_by_label("Find the patient")).to_have_value("garcía lot")
    page.get_by_role("radio", name="Check-up").focus()
    page.keyboard.type("t")
    expect(page.get_by_role("heading", level=1)).to_have_text("New booking")


def test_a_search_that_is_answered_late_leaves_the_choice(keyboard, page, clinic, ana, ben, tuesday):
    """The pause after the last letter asks, and Enter before the answer asks again; that comes last."""
    asked = []
    # Playwright takes no builtin method.
    page.route("**/desk/book/patients/", lambda route: asked.append(route))  # noqa: PLW0108
    page.goto(f"/desk/book/?start={tuesday}T11:30")
    keyboard.words("prieto")
    page.wait_for_timeout(300)
    assert len(asked) == 1
    keyboard.press("Enter")
    asked[0].continue_()
    chosen = page.get_by_role("radio", name="Ana Souza Prieto")
    expect(chosen).to_be_checked()
    expect(page.get_by_role("complementary")).to_contain_text("Ana Souza Prieto")
    assert len(asked) == 2
    with page.expect_response("**/desk/book/patients/"):
        asked[1].continue_()
    page.wait_for_timeout(100)  # longer than it takes to settle
    expect(chosen).to_be_checked()
    page.get_by_label("Find the patient").focus()
    keyboard.words("okafor")  # another search goes on
    page.wait_for_timeout(300)
    asked[2].continue_()
    expect(page.get_by_role("radio", name="Ben Okafor")).to_be_visible()
    expect(chosen).to_be_checked()


def test_a_name_typed_before_the_scripts_are_there_is_looked_for(keyboard, page, clinic, ana, tuesday):
    held = []
    page.route("**/htmx*.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(f"/desk/book/?start={tuesday}T11:30", wait_until="commit")
    box = page.get_by_label("Find the patient")
    box.focus()
    keyboard.words("prieto")
    expect(box).to_have_value("prieto")
    for route in held:
        route.continue_()
    expect(page.get_by_role("radio", name="Ana Souza Prieto")).to_be_visible()
