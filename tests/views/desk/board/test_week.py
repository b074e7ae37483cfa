"""One doctor's week, of the same pieces as the day of all."""

import re
from datetime import time

import pytest
import time_machine

from scheduling.models import Appointment, Claim, Doctor, Status
from tests import factories
from tests.conftest import madrid, works
from tests.markup import in_one_line
from tests.views.desk.conftest import UNKNOWN


@pytest.fixture
def week(osei):
    return f"/desk/week/{osei.uuid}/2026-W10/"


def columns(response):
    return response.context["board"].columns


def test_seven_days_stand_side_by_side(desk, week, book, osei, lind, ana, ben):
    visit = book(osei, ana, "2026-03-04 10:00")
    other = book(lind, ben, "2026-03-04 10:00")
    response = desk.get(week)
    assert [column.title for column in columns(response)] == [
        "Monday 2 March", "Tuesday 3 March", "Wednesday 4 March", "Thursday 5 March", "Friday 6 March",
        "Saturday 7 March", "Sunday 8 March",
    ]  # fmt: skip
    assert [column.day.booked for column in columns(response)] == [0, 0, 1, 0, 0, 0, 0]
    page = response.content.decode()
    assert "week 10, 2026" in page
    assert f"/desk/appointments/{visit.uuid}/" in page
    assert f"/desk/appointments/{other.uuid}/" not in page
    assert 'aria-label="Wed 4 March, 10:30, Dr Ama Osei, free"' in page
    assert (
        in_one_line(page).count("<small>not in</small>") == 4
    )  # Saturday and Sunday, here and in the list of days
    assert 'href="/desk/day/2026-03-04/"' in page


def test_the_week_before_and_after_are_a_step_away(desk, osei):
    page = desk.get(f"/desk/week/{osei.uuid}/2026-W53/").content.decode()
    assert f'href="/desk/week/{osei.uuid}/2026-W52/"' in page
    assert f'href="/desk/week/{osei.uuid}/2027-W01/"' in page
    assert f'href="/desk/week/{osei.uuid}/2026-W10/"' in page  # this week


@pytest.mark.parametrize(
    "week", ["2026-W00", "2026-W54", "2027-W53", "2026-W1", "0001-W01", "9999-W52", "2026-10", "٢٠٢٦-W10"]
)
def test_a_week_that_is_none_does_not_exist(desk, osei, week):
    assert desk.get(f"/desk/week/{osei.uuid}/{week}/").status_code == 404


def test_nobody_has_no_week(desk, osei):
    assert desk.get(f"/desk/week/{UNKNOWN}/2026-W10/").status_code == 404


def test_who_was_switched_off_keeps_a_week_and_has_no_free_time(desk, week, book, osei, ana):
    book(osei, ana, "2026-03-04 10:00")
    Doctor.objects.update(is_active=False)
    response = desk.get(week)
    assert (response.context["board"].booked, response.context["board"].free) == (1, 0)


def test_a_day_leads_to_its_week_and_go_to_any(desk, osei, week):
    assert f'href="{week}"' in desk.get("/desk/day/2026-03-08/").content.decode()
    go = desk.get("/desk/week/", {"doctor": osei.uuid, "date": "2027-01-01"})
    assert go["Location"] == f"/desk/week/{osei.uuid}/2026-W53/"
    assert desk.get("/desk/week/")["Location"] == "/desk/"
    assert desk.get("/desk/week/", {"doctor": "x", "date": "2027-01-01"}).status_code == 404
    page = desk.get("/desk/week/", {"doctor": osei.uuid, "date": "soon"}, follow=True)
    assert "“soon” is not a date." in page.content.decode()


def test_cancelled_visits_are_shown_on_demand(desk, week, book, osei, ana):
    visit = book(osei, ana, "2026-03-04 10:00")
    Claim.objects.all().delete()
    Appointment.objects.update(status=Status.CANCELLED)
    address = f"/desk/appointments/{visit.uuid}/"
    assert address not in desk.get(week).content.decode()
    assert address in desk.get(week, {"cancelled": "1"}).content.decode()


