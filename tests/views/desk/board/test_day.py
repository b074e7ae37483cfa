"""The day of all doctors: who comes, what is free, what is closed."""

import gzip
from datetime import time, timedelta

import pytest
import time_machine

from scheduling.models import Appointment, Claim, Doctor, Status
from tests import factories
from tests.conftest import madrid, works
from tests.views.desk.conftest import TUESDAY

DAY = f"/desk/day/{TUESDAY}/"


def column_of(response, doctor):
    return next(c.day for c in response.context["board"].columns if c.key == str(doctor.uuid))


def times(entries):
    return [f"{(entry.start + timedelta(hours=1)):%H:%M}" for entry in entries]


def entries_of(response, doctor):
    return [placed.entry for placed in column_of(response, doctor).entries]


def test_the_desk_opens_on_today(desk):
    assert desk.get("/desk/")["Location"] == "/desk/day/2026-03-02/"


def test_today_is_the_clinics_day_and_not_utcs(client, rae):
    with time_machine.travel(madrid("2026-03-03 00:30"), tick=False):
        client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/desk/")["Location"] == "/desk/day/2026-03-03/"


def test_go_leads_to_the_day_that_was_typed(desk):
    assert desk.get("/desk/", {"date": "2026-05-01"})["Location"] == "/desk/day/2026-05-01/"
    assert desk.get("/desk/", {"date": ""})["Location"] == "/desk/day/2026-03-02/"
    assert desk.get("/desk/", {"date": "1/5"})["Location"] == "/desk/day/2026-05-01/"
    page = desk.get("/desk/", {"date": "soon"}, follow=True)
    assert page.redirect_chain == [("/desk/day/2026-03-02/", 302)]
    assert "“soon” is not a date." in page.content.decode()


@pytest.mark.parametrize(
    ("shown", "stays"), [("2026-05-01", "2026-05-01"), ("", "2026-03-02"), ("later", "2026-03-02")]
)
def test_what_is_no_date_leaves_the_day_that_was_shown(desk, shown, stays):
    assert desk.get("/desk/", {"date": "31/2/2026", "shown": shown})["Location"] == f"/desk/day/{stays}/"
    assert 'name="shown" value="2026-05-01"' in desk.get("/desk/day/2026-05-01/").content.decode()


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-3-3", "soon", "0001-01-01", "9999-12-31", "2026-03-03x", "٢٠٢٦-٠٣-٠٣"]
)
def test_a_day_that_is_none_does_not_exist(desk, day):
    assert desk.get(f"/desk/day/{day}/").status_code == 404


def test_a_day_shows_visits_and_free_starts_in_order(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-03 10:00", status=Status.PENDING)
    response = desk.get(DAY)
    column = column_of(response, osei)
    assert times(entries_of(response, osei)) == [
        "09:00",
        "09:30",
        "10:00",
        "10:30",
        "11:00",
        "11:30",
        "12:00",
        "12:30",
        "13:00",
        "13:30",
    ]
    assert (column.booked, len(column.free), response.context["board"].counts) == (1, 9, {"pending": 1})
    page = response.content.decode()
    assert "<b>Tuesday 3 March</b> 2026" in page
    assert f"/desk/appointments/{visit.uuid}/" in page
    assert "pending</em>" in page
    assert 'aria-label="Tue 3 March, 10:30, Dr Ama Osei, free"' in page
    assert f"/desk/book/?doctor={osei.uuid}&amp;start=2026-03-03T10:30%2B01:00" in page


def test_free_times_of_the_past_are_not_offered(client, rae, osei, checkup):
    with time_machine.travel(madrid("2026-03-03 11:10"), tick=False):
        client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
        assert times(column_of(client.get(DAY), osei).free)[0] == "11:30"


def test_a_cancelled_visit_frees_its_time_and_can_still_be_read(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-03 10:00")
    Claim.objects.all().delete()
    Appointment.objects.update(status=Status.CANCELLED)
    response = desk.get(DAY)
    column = column_of(response, osei)
    assert "10:00" in times(column.free)
    assert (column.booked, column.counts) == (0, {Status.CANCELLED: 1})
    address = f"/desk/appointments/{visit.uuid}/"
    page = response.content.decode()
    assert "Show 1 cancelled" in page
    assert address not in page
    page = desk.get(DAY, {"cancelled": "1"}).content.decode()
    assert "Hide 1 cancelled" in page
    assert address in page


def test_a_visit_beside_another_is_marked(desk, book, osei, ana, ben):
    book(osei, ana, "2026-03-03 10:00")
    beside = book(osei, ben, "2026-03-03 12:00")
    Claim.objects.filter(appointment=beside).update(lane=1)
    response = desk.get(DAY)
    marked = {visit.patient: visit.overbooked for visit in column_of(response, osei).visits}
    assert marked == {"Ana Souza Prieto": False, "Ben Okafor": True}
    assert "overbooked" in response.content.decode()


def test_a_break_between_hours_is_told(desk, osei):
    works(osei, time(16), time(19))
    assert "Closed 14:00 to 16:00" in desk.get(DAY).content.decode()


def test_a_doctor_who_was_switched_off_has_a_column_while_visits_stand(desk, book, osei, lind, ana):
    book(osei, ana, "2026-03-03 10:00")
    Doctor.objects.update(is_active=False)
    response = desk.get(DAY)
    assert [column.key for column in response.context["board"].columns] == [str(osei.uuid)]
    assert list(column_of(response, osei).free) == []
    assert "switched off" in response.content.decode()


def test_an_empty_clinic_says_what_comes_first(desk):
    assert "No doctors are recorded yet" in desk.get(DAY).content.decode()


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_on_both_nights_of_the_year_every_free_start_exists(desk, osei, checkup, day, hours):
    works(osei, time(0), time(23, 55), weekdays=[6])
    response = desk.get(f"/desk/day/{day}/")
    assert len(column_of(response, osei).free) == hours * 2 - 1
    page = response.content.decode()
    assert ("02:30 (UTC+2), Dr Ama Osei, free" in page and "02:30 (UTC+1), Dr" in page) == (hours == 25)
    assert "02:30, Dr" not in page  # never without saying which


@pytest.mark.parametrize("count", [1, 50])
def test_a_day_costs_6_queries_at_1_and_at_50_visits(
    desk, book, osei, checkup, django_assert_num_queries, count
):
    short = factories.VisitTypeFactory(minutes=5)
    for n in range(count):
        at = madrid("2026-03-03 09:00") + timedelta(minutes=5 * n)
        book(osei, factories.PatientFactory(), f"{at + timedelta(hours=1):%Y-%m-%d %H:%M}", visit_type=short)
    with django_assert_num_queries(6):
        response = desk.get(DAY)
    assert column_of(response, osei).booked == count


def test_a_crowded_day_travels_light(desk, book):
    """25 doctors, 400 visits: under 60 kB, as promised."""
    for _ in range(25):
        doctor = factories.DoctorFactory()
        works(doctor, time(8), time(18))
        for n in range(16):
            book(doctor, factories.PatientFactory(), f"2026-03-03 {8 + n // 2:02}:{30 * (n % 2):02}")
    response = desk.get(DAY)
    assert response.context["board"].booked == 400
    assert len(gzip.compress(response.content)) < 60_000
