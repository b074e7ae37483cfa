"""A visit from arrival to done, called off and revived, moved, and overtaken by another desk."""

from uuid import uuid4

import pytest
import time_machine
from playwright.sync_api import expect

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status
from tests.conftest import NOW, madrid

pytestmark = pytest.mark.browser

TODAY = "/desk/day/2026-03-02/"


@pytest.fixture
def morning():
    """Half past nine on Monday; the clock goes on."""
    with time_machine.travel(madrid("2026-03-02 09:30"), tick=True):
        yield


@pytest.fixture
def book(rae, checkup):
    def make(doctor, patient, at):
        proposal = Proposal(
            uuid=uuid4(), doctor=doctor, patient=patient, visit_type=checkup, start=madrid(at)
        )
        return actions.book(proposal, by=rae, now=NOW)

    return make


@pytest.fixture
def visit(book, osei, lind, ana):
    """Ana with Dr Osei, today at 09:45."""
    return book(osei, ana, "2026-03-02 09:45")


@pytest.fixture
def desk(page, morning, signed_in, rae):
    return signed_in(page, rae)


def toast(page, words):
    expect(page.locator("#toasts")).to_contain_text(words)
    page.wait_for_load_state()


def status_of(visit):
    return Appointment.objects.get(uuid=visit.uuid).status


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_arrival_to_done_by_keys_on_the_visits_page(desk, visit, axe):
    desk.goto(f"/desk/appointments/{visit.uuid}/")
    axe(desk)
    for key, sentence in (
        ("a", "Ana Souza Prieto has arrived."),
        ("s", "Ana Souza Prieto is with Dr Ama Osei now."),
        ("c", "Ana Souza Prieto: the visit is completed."),
    ):
        desk.keyboard.press(key)
        toast(desk, sentence)
    axe(desk)
    desk.keyboard.press("u")
    toast(desk, "Undone. Ana Souza Prieto, today, 09:45: In progress.")
    desk.get_by_role("button", name="Dismiss").click()
    expect(desk.locator(".toast")).to_have_count(0)
    assert status_of(visit) == Status.IN_PROGRESS


def test_from_arrival_to_done_in_the_waiting_room_by_keys_and_by_press(desk, visit, axe):
    desk.goto("/desk/")
    desk.keyboard.press("w")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Waiting room")
    desk.wait_for_load_state()  # keys work once the scripts are there
    name = desk.get_by_role("link", name="Ana Souza Prieto")
    name.focus()
    desk.keyboard.press("a")
    toast(desk, "Ana Souza Prieto has arrived.")
    waiting, inside = (
        desk.get_by_role("region", name="Waiting 1"),
        desk.get_by_role("region", name="With the"),
    )
    expect(waiting).to_contain_text("Ana Souza Prieto")
    expect(name).to_be_focused()
    axe(desk)
    desk.get_by_role("button", name="Start Ana Souza Prieto").click()
    expect(inside).to_contain_text("Ana Souza Prieto")
    expect(name).to_be_focused()
    desk.keyboard.press("a")
    toast(desk, "This cannot be done with a visit that is: In progress.")
    desk.keyboard.press("c")
    toast(desk, "Ana Souza Prieto: the visit is completed.")
    expect(inside).to_contain_text("Nobody.")
    desk.get_by_role("button", name="Undo").click()
    expect(inside).to_contain_text("Ana Souza Prieto")
    desk.set_viewport_size({"width": 320, "height": 700})
    assert fits(desk)


def test_calling_a_visit_off_and_taking_it_back(desk, visit, axe):
    desk.goto(f"/desk/appointments/{visit.uuid}/")
    desk.keyboard.press("l")
    patients = desk.get_by_role("radio", name="The patient")
    expect(patients).to_be_focused()
    desk.keyboard.press("Escape")
    expect(patients).to_be_hidden()
    assert desk.evaluate("document.activeElement.matches('summary[aria-keyshortcuts=l]')")
    desk.keyboard.press("l")
    expect(patients).to_be_focused()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Choose who is cancelling")).to_be_visible()
    expect(patients).to_be_focused()
    axe(desk)
    desk.keyboard.press("Enter")
    reason = desk.get_by_label("Reason for cancelling")
    expect(reason).to_be_focused()
    for words in ("Is ill", "Cannot come at this time"):
        desk.keyboard.press("ArrowDown")
        expect(reason).to_have_value(words)
    desk.keyboard.press("ArrowUp")
    expect(reason).to_have_value("Is ill")
    reason.fill("Is on a journey")
    desk.keyboard.press("ArrowDown")
    expect(reason).to_have_value("Is on a journey")
    desk.get_by_text("The patient", exact=True).click()
    desk.get_by_label("Reason for cancelling").fill("Is ill")
    desk.get_by_role("button", name="Cancel this visit").click()
    toast(desk, "Ana Souza Prieto, today, 09:45: cancelled. The time is free.")
    expect(desk.get_by_role("main")).to_contain_text("You cancelled it at the patient’s request.")
    axe(desk)
    desk.locator("#toasts").get_by_role("button", name="Undo").click()
    toast(desk, "Undone. Ana Souza Prieto, today, 09:45: Confirmed.")
    desk.goto(f"/desk/appointments/{visit.uuid}/cancel/")
    axe(desk)
    desk.set_viewport_size({"width": 320, "height": 700})
    assert fits(desk)


