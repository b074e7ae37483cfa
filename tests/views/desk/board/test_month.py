"""A month at a glance: the board's, and the calendar of every date field."""

import re
from datetime import date

import pytest

from scheduling.models import Doctor, TimeOff
from tests import factories
from tests.conftest import madrid, works
from tests.markup import in_one_line
from tests.views.desk.conftest import UNKNOWN

MARCH = "/desk/month/2026-03/"
PART = {"HX-Request": "true"}


def days(response):
    return {day.day: day for week in response.context["month"].weeks for day in week if day}


def said(response, day):
    return re.search(rf'data-iso="{day}"\s+aria-label="([^"]*)"', response.content.decode())[1]


def test_each_day_says_how_full_it_is_and_leads_to_its_board(desk, book, osei, lind, ana):
    book(osei, ana, "2026-03-03 10:00")
    response = desk.get(MARCH)
    assert said(response, "2026-03-03") == "Tuesday 3 March 2026: 19 free, 5 % booked"
    assert said(response, "2026-03-08") == "Sunday 8 March 2026: closed"
    page = in_one_line(response.content.decode())
    assert 'href="/desk/day/2026-03-03/"' in page
    assert re.search(r'data-iso="2026-03-03".*?<b>3</b> ?<small>19 free</small><svg.*?<rect width="5"', page)
    assert re.search(r'data-iso="2026-03-02"[^>]*aria-current="date"', page)
    assert page.count('aria-current="date"') == 1
    assert re.search(r'class="is-shut" href="[^"]*" data-iso="2026-03-08"', page)
    assert "All doctors." in page


def test_full_past_and_too_far_are_words(desk, osei, lind, book, ana):
    TimeOff.objects.create(
        doctor=lind, starts_at=madrid("2026-03-05 00:00"), ends_at=madrid("2026-03-06 00:00"), reason=""
    )
    long = factories.VisitTypeFactory(minutes=300)
    book(osei, ana, "2026-03-05 09:00", visit_type=long)
    assert said(desk.get(MARCH), "2026-03-05") == "Thursday 5 March 2026: full, 100 % booked"
    assert said(desk.get("/desk/month/2026-02/"), "2026-02-27") == "Friday 27 February 2026: past, 0 % booked"
    far = desk.get("/desk/month/2028-03/")
    assert said(far, "2028-03-06") == "Monday 6 March 2028: not yet, 0 % booked"


def test_the_weeks_begin_on_monday_and_the_month_with_its_first(desk, osei):
    month = desk.get(MARCH).context["month"]
    assert month.weekdays[0] == ("Monday", "Mon")
    assert [len(week) for week in month.weeks] == [7] * 6
    assert [day and day.day.day for day in month.weeks[0]] == [None] * 6 + [1]
    assert list(days(desk.get("/desk/month/2028-02/")))[-1] == date(2028, 2, 29)


def test_other_months_and_years_are_a_step_away_as_far_as_the_calendar_goes(desk, osei):
    month = desk.get("/desk/month/2026-12/").context["month"]
    assert [month.year_before, month.before, month.after, month.year_after] == [
        "/desk/month/2025-12/", "/desk/month/2026-11/", "/desk/month/2027-01/", "/desk/month/2027-12/",
    ]  # fmt: skip
    first, last = (desk.get(f"/desk/month/{month}/").context["month"] for month in ("1900-01", "2199-12"))
    assert (first.year_before, first.before, last.after, last.year_after) == ("", "", "", "")


@pytest.mark.parametrize(
    "month", ["2026-00", "2026-13", "2026-3", "1899-12", "2200-01", "0000-01", "٢٠٢٦-٠٣"]
)
def test_a_month_that_is_none_does_not_exist(desk, osei, month):
    assert desk.get(f"/desk/month/{month}/").status_code == 404


def test_it_is_of_the_doctors_who_are_chosen_and_keeps_the_choice(desk, osei, lind):
    response = desk.get(MARCH, {"doctor": lind.uuid, "cancelled": "1"})
    assert response.context["month"].doctors == [lind]
    assert said(response, "2026-03-03") == "Tuesday 3 March 2026: 10 free, 0 % booked"
    assert days(response)[date(2026, 3, 3)].href == f"/desk/day/2026-03-03/?doctor={lind.uuid}&cancelled=1"
    assert response.context["month"].after == f"/desk/month/2026-04/?doctor={lind.uuid}&cancelled=1"
    assert "Dr Per Lind." in in_one_line(response.content.decode())


