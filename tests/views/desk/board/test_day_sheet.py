"""The day on paper."""

from datetime import date, time

import pytest

from scheduling.models import Appointment, Status, TimeOff
from scheduling.views.desk.board.sheet import pages_of
from tests import factories
from tests.conftest import NOW, madrid, works
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY

SHEET = f"/desk/day/{TUESDAY}/sheet/"
DAY = date(2026, 3, 3)


def test_a_page_has_visits_and_empty_lines_in_order(desk, book, osei, ana):
    Appointment.objects.filter(pk=book(osei, ana, "2026-03-03 10:00").pk).update(status=Status.PENDING)
    (page,) = pages_of(DAY, now=NOW)
    assert [(line.start, line.visit is not None) for line in page.lines[:4]] == [
        (madrid("2026-03-03 09:00"), False),
        (madrid("2026-03-03 09:30"), False),
        (madrid("2026-03-03 10:00"), True),
        (madrid("2026-03-03 10:30"), False),
    ]
    assert page.booked == 1


def test_the_sheet_tells_what_a_desk_without_its_computer_must_know(desk, book, osei, ana):
    ana.date_of_birth, ana.phone = date(1985, 4, 9), "+34600555482"
    ana.save()
    book(osei, ana, "2026-03-03 10:00", description="Short of <breath>")
    html = desk.get(SHEET).content.decode()
    for said in (
        "Dr Ama Osei",
        "Cardiology · 09:00–14:00",
        "Tuesday 3 March 2026",
        "Clínica San Telmo · printed Mon 2 March, 08:00",
        "Ana Souza Prieto",
        "09/04/1985",
        "600 55 54 82",
        'Check-up,<span class="nowrap">30 min</span>',
        "Confirmed",
        "Short of &lt;breath&gt;",
        "1 visit. Empty lines are free.",
    ):
        assert said in in_one_line(html)


def test_cancelled_visits_are_not_printed_and_missed_ones_are(desk, book, osei, ana, ben):
    off, missed = book(osei, ana, "2026-03-03 10:00"), book(osei, ben, "2026-03-03 11:00")
    Appointment.objects.filter(pk=off.pk).update(status=Status.CANCELLED)
    Appointment.objects.filter(pk=missed.pk).update(status=Status.NO_SHOW)
    html = desk.get(SHEET).content.decode()
    assert "Ana Souza Prieto" not in html
    assert "Ben Okafor" in html


def test_time_off_is_said_with_its_reason(desk, osei, lind):
    TimeOff.objects.create(
        doctor=osei,
        starts_at=madrid("2026-03-03 11:00"),
        ends_at=madrid("2026-03-03 12:00"),
        reason="Training",
    )
    assert "Time off until 12:00: Training" in in_one_line(desk.get(SHEET).content.decode())


def test_one_doctors_sheet_has_one_page_and_an_idle_doctor_has_none(desk, osei, lind):
    idle = factories.DoctorFactory(doctor_name="Dr Idle")
    assert "Dr Idle" not in desk.get(SHEET).content.decode()
    answer = desk.get(SHEET, {"doctor": str(lind.uuid)})
    assert [page.doctor for page in answer.context["pages"]] == [lind]
    assert "No visits" in desk.get(SHEET, {"doctor": str(idle.uuid)}).content.decode()


@pytest.mark.parametrize("doctor", ["0b1d8a52-6d0e-4a53-9a57-3f7f3c1d2e4a", "soon", "\x00", "1"])
def test_an_unknown_doctor_has_no_sheet(desk, osei, doctor):
    assert desk.get(SHEET, {"doctor": doctor}).status_code == 404


def test_a_day_without_anybody_says_so(desk, osei):
    assert "Nobody works on this day" in desk.get("/desk/day/2026-03-08/sheet/").content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_sheet_costs_a_fixed_number_of_queries(desk, book, checkup, django_assert_num_queries, count):
    for _ in range(count):
        doctor = factories.DoctorFactory()
        works(doctor, time(9), time(14))
        book(doctor, factories.PatientFactory(), "2026-03-03 10:00")
    desk.get(SHEET)
    with django_assert_num_queries(6):
        desk.get(SHEET)
