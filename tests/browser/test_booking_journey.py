"""Rae books a visit: with a mouse, with a keyboard alone, without scripts, on a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import Appointment, Flag, Patient, Status
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def at_desk(page, signed_in, rae, osei, lind, ana, ben, checkup, tuesday):
    signed_in(page, rae)
    page.goto(f"/desk/day/{tuesday}/")
    return page


def spoken(day):
    return f"{day:%a} {day.day} {day:%B}"


def free(at, doctor, day):
    """The name of a free time on the board."""
    return f"{spoken(day)}, {at}, {doctor}, free"


def column(page, name):
    return page.get_by_role("region", name=name)


def find(page, words):
    page.get_by_label("Find the patient").press_sequentially(words)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_rae_signs_in_and_books_a_visit_for_ana(page, rae, osei, lind, ana, ben, checkup, tuesday):
    page.goto("/desk/")
    page.get_by_label("User name").fill("rae")
    page.get_by_label("Password").fill("clinic-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/day/**")
    page.get_by_label("Go to date").fill(tuesday.isoformat())
    page.get_by_label("Go to date").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{tuesday:%A} {tuesday.day} {tuesday:%B}")

    page.get_by_role("link", name=free("11:30", "Dr Ama Osei", tuesday)).click()
    find(page, "prieto an")
    page.get_by_role("radio", name="Ana Souza Prieto").check()
    page.get_by_label("Reason").fill("Short of breath on stairs")
    expect(page.get_by_role("complementary")).to_contain_text("Ana Souza Prieto")
    expect(page.get_by_role("complementary")).to_contain_text(f"{spoken(tuesday)}, 11:30")
    page.get_by_role("button", name="Book this visit").click()

    page.wait_for_url("**/booked/")
    for _ in range(2):  # it stays
        expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Ana Souza Prieto")
        main = page.get_by_role("main")
        for said in (
            f"{tuesday:%A} {tuesday.day} {tuesday:%B} {tuesday.year}, 11:30",
            "until 12:00",
            "Dr Ama Osei",
            "Check-up, 30 min",
            "Short of breath on stairs",
            "Confirmed",
            "Rae Quist",
        ):
            expect(main).to_contain_text(said)
        page.reload()
    page.get_by_role("link", name="Back to the day").click()
    expect(column(page, "Dr Ama Osei").get_by_role("link", name="Ana Souza Prieto")).to_be_visible()
    expect(page.get_by_role("link", name=free("11:30", "Dr Ama Osei", tuesday))).to_be_hidden()
    expect(page.get_by_role("link", name=free("11:30", "Dr Per Lind", tuesday))).to_be_visible()


def test_a_time_taken_meanwhile_keeps_everything_and_one_press_books_another(at_desk, book, ben, tuesday):
    page = at_desk
    page.get_by_role("link", name=free("11:30", "Dr Ama Osei", tuesday)).click()
    find(page, "ana")
    page.get_by_role("radio", name="Ana Souza Prieto").check()
    page.get_by_label("Reason").fill("Short of breath on stairs")
    page.get_by_role("radio", name="Pending").check()
    expect(page.get_by_role("complementary")).to_contain_text("Ana Souza Prieto")
    book(ben, "11:30")  # at another desk
    page.get_by_role("button", name="Book this visit").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("11:30 with Dr Ama Osei was just taken")
    expect(alert).to_be_focused()
    expect(page.get_by_role("radio", name="Ana Souza Prieto")).to_be_checked()
    expect(page.get_by_label("Reason")).to_have_value("Short of breath on stairs")
    expect(page.get_by_label("Time", exact=True)).to_have_value("11:30")
    expect(page.get_by_role("radio", name="Pending")).to_be_checked()
    assert Appointment.objects.count() == 1

    page.get_by_role("button", name=f"11:00 30 min earlier: book {spoken(tuesday)} with Dr Ama Osei").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Ana Souza Prieto")
    expect(page.get_by_role("main")).to_contain_text("11:00")
    expect(page.get_by_role("main")).to_contain_text("Short of breath on stairs")
    assert Appointment.objects.latest("pk").status == Status.PENDING


def test_without_scripts_a_new_patient_is_booked(
    new_context, signed_in, rae, osei, ana, checkup, tuesday, live_server
):
    context = new_context(java_script_enabled=False)
    page = signed_in(context.new_page(), rae)
    page.goto(f"/desk/day/{tuesday}/")
    page.get_by_role("link", name=free("09:30", "Dr Ama Osei", tuesday)).click()
    page.get_by_label("Reason").fill("First visit")
    page.get_by_label("Find the patient").fill("Núñez, Carla")
    page.get_by_label("Find the patient").press("Enter")  # finds, and saves nothing
    expect(page.get_by_text("No patient found for “Núñez, Carla”")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("First visit")
    expect(page.get_by_label("Last name")).to_be_hidden()
    page.get_by_role("radio", name="New patient").check()
    expect(page.get_by_label("Last name")).to_have_value("Núñez")
    page.get_by_label("Phone").fill("60055548")
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_label("Phone")).to_have_accessible_description(
        "May be shared with a relative: 600 555 482 (mother). A Spanish number has 9 digits. This one has 8."
    )
    page.get_by_label("Phone").fill("600555482")
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Carla Núñez")
    assert str(Patient.objects.latest("pk").phone) == "+34600555482"


def test_a_keyboard_is_enough(at_desk, tuesday):
    page = at_desk
    link = page.get_by_role("link", name=free("12:00", "Dr Per Lind", tuesday))
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Find the patient")).to_be_focused()
    page.keyboard.type("okafor")
    expect(page.get_by_role("radio", name="Ben Okafor")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Find", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Ben Okafor")).to_be_checked()
    expect(page.get_by_role("complementary")).to_contain_text("Ben Okafor")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Booked for Ben Okafor")


def test_enter_in_a_field_never_books(at_desk, ana, tuesday):
    page = at_desk
    page.get_by_role("link", name=free("12:00", "Dr Per Lind", tuesday)).click()
    find(page, "ana")
    page.get_by_role("radio", name="Ana Souza Prieto").check()
    expect(page.get_by_role("complementary")).to_contain_text("Ana Souza Prieto")
    page.get_by_label("Time", exact=True).press("Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.get_by_label("Day").press("Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    expect(page.get_by_role("radio", name="Ana Souza Prieto")).to_be_checked()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Book ")
    assert not Appointment.objects.exists()


def test_the_name_looked_for_goes_into_the_new_record(at_desk):
    page = at_desk
    page.get_by_role("link", name="New booking").click()
    find(page, "carla núñez")
    expect(page.get_by_text("No patient found for “carla núñez”")).to_be_visible()
    page.get_by_role("radio", name="New patient").check()
    expect(page.get_by_label("First name", exact=True)).to_have_value("carla")
    expect(page.get_by_label("Last name")).to_have_value("núñez")


@pytest.mark.parametrize("width", [1440, 320])
def test_axe_finds_nothing_on_any_page(at_desk, axe, book, osei, lind, ana, ben, tuesday, width):
    page = at_desk
    page.set_viewport_size({"width": width, "height": 800})
    visit = book(ben, "11:30")
    for at, status in zip(("09:00", "09:30", "10:00"), ("completed", "no_show", "arrived"), strict=True):
        Appointment.objects.filter(pk=book(ana, at).pk).update(status=status)
    book(ana, "12:00", doctor=lind, status=Status.PENDING)
    Flag.objects.create(
        kind=Flag.Kind.UNKNOWN_STATUS, appointment=visit, detail="reprogr.", created_at=timezone.now()
    )

    def check():
        assert fits(page)
        axe(page)

    for address in (
        f"/desk/day/{tuesday}/",
        "/desk/book/?doctor=nonsense",
        f"/desk/appointments/{visit.uuid}/",
        f"/desk/appointments/{visit.uuid}/booked/",
        "/desk/attention/",
    ):
        page.goto(address)
        check()

    page.goto(f"/desk/book/?doctor={osei.uuid}&start={tuesday}T11:30")
    find(page, "ana")
    page.get_by_role("radio", name="Ana Souza Prieto").check()
    expect(page.get_by_role("complementary")).to_contain_text("Ana Souza Prieto")
    check()
    page.get_by_role("button", name="Book this visit").click()  # taken
    expect(page.get_by_role("alert")).to_be_focused()
    check()
    page.get_by_role("radio", name="New patient").check()  # a twin
    page.get_by_label("First name", exact=True).fill("Ana")
    page.get_by_label("Last name").fill("Souza Prieto")
    page.get_by_role("complementary").get_by_role("button").first.click()
    expect(page.get_by_role("alert")).to_contain_text("This person may already be on record")
    check()
    page.get_by_label("Time", exact=True).fill("noon")  # unreadable
    page.get_by_role("button", name="Book this visit").click()
    expect(page.get_by_role("alert")).to_contain_text("“noon” is not a time")
    check()


STAYS = ["input[name=visit_type]", "#id_doctor", "#id_day", "#id_time", "#id_description", "#status-choice"]
TOPS = "names => names.map(name => document.querySelector(name).getBoundingClientRect().top)"


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("is_chosen", [False, True])
def test_choosing_a_visit_type_moves_nothing(at_desk, width, is_chosen):
    factories.VisitTypeFactory.create_batch(3)
    page = at_desk
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/desk/book/?new=1")
    if is_chosen:
        find(page, "souza")
        page.get_by_role("radio", name="Ana Souza Prieto").click()
        expect(page.locator("#summary")).to_contain_text("Ana Souza Prieto")
    types = page.locator("[name=visit_type]")
    types.first.scroll_into_view_if_needed()
    for each in range(4):
        before = page.evaluate(TOPS, [*STAYS, "#save"])
        with page.expect_response("**/desk/book/summary/"):
            types.nth(each).click()
        expect(page.locator("#times button").first).to_be_visible()
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        assert page.evaluate(TOPS, [*STAYS, "#save"]) == pytest.approx(before, abs=1)


def test_a_misspelled_name_is_asked_about_and_enter_does_not_take_it(at_desk):
    page = at_desk
    page.goto("/desk/book/?new=1")
    find(page, "souzza")
    expect(page.locator("#hits-said")).to_contain_text("Did you mean this patient?")
    page.keyboard.press("Enter")
    hit = page.get_by_role("radio", name="Ana Souza Prieto")
    expect(hit).to_be_focused()
    expect(hit).not_to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#summary")).to_contain_text("Ana Souza Prieto")
