"""The day on paper, as the browser prints it."""

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.models import Appointment
from scheduling.templatetags.clinic import day_date, long_date
from scheduling.times import clinic_day
from tests import factories
from tests.browser.pdf_text import pages_of
from tests.conftest import MADRID, works

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


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_each_further_page_says_whose_day_it_is(page, signed_in, rae, osei):
    works(osei, time(14), time(23, 55), range(7))
    factories.VisitTypeFactory(name="Quick", minutes=15)
    day = timezone.localdate() + timedelta(days=7)
    signed_in(page, rae).goto(f"/desk/day/{day}/sheet/")
    sheets = pages_of(page.pdf(prefer_css_page_size=True))
    assert len(sheets) > 1
    for text in sheets:
        assert "DrAmaOsei" in squeezed(text) and squeezed(long_date(day)) in squeezed(text)


@pytest.mark.parametrize("address", ["/desk/day/{day}/", "/desk/week/{doctor}/{week}/"])
def test_each_further_page_of_a_board_says_whose_day_it_is(page, signed_in, rae, osei, ana, checkup, address):
    works(osei, time(0), time(23, 55), range(7))
    day = timezone.localdate() + timedelta(days=8)
    for quarter in range(88):
        start = clinic_day.whole_day(day, MADRID).start + quarter * timedelta(minutes=15)
        Appointment.objects.create(
            doctor=osei,
            patient=ana,
            appointment_datetime=start,
            minutes=15,
            created_at=start,
            updated_at=start,
        )
    year, week, _weekday = day.isocalendar()
    where = address.format(day=day, doctor=osei.uuid, week=f"{year}-W{week:02}")
    signed_in(page, rae).goto(where)
    sheets = [text for text in pages_of(page.pdf(format="A4")) if "Souza" in text]
    assert len(sheets) > 1
    for text in sheets:
        assert "DrAmaOsei" in squeezed(text)
        assert squeezed(day_date(day)) in squeezed(text)
