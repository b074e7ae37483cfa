"""The day on paper, as the browser prints it."""

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.conftest import works

pytestmark = pytest.mark.browser


def test_each_doctor_gets_a_page_of_a4(page, signed_in, axe, rae, osei, lind, checkup):
    late = factories.DoctorFactory(doctor_name="Dr Late")
    for doctor in (osei, lind, late):
        works(doctor, time(15), time(20), range(7))
    day = timezone.localdate() + timedelta(days=7)
    signed_in(page, rae).goto(f"/desk/day/{day}/")
    page.get_by_role("link", name="Day sheet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Day sheet")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    axe(page)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True)))
    assert pages == 3
    page.emulate_media(media="print", color_scheme="dark")
    sheet = page.locator(".paper").first
    assert sheet.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 700})
    page.emulate_media(media="screen")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
