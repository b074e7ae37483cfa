"""What the pages of hours say, of all doctors and of one."""

from datetime import date, time

import pytest

from scheduling.booking import hours
from scheduling.models import WorkingHours
from scheduling.times import weeks
from tests import factories
from tests.conftest import NOW, works
from tests.views.desk.hours.asking import MONDAY, page_of, typed_in
from tests.views.desk.pages import text_of
from tests.weeks import week_of


def spanning(n):
    from tests.booking.test_hours import between

    return between(f"2026-04-01 {n // 4:02}:{n % 4 * 15:02}", f"2026-04-01 {n // 4:02}:{n % 4 * 15 + 10:02}")


class TestLooking:
    def test_all_doctors_at_a_glance(self, office, osei, lind):
        WorkingHours.objects.filter(doctor=lind).delete()
        hours.change_week(osei, [], first=MONDAY, by=None, now=NOW)
        text = text_of(office.get("/desk/hours/"), "main")
        assert "1 doctor has no hours yet: nobody can be booked there." in text
        assert "Dr Ama Osei Cardiology · 25 hours a week Monday 09:00 to 14:00 Tuesday" in text
        assert "Other hours from Mon 9 March" in text
        assert "Dr Per Lind Cardiology · No hours recorded" in text

    def test_half_hours_are_said_shortly(self, office, osei, max_):
        works(osei, time(15), time(15, 30), weekdays=[0])
        assert "25.5 hours a week" in text_of(office.get("/desk/hours/"), "main")
        max_.language = "es"
        max_.save()
        assert "25,5 horas" in text_of(office.get(page_of(osei)), "main")

    def test_a_week_is_shown_with_the_next_monday_as_its_first_day(self, office, osei):
        typed = typed_in(office.get(page_of(osei)))
        assert (typed["first"], typed["last"], typed["from-0"], typed["to-4"]) == (
            "09/03/2026",
            "",
            "09:00",
            "14:00",
        )
        assert typed["seen"] == weeks.token(week_of(osei))

    def test_a_doctor_without_hours_begins_today(self, office):
        assert typed_in(office.get(page_of(factories.DoctorFactory())))["first"] == "02/03/2026"

    def test_hours_recorded_for_later_are_told_and_can_be_opened(self, office, osei):
        hours.change_week(
            osei,
            [weeks.Weekly(0, time(16), time(20))],
            first=MONDAY,
            last=date(2026, 3, 22),
            by=None,
            now=NOW,
        )
        text = text_of(office.get(page_of(osei)), "main")
        assert "From 9 Mar 2026 until 22 Mar 2026 Mon: 16:00 to 20:00" in text
        assert "From 23 Mar 2026 Mon to Fri: 09:00 to 14:00" in text
        typed = typed_in(office.get(page_of(osei), {"from": "2026-03-09"}))
        assert (typed["first"], typed["last"], typed["from-0"]) == ("09/03/2026", "22/03/2026", "16:00")

    @pytest.mark.parametrize("day", ["2026-13-40", "x", "0001-01-01", "9999-12-31", "2020-01-01", "\0"])
    def test_an_odd_day_in_the_address_harms_nothing(self, office, osei, day):
        assert office.get(page_of(osei), {"from": day}).status_code == 200

    @pytest.mark.parametrize("count", [1, 50])
    def test_both_pages_cost_a_fixed_number_of_queries(self, office, osei, django_assert_num_queries, count):
        for _ in range(count - 1):
            works(factories.DoctorFactory(specialty=osei.specialty), time(9), time(14))
        for n in range(count):
            hours.add_time_off(osei, spanning(n), reason="", by=None, now=NOW)
        office.get("/desk/keys/")  # what the header counts is known
        with django_assert_num_queries(7):  # session, person; doctors, rows, off, extra; closures
            office.get("/desk/hours/")
        with django_assert_num_queries(7):
            office.get(page_of(osei))