def test_one_axis_fits_the_days_of_a_week_in_which_the_clocks_change(desk, osei):
    works(osei, time(0), time(23, 55), weekdays=[6])
    for number, hours in ((13, 23), (43, 25)):
        response = desk.get(f"/desk/week/{osei.uuid}/2026-W{number}/")
        page = response.content.decode()
        assert re.findall(r'<li class="t\d+">(\d\d)<', page) == [f"{hour:02}" for hour in range(24)]
        sunday = columns(response)[-1]
        assert len(sunday.day.free) == hours * 2 - 1
        at_ten = next(entry for entry in sunday.entries if getattr(entry, "time", "") == "10:00")
        assert at_ten.css == "t120 n6"


def test_today_is_marked_in_its_own_week(client, rae, osei, week):
    with time_machine.travel(madrid("2026-03-04 10:37"), tick=False):
        client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(week).content.decode()
        assert page.count('class="doc is-today"') == 1
        assert 'id="now-line" data-row="127"' in in_one_line(page)
        assert "now-line" not in client.get(f"/desk/week/{osei.uuid}/2026-W11/").content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_a_week_costs_7_queries_at_1_and_at_50_visits(
    desk, week, book, osei, count, django_assert_num_queries
):
    short = factories.VisitTypeFactory(minutes=5)
    for n in range(count):
        at = f"2026-03-0{3 + n // 20} {9 + n % 20 // 12:02}:{n % 12 * 5:02}"
        book(osei, factories.PatientFactory(), at, visit_type=short)
    desk.get(week)
    with django_assert_num_queries(7):  # one more than a day: the doctors to whose weeks one can turn
        response = desk.get(week)
    assert response.context["board"].booked == count
    with django_assert_num_queries(7):  # and here the token, asked for before the page
        desk.get(f"{week}changes/")


def test_day_and_week_are_two_faces_of_one_board(desk, week, osei, lind):
    """The week of the doctor looked at last; before any was, of the first who works."""
    day = desk.get("/desk/day/2026-03-03/").content.decode()
    faces = re.search(r'<nav class="seg".*?</nav>', day, re.DOTALL)[0]
    assert f'href="/desk/week/{osei.uuid}/2026-W10/"' in faces
    response = desk.get(f"/desk/week/{lind.uuid}/2026-W11/")
    assert response.context["all_doctors"] == f"/desk/day/2026-03-09/?of={lind.uuid}"
    back = desk.get(response.context["all_doctors"])
    assert back.context["week"] == f"/desk/week/{lind.uuid}/2026-W11/"
    assert back.context["steps"]["on"] == f"/desk/day/2026-03-10/?of={lind.uuid}"
    # In this week the day is today, and the way there and back keeps what is moved.
    assert desk.get(week).context["all_doctors"] == f"/desk/day/2026-03-02/?of={osei.uuid}"


def test_where_nobody_works_the_week_is_the_first_doctors_and_without_doctors_there_is_none(desk, osei, lind):
    sunday = desk.get("/desk/day/2026-03-08/")
    assert sunday.context["week"] == f"/desk/week/{osei.uuid}/2026-W10/"
    Doctor.objects.update(is_active=False)
    page = desk.get("/desk/day/2026-03-08/")
    assert page.context["week"] == ""
    assert 'class="seg"' not in page.content.decode()


def test_another_doctors_week_is_a_choice_away(desk, week, osei, lind):
    Doctor.objects.filter(pk=osei.pk).update(is_active=False)
    page = in_one_line(desk.get(week).content.decode())
    assert f'<option value="{osei.uuid}" selected>Dr Ama Osei</option>' in page
    assert f'<option value="{lind.uuid}">Dr Per Lind</option>' in page
    asked = {"doctor": lind.uuid, "date": "2026-03-02", "cancelled": "1"}
    assert desk.get("/desk/week/", asked).url == f"/desk/week/{lind.uuid}/2026-W10/?cancelled=1"
