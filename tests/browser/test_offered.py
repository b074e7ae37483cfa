"""What goes together, offered as Rae chooses: with scripts at once, without them after sending."""

import pytest
from playwright.sync_api import expect

from scheduling.models import Appointment
from tests import factories

pytestmark = pytest.mark.browser


@pytest.fixture
def echo(db):
    return factories.VisitTypeFactory(name="Echo", minutes=45)


@pytest.fixture
def lists(osei, lind, checkup, echo):
    """Dr Osei gives check-ups, Dr Lind both."""
    osei.visit_types.set([checkup])
    lind.visit_types.set([checkup, echo])


@pytest.fixture
def form(page, signed_in, rae, lists, ana):
    signed_in(page, rae)
    page.goto("/desk/book/")
    return page


def doctors(page):
    """The names that the select offers."""
    return page.locator("[name=doctor] option:not([hidden])").evaluate_all(
        "all => all.map((one) => one.text)"
    )


def test_another_doctor_offers_other_types_at_once_and_the_other_way(form, axe):
    check_up, echo = (form.get_by_role("radio", name=name) for name in ("Check-up", "Echo"))
    expect(echo).to_be_visible()
    form.get_by_label("Doctor").select_option(label="Dr Ama Osei · Cardiology")
    expect(echo).to_be_hidden()
    expect(form.get_by_text("Only the types that this doctor gives")).to_be_visible()
    axe(form)
    form.get_by_label("Doctor").select_option(label="Choose")
    expect(form.get_by_text("Only the types that this doctor gives")).to_be_hidden()
    echo.check()
    assert doctors(form) == ["Choose", "Dr Per Lind · Cardiology"]
    expect(form.get_by_text("Only the doctors who give this type")).to_be_visible()
    # By keys, what is hidden is passed over.
    form.get_by_label("Doctor").select_option(label="Choose")
    check_up.check()
    assert doctors(form) == ["Choose", "Dr Ama Osei · Cardiology", "Dr Per Lind · Cardiology"]
    form.get_by_label("Doctor").select_option(label="Dr Ama Osei · Cardiology")
    check_up.press("ArrowDown")
    expect(check_up).to_be_checked()


def test_what_is_proposed_as_the_last_time_gives_way_to_what_is_chosen(form, book, ana, ben, lind, checkup):
    book(ana, "09:00")
    form.get_by_label("Find the patient").fill("prieto")
    form.get_by_role("radio", name="Ana").check()
    doctor = form.get_by_label("Doctor").locator(":checked")
    expect(form.get_by_role("radio", name="Check-up")).to_be_checked()
    expect(doctor).to_have_text("Dr Ama Osei · Cardiology")
    expect(form.locator("#times")).to_contain_text("Dr Ama Osei")
    # Nobody chose that doctor, so a type that they do not give can be.
    form.get_by_role("radio", name="Echo").check()
    expect(doctor).to_have_text("Choose")
    expect(form.locator("#times")).to_contain_text("Dr Per Lind")
    # Who was never here: what was proposed for Ana goes.
    form.get_by_label("Doctor").select_option(label="Dr Per Lind · Cardiology")
    form.get_by_label("Find the patient").fill("okafor")
    form.get_by_role("radio", name="Ben").check()
    expect(form.get_by_role("radio", name="Echo")).to_be_checked()  # chosen
    expect(doctor).to_have_text("Dr Per Lind · Cardiology")


def test_another_patient_is_not_left_with_the_first_ones_doctor(form, book, ana, ben):
    book(ana, "09:00")
    for words, name, said in (("prieto", "Ana", "Dr Ama Osei · Cardiology"), ("okafor", "Ben", "Choose")):
        form.get_by_label("Find the patient").fill(words)
        form.get_by_role("radio", name=name).check()
        expect(form.get_by_label("Doctor").locator(":checked")).to_have_text(said)


def test_another_specialty_is_said_beside_the_doctor(form, book, ana, axe):
    book(ana, "09:00")
    skin = factories.SpecialtyFactory(specialty_name="Dermatology")
    factories.DoctorFactory(doctor_name="Dr Ida Berg", specialty=skin)
    form.reload()
    form.get_by_label("Find the patient").fill("prieto")
    form.get_by_role("radio", name="Ana").check()
    expect(form.locator("#summary")).to_contain_text("Dr Ama Osei")
    form.get_by_label("Doctor").select_option(label="Dr Ida Berg · Dermatology")
    said = form.locator("#summary .error")
    expect(said).to_have_text("Another specialty: Dermatology instead of Cardiology")
    axe(form)


def test_finding_offers_in_the_same_way(page, signed_in, rae, lists, axe):
    signed_in(page, rae)
    page.goto("/desk/find/")
    page.get_by_role("radio", name="Echo").check()
    wishes = page.locator("#wishes")
    assert doctors(wishes) == ["Anyone", "Dr Per Lind · Cardiology"]
    axe(page)
    page.get_by_role("button", name="Find times").click()
    expect(page.locator("#results")).to_contain_text("with Dr Per Lind")
    expect(page.locator("#results")).not_to_contain_text("with Dr Ama Osei")


def test_without_scripts_it_is_offered_after_sending(new_context, signed_in, rae, lists, ana, tuesday):
    page = signed_in(new_context(java_script_enabled=False).new_page(), rae)
    page.goto("/desk/book/")
    page.get_by_label("Doctor").select_option(label="Dr Ama Osei · Cardiology")
    page.get_by_label("Find the patient").fill("prieto")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("radio", name="Check-up")).to_be_visible()
    expect(page.get_by_role("radio", name="Echo")).to_be_hidden()
    page.get_by_role("radio", name="Ana").check()
    page.get_by_role("radio", name="Check-up").check()
    page.get_by_label("Day").fill(f"{tuesday:%d/%m/%Y}")
    page.get_by_label("Time").fill("11:00")
    page.get_by_role("button", name="Book this visit").click()
    page.wait_for_url("**/booked/")
    assert Appointment.objects.get().doctor.doctor_name == "Dr Ama Osei"


def test_a_specialty_that_was_proposed_gives_way_to_a_doctor_of_another_one(page, signed_in, rae, book, ana):
    book(ana, "09:00")
    skin = factories.SpecialtyFactory(specialty_name="Dermatology")
    factories.DoctorFactory(doctor_name="Dr Ida Berg", specialty=skin)
    signed_in(page, rae)
    page.goto(f"/desk/find/?patient={ana.uuid}")
    specialty, doctor = (page.locator(f"#wishes [name={name}] :checked") for name in ("specialty", "doctor"))
    expect(specialty).to_have_text("Cardiology")
    page.locator("#wishes").get_by_label("Doctor").select_option(label="Dr Ida Berg · Dermatology")
    expect(specialty).to_have_text("Any")
    page.goto(f"/desk/find/?patient={ana.uuid}")
    expect(doctor).to_have_text("Dr Ama Osei · Cardiology")
    page.locator("#wishes").get_by_label("Specialty").select_option(label="Dermatology")
    expect(doctor).to_have_text("Anyone")