def test_moving_by_picking_a_free_cell_of_the_board(desk, visit, lind, axe):
    desk.goto(f"/desk/appointments/{visit.uuid}/")
    desk.keyboard.press("m")
    expect(desk.get_by_role("region", name="Moving the visit of Ana Souza Prieto")).to_be_visible()
    desk.get_by_role("link", name="Move to Mon 2 March, 11:00, Dr Per Lind").click()
    expect(desk.get_by_role("region", name="Now")).to_contain_text("09:45 to 10:15")
    expect(desk.get_by_role("region", name="After the move")).to_contain_text("11:00 to 11:30")
    axe(desk)
    desk.get_by_label("Reason for moving").fill("Comes by bus")
    desk.get_by_role("button", name="Move to today, 11:00").click()
    toast(desk, "Ana Souza Prieto: moved to today, 11:00 with Dr Per Lind.")
    expect(desk.get_by_role("link", name="Ana Souza Prieto")).to_be_focused()
    moved = Appointment.objects.get(uuid=visit.uuid)
    assert (moved.doctor, moved.appointment_datetime) == (lind, madrid("2026-03-02 11:00"))
    desk.goto(f"/desk/appointments/{visit.uuid}/move/?doctor={lind.uuid}&start=2026-03-02T12:00:00%2B01:00")
    desk.set_viewport_size({"width": 320, "height": 700})
    assert fits(desk)


def test_two_desks_and_the_second_is_told_what_the_first_did(desk, visit, max_, browser, axe):
    desk.goto(f"/desk/appointments/{visit.uuid}/")
    expect(desk.get_by_role("button", name="Arrived")).to_be_visible()
    actions.set_status(Seen.of(visit), Status.ARRIVED, by=max_, now=madrid("2026-03-02 09:29"))
    desk.get_by_text("Cancel this visit", exact=False).first.click()
    desk.get_by_text("The clinic", exact=True).click()
    desk.get_by_label("Reason for cancelling").fill("The doctor is away")
    desk.get_by_role("button", name="Cancel this visit").click()
    alert = desk.get_by_role("alert")
    expect(alert).to_contain_text("Today, 09:29: Max Thorn marked the patient as arrived.")
    expect(alert).to_be_focused()
    expect(desk.get_by_label("Reason for cancelling")).to_have_value("The doctor is away")
    axe(desk)
    desk.get_by_role("button", name="Cancel this visit").click()
    toast(desk, "cancelled. The time is free.")


def test_keys_on_a_card_of_the_board(desk, visit, axe):
    desk.goto(TODAY)
    card = desk.locator(f'.board a[href="/desk/appointments/{visit.uuid}/"]')
    card.focus()
    desk.keyboard.press("a")
    toast(desk, "Ana Souza Prieto has arrived.")
    expect(card).to_contain_text("early")
    expect(card).to_be_focused()
    expect(desk.locator("#waiting")).to_contain_text("for 09:45 · Dr Ama Osei")
    axe(desk)
    desk.keyboard.press("s")
    toast(desk, "Ana Souza Prieto is with Dr Ama Osei now.")
    desk.keyboard.press("u")
    toast(desk, "Undone. Ana Souza Prieto, today, 09:45: Arrived.")
    desk.keyboard.press("m")
    desk.wait_for_url(
        f"**/appointments/{visit.uuid}/"
    )  # who has arrived is not moved: the page says what can be done
    desk.goto(TODAY)
    card.focus()
    desk.keyboard.press("l")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Cancel the visit of Ana Souza Prieto")
    desk.get_by_role("link", name="Leave it as it is").click()
    desk.wait_for_url(f"**{TODAY}")


def test_on_a_phone_the_waiting_room_is_a_line_above_the_day(desk, visit, axe):
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(TODAY)
    line = desk.locator("#waiting summary")
    expect(line).to_contain_text("1 due, not here")
    expect(desk.get_by_role("button", name="Arrived Ana Souza Prieto")).to_be_hidden()
    line.click()
    desk.get_by_role("button", name="Arrived Ana Souza Prieto").click()
    toast(desk, "Ana Souza Prieto has arrived.")
    expect(line).to_contain_text("1 waiting")
    axe(desk)
    assert fits(desk)


def test_without_scripts_every_step_is_a_button(browser, base_url, morning, visit, rae, signed_in):
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = signed_in(context.new_page(), rae)
    page.goto("/desk/waiting/")
    page.get_by_role("button", name="Arrived Ana Souza Prieto").click()
    toast(page, "Ana Souza Prieto has arrived.")
    assert page.url.endswith("/desk/waiting/")
    page.get_by_role("button", name="Undo").click()
    toast(page, "Undone.")
    expect(page.get_by_role("button", name="Dismiss")).to_be_hidden()
    context.close()
