"""A manager makes an address of a doctor's calendar, and revokes it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_manager_makes_an_address_and_revokes_it_by_keyboard(page, axe, signed_in, max_, osei, size):
    page.set_viewport_size(size)
    signed_in(page, max_).goto(f"/admin/scheduling/doctor/{osei.uuid}/change/")
    page.get_by_role("link", name="Addresses for calendar programs").press("Enter")
    expect(page.get_by_text("It is not for today.")).to_be_visible()
    axe(page)
    page.get_by_label("With patients’ full names").check()
    page.get_by_role("button", name="Make an address").press("Enter")
    address = page.locator(".made-once code").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    asked = page.context.request
    assert asked.get(address).headers["content-type"].startswith("text/calendar")
    expect(page.get_by_role("row", name="Max Thorn")).to_contain_text("Full names")

    page.get_by_role("link", name="Revoke the address of").press("Enter")
    expect(page.get_by_role("heading", name="Revoke this address?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    page.get_by_role("button", name="Revoke").press("Enter")
    expect(page.get_by_text("The address is revoked.")).to_be_visible()
    assert asked.get(address).status == 404
