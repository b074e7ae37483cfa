"""Rae finds a patient, makes two records one, and two again; and every page of patients is readable."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import Flag, Patient, PatientMerge
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def twin(db):
    return factories.PatientFactory(
        patient_name="Ana", patient_lastname="Souza Prieto", phone="+34600555100", note="Wheelchair"
    )


@pytest.fixture
def at_desk(page, signed_in, rae, ana, ben, twin):
    signed_in(page, rae)
    page.goto("/desk/patients/")
    return page


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_records_are_made_one_and_two_again(at_desk, ana, ben, twin):
    page = at_desk
    page.keyboard.press("/")
    page.keyboard.type("prieto an")
    expect(page.get_by_role("status").filter(has_text="2 found for “prieto an”")).to_be_visible()
    expect(page.get_by_role("link", name="Ben Okafor")).to_have_count(0)
    page.get_by_role("link", name="Ana Souza Prieto").first.click()
    page.get_by_role("link", name="Compare the two").click()

    result = page.get_by_role("region", name="How the record will look")
    expect(result).to_contain_text("600 55 51 00")
    page.get_by_role("group", name="Phone").get_by_role("radio", name="nothing").check()
    expect(result).not_to_contain_text("600 55 51 00")
    page.get_by_role("group", name="Phone").get_by_role("radio", name="600 55 51 00").check()
    expect(result).to_contain_text("600 55 51 00")
    page.get_by_role("button", name="Merge the records").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Ana Souza Prieto")
    expect(page.locator("#toasts").get_by_text("are merged")).to_be_visible()
    expect(page.get_by_role("region", name="Contact")).to_contain_text("600 55 51 00")
    assert Patient.objects.standing().count() == 2
    page.get_by_role("button", name="Separate again").click()
    expect(page.locator("#toasts").get_by_text("Two records again")).to_be_visible()
    assert PatientMerge.objects.exclude(undone_at=None).count() == 1
    assert Patient.objects.standing().count() == 3


def test_without_scripts_the_choices_are_shown_before_anything_is_done(
    new_context, signed_in, rae, ana, twin
):
    page = signed_in(new_context(java_script_enabled=False).new_page(), rae)
    page.goto(f"/desk/patients/{ana.uuid}/merge/{twin.uuid}/")
    page.get_by_role("group", name="Phone").get_by_role("radio", name="nothing").check()
    page.get_by_role("button", name="Show how the record will look").click()
    result = page.get_by_role("region", name="How the record will look")
    expect(result).not_to_contain_text("600 55 51 00")
    result.get_by_role("button", name="Merge the records").click()
    expect(page.get_by_role("button", name="Separate again")).to_be_visible()


def test_a_new_patient_by_keyboard_is_first_held_against_those_on_record(at_desk):
    page = at_desk
    page.goto("/desk/patients/new/")
    page.get_by_label("First name", exact=True).fill("ana")
    page.get_by_label("Last name").fill("PRIETO SOUZA")
    page.get_by_label("Note optional").fill("Mornings")
    page.keyboard.press("Control+Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This person may already be on record")
    expect(alert).to_be_focused()
    expect(page.get_by_label("Note optional")).to_have_value("Mornings")
    page.get_by_label("It is somebody else").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts").get_by_text("is on record now")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 320])
def test_axe_finds_nothing_on_any_page_of_patients(at_desk, axe, ana, ben, twin, width):
    page = at_desk
    page.set_viewport_size({"width": width, "height": 800})
    Patient.objects.filter(pk=ben.pk).update(needs_review=True)
    Flag.objects.create(
        kind=Flag.Kind.NAME_NOT_SPLIT, patient=ben, detail="Okafor B", created_at=timezone.now()
    )
    for address in (
        "/desk/patients/",
        "/desk/patients/new/",
        "/desk/patients/duplicates/",
        f"/desk/patients/{ana.uuid}/",
        f"/desk/patients/{ben.uuid}/",
        f"/desk/patients/{ana.uuid}/edit/",
        f"/desk/patients/{ana.uuid}/merge/{twin.uuid}/",
    ):
        page.goto(address)
        assert fits(page), address
        axe(page)
    page.goto("/desk/patients/")
    page.locator("#q").fill("nobody")
    expect(page.get_by_role("heading", name="Nobody found")).to_be_visible()
    axe(page)
