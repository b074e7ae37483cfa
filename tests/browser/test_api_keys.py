"""A manager closes the key of a program that is no longer trusted."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import api_keys
from accounts.models import Scope

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_manager_narrows_a_key_and_then_revokes_it_by_keyboard(page, axe, signed_in, max_, size):
    page.set_viewport_size(size)
    now = timezone.now()
    secrets = [api_keys.issue(name, Scope.BOOK, expires_at=None, now=now)[1] for name in ("Website", "Kiosk")]
    signed_in(page, max_).goto("/admin/accounts/apikey/")
    axe(page)
    page.get_by_role("link", name="Website").press("Enter")
    expect(page.get_by_role("heading", name="Change key of a program")).to_be_visible()
    axe(page, preload=False)
    page.get_by_role("radio", name="Read", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    row = page.get_by_role("row", name=re.compile("Website"))
    expect(row).to_contain_text("In use")
    expect(row.locator(".field-scope")).to_have_text("Read")

    page.get_by_role("link", name="Website").first.press("Enter")
    page.get_by_role("link", name="Revoke").press("Enter")
    expect(page.get_by_role("heading", name="Revoke this key?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    page.get_by_role("button", name="Revoke").press("Enter")
    expect(page.get_by_text("1 key is revoked.")).to_be_visible()
    expect(row).to_contain_text("Revoked")
    axe(page)
    let_in = [api_keys.admit(secret, now=timezone.now()) is not None for secret in secrets]
    assert let_in == [False, True]
