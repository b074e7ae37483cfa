"""Two desks want one time: the second keeps everything typed, and has its ways out."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.models import Appointment, Claim, Patient, TimeOff
from tests import factories
from tests.conftest import MADRID, in_role

pytestmark = pytest.mark.browser


@pytest.fixture
def tuesday():
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday() + 1)


@pytest.fixture
def desks(page, new_context, signed_in, rae, osei, lind, ana, ben, checkup):
    """Rae at one desk, Tom at the other."""
    tom = in_role(factories.UserFactory(username="tom", first_name="Tom", last_name="Vidal"), "receptionist")
    return signed_in(page, rae), signed_in(new_context().new_page(), tom)


def opens(page, doctor, day, at, patient, words):
    page.goto(f"/desk/book/?doctor={doctor.uuid}&start={day}T{at}")
    page.get_by_label("Find the patient").press_sequentially(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name=patient.full_name)).to_be_checked()
    expect(page.get_by_role("complementary")).to_contain_text(patient.full_name)


def saves(page):
    page.keyboard.press("Control+Enter")


def heading(page):
    return page.get_by_role("heading", level=1)


def test_two_desks_at_one_time_and_the_second_books_beside_it_in_one_press(
    desks, base_url, osei, lind, ana, ben, tuesday, axe
):
    first, second = desks
    second.goto(base_url)  # its own context has no base
    opens(first, osei, tuesday, "11:30", ana, "prieto")
    first.get_by_label("Reason").fill("Short of breath")
    first.get_by_role("radio", name="Pending").check()
    second.goto(f"{base_url}/desk/book/?doctor={osei.uuid}&start={tuesday}T11:30")
    second.get_by_label("Find the patient").press_sequentially("okafor")
    second.keyboard.press("Enter")
    expect(second.get_by_role("radio", name="Ben Okafor")).to_be_checked()
    saves(second)
    expect(heading(second)).to_have_text("Booked for Ben Okafor")

    saves(first)
    alert = first.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("11:30 with Dr Ama Osei was just taken")
    expect(alert).to_contain_text("Tom Vidal booked it at")
    expect(heading(first)).to_have_text("Choose another time for Ana Souza Prieto")
    expect(first.get_by_label("Reason", exact=False).last).to_have_value("Short of breath")
    expect(first.get_by_role("radio", name="Pending")).to_be_checked()
    axe(first)
    first.get_by_role("button", name="11:30 same time: book").click()  # with Dr Lind
    expect(heading(first)).to_have_text("Booked for Ana Souza Prieto")
    visit = Appointment.objects.get(patient=ana)
    assert (visit.doctor, visit.description, visit.status) == (lind, "Short of breath", "pending")


def test_a_taken_time_is_overbooked_only_in_a_second_step(
    page, signed_in, rae, osei, ana, ben, checkup, tuesday, axe
):
    signed_in(page, rae)
    opens(page, osei, tuesday, "11:30", ana, "prieto")
    start = datetime.combine(tuesday, time(11, 30), MADRID)
    taken = Proposal(uuid=uuid4(), doctor=osei, patient=ben, visit_type=checkup, start=start)
    actions.book(taken, by=rae, now=timezone.now())
    expect(page.get_by_text("Overbook 11:30")).to_have_count(0)
    saves(page)
    expect(page.get_by_role("alert")).to_be_focused()
    reason = page.get_by_label("Why a second visit")
    expect(reason).to_be_hidden()
    page.get_by_text("Overbook 11:30 with Dr Ama Osei").click()
    expect(page.get_by_text("1 of 1 place beside it is free")).to_be_visible()
    axe(page)
    reason.press("Enter")  # a field is no button
    page.get_by_role("button", name="Overbook 11:30 for Ana Souza Prieto").click()
    expect(reason).to_have_accessible_description(
        "It goes into the history. Say why: it goes into the history."
    )
    assert Appointment.objects.count() == 1
    axe(page)
    reason.fill("Strong pain")
    page.get_by_role("button", name="Overbook 11:30 for Ana Souza Prieto").click()
    expect(heading(page)).to_have_text("Overbooked for Ana Souza Prieto")
    expect(page.get_by_role("main")).to_contain_text(
        "Dr Ama Osei has another visit at the same time. Strong pain"
    )
    axe(page)
    visit = Appointment.objects.get(patient=ana)
    assert set(Claim.objects.filter(appointment=visit).values_list("lane", flat=True)) == {1}


def test_a_manager_goes_past_time_off_with_a_tick(page, signed_in, max_, osei, ana, checkup, tuesday, axe):
    signed_in(page, max_)
    opens(page, osei, tuesday, "11:30", ana, "prieto")
    starts = datetime.combine(tuesday, time(9), MADRID)
    TimeOff.objects.create(doctor=osei, starts_at=starts, ends_at=starts + timedelta(hours=4))
    saves(page)
    expect(page.get_by_role("alert")).to_contain_text("Dr Ama Osei has time off at 11:30")
    tick = page.get_by_role("checkbox", name="Book 11:30 in the time off of Dr Ama Osei")
    expect(tick).not_to_be_checked()
    axe(page)
    tick.check()
    saves(page)
    expect(heading(page)).to_have_text("Booked for Ana Souza Prieto")
    expect(page.get_by_role("main")).to_contain_text("In the time off of Dr Ama Osei, on purpose.")


def test_going_back_after_a_booking_shows_an_empty_form_and_books_nothing_again(
    page, signed_in, rae, osei, ana, ben, checkup, tuesday
):
    signed_in(page, rae)
    opens(page, osei, tuesday, "11:30", ana, "prieto")
    saves(page)
    expect(heading(page)).to_have_text("Booked for Ana Souza Prieto")
    page.reload()
    expect(heading(page)).to_have_text("Booked for Ana Souza Prieto")
    page.go_back()
    expect(page.get_by_label("Find the patient")).to_have_value("")
    expect(page.locator("[name=patient]:checked")).to_have_count(0)
    saves(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose the patient, or add a new one.")
    assert Appointment.objects.count() == 1


def test_somebody_already_on_record_is_shown_while_the_name_is_typed(
    page, signed_in, rae, osei, ana, checkup, tuesday, axe
):
    signed_in(page, rae)
    page.goto(f"/desk/book/?doctor={osei.uuid}&start={tuesday}T11:30")
    page.get_by_role("radio", name="New patient").click()
    page.get_by_label("First name", exact=True).fill("ana")
    page.get_by_label("Last name").fill("souza prieto")
    page.keyboard.press("Tab")
    twin = page.get_by_role("button", name="Use Ana Souza Prieto")
    expect(twin).to_be_visible()
    axe(page)
    twin.press("Enter")
    expect(page.get_by_role("radio", name="Ana Souza Prieto")).to_be_checked()
    expect(page.get_by_label("Reason")).to_be_focused()
    expect(twin).to_be_hidden()
    page.get_by_role("radio", name="New patient").click()
    # Pressed, not `check`ed: that waits to see it ticked, and it goes with the answer.
    page.get_by_role("checkbox", name="It is somebody else").click()
    expect(page.get_by_role("checkbox", name="It is somebody else")).to_be_hidden()
    saves(page)
    expect(heading(page)).to_have_text("Booked for ana souza prieto")
    assert Patient.objects.count() == 2