def test_from_a_week_its_days_lead_to_weeks_of_that_doctor(desk, osei, lind):
    response = desk.get(f"/desk/week/{lind.uuid}/2026-W10/")
    assert response.context["month"] == f"{MARCH}?week={lind.uuid}"
    month = desk.get(response.context["month"])
    assert month.context["month"].doctors == [lind]
    assert days(month)[date(2026, 3, 17)].href == f"/desk/week/{lind.uuid}/2026-W12/"
    assert month.context["month"].before == f"/desk/month/2026-02/?week={lind.uuid}"


def test_a_week_of_nobody_has_no_month_and_one_who_is_switched_off_has(desk, osei, lind):
    assert desk.get(MARCH, {"week": UNKNOWN}).status_code == 404
    Doctor.objects.filter(pk=lind.pk).update(is_active=False)
    assert desk.get(f"/desk/week/{lind.uuid}/2026-W10/").status_code == 200
    response = desk.get(MARCH, {"week": lind.uuid})
    assert (response.status_code, response.context["month"].doctors) == (200, [lind])


def test_a_visit_that_is_moved_comes_along_and_its_time_counts_as_free(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-03 10:00", visit_type=factories.VisitTypeFactory(minutes=60))
    response = desk.get(MARCH, {"moving": visit.uuid})
    assert said(response, "2026-03-03") == "Tuesday 3 March 2026: 5 free, 0 % booked"
    assert days(response)[date(2026, 3, 4)].href == f"/desk/day/2026-03-04/?moving={visit.uuid}"


def test_the_page_and_its_part_are_one_template(desk, osei):
    page, part = desk.get(MARCH), desk.get(MARCH, headers=PART)
    assert part.content.strip() in page.content
    assert b"<html" not in part.content
    assert b'href="/desk/day/2026-03-02/">Back to the board' in page.content
    assert b'href="/desk/day/2026-04-01/">Back to the board' in desk.get("/desk/month/2026-04/").content


def test_a_typed_day_leads_to_its_month_and_what_is_none_to_this_one(desk, osei):
    assert desk.get("/desk/month/", {"date": "5/4/2026"}).url == "/desk/month/2026-04/"
    found = desk.get("/desk/month/", {"date": "2027-01-31", "doctor": osei.uuid}).url
    assert found == f"/desk/month/2027-01/?doctor={osei.uuid}"
    for text in ("", "soon", "1/1/1600"):
        response = desk.get("/desk/month/", {"date": text}, follow=True)
        assert response.redirect_chain == [(MARCH, 302)]
        assert list(response.context["messages"]) == []


def test_without_doctors_and_types_every_day_is_closed(desk):
    assert all(day.fullness.is_closed for day in days(desk.get(MARCH)).values())


@pytest.mark.parametrize("count", [1, 50])
def test_a_month_costs_6_queries_at_1_and_at_50_doctors(desk, cardiology, count, django_assert_num_queries):
    for doctor in factories.DoctorFactory.create_batch(count, specialty=cardiology):
        works(doctor, madrid("2026-03-03 08:00").time(), madrid("2026-03-03 18:00").time(), range(7))
    desk.get(MARCH)
    with django_assert_num_queries(6):  # session, person; doctors, shortest type, hours, what is taken
        response = desk.get(MARCH, headers=PART)
    assert days(response)[date(2026, 3, 3)].fullness.open_minutes == count * 600


def test_who_may_not_see_visits_has_no_month(client, at_eight, db):
    client.force_login(factories.UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(MARCH).status_code == 404


def test_it_speaks_spanish(desk, rae, osei):
    type(rae).objects.update(language="es")
    page = in_one_line(desk.get(MARCH).content.decode())
    assert "marzo de 2026" in page
    assert '<span class="hide">lunes</span>' in page


def test_a_doctor_who_is_switched_off_has_nothing_free(desk, osei):
    Doctor.objects.update(is_active=False)
    assert days(desk.get(MARCH, {"week": osei.uuid}))[date(2026, 3, 3)].fullness.free == 0
