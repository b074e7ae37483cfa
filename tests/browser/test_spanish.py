"""Rae chooses Spanish and works in it."""

import pytest
from django.utils.formats import date_format
from django.utils.translation import override
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 320])
def test_a_visit_is_booked_in_spanish(page, signed_in, axe, rae, osei, ana, checkup, tuesday, width):
    with override("es"):
        spoken = date_format(tuesday, r"l, j \d\e F")
    page.set_viewport_size({"width": width, "height": 800})
    signed_in(page, rae).goto("/account/")
    page.get_by_role("radio", name="Español").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_text("Guardado. Solo vale para usted.").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mi cuenta")
    axe(page)

    page.goto(f"/desk/day/{tuesday}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(spoken)
    axe(page)
    page.goto(f"/desk/book/?doctor={osei.uuid}&start={tuesday}T11:30&patient={ana.uuid}")
    axe(page)
    page.get_by_role("button", name="Reservar esta cita").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reservada para Ana Souza Prieto")
    expect(page.get_by_role("main")).to_contain_text(f"{spoken} de {tuesday.year}, 11:30")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_page_of_the_desk_is_usable_in_spanish(page, signed_in, axe, max_, osei, ana, book, tuesday):
    max_.language = "es"
    max_.save()
    visit = book(ana, "10:00")
    signed_in(page, max_)
    for address in (
        f"/desk/day/{tuesday}/",
        f"/desk/week/{osei.uuid}/{tuesday:%G-W%V}/",
        "/desk/find/",
        "/desk/waiting/",
        "/desk/patients/",
        "/desk/patients/new/",
        f"/desk/patients/{ana.uuid}/",
        f"/desk/patients/{ana.uuid}/edit/",
        f"/desk/appointments/{visit.uuid}/",
        f"/desk/appointments/{visit.uuid}/cancel/",
        f"/desk/appointments/{visit.uuid}/move/?doctor={osei.uuid}&start={tuesday}T12:00",
        "/desk/attention/",
        "/desk/hours/",
        f"/desk/hours/{osei.uuid}/",
        f"/desk/day/{tuesday}/sheet/",
    ):
        assert page.goto(address).status == 200, address
        expect(page.locator("html")).to_have_attribute("lang", "es")
        axe(page)
