"""A booking that is repeated: previewed, chosen for, booked; nothing of it needs a script."""

from datetime import date
from uuid import uuid4

import pytest

from scheduling.models import Appointment, Patient, Series, TimeOff
from scheduling.times.recurring import dates
from tests.conftest import madrid
from tests.views.desk.conftest import UNKNOWN, written
from tests.views.desk.pages import beside
from tests.views.desk.series.asking import BOOK, PLAN, fields, focus, rows, said

TUESDAYS = ["2026-03-03", "2026-03-10", "2026-03-17", "2026-03-24"]


@pytest.fixture
def taken(book, osei, ben):
    """Ben at 10:15 on the second Tuesday, and training on the third."""
    span = {"starts_at": madrid("2026-03-17 00:00"), "ends_at": madrid("2026-03-18 00:00")}
    TimeOff.objects.create(uuid=uuid4(), doctor=osei, reason="Training", **span)
    return book(osei, ben, "2026-03-10 10:15")


def plan(desk, filled_in, **more):
    return desk.post(PLAN, filled_in() | {"count": "4", "rhythm": "1"} | more)


def press(desk, page, address=PLAN, **button):
    return desk.post(address, fields(page) | button)


def test_the_booking_form_has_a_button_that_keeps_what_is_typed(desk, filled_in):
    page = desk.get("/desk/book/")
    assert f'formaction="{PLAN}"' in page.content.decode()
    shown = desk.post(PLAN, filled_in())
    assert [day for day, _time, _whys in said(shown)][:2] == ["2026-03-03", "2026-03-10"]
    assert len(rows(shown)) == 8
    assert focus(shown) == ["rhythm"]
    assert fields(shown)["description"] == ["Short of breath on stairs"]
    back = desk.post("/desk/book/fill/", fields(shown))
    assert back.context["outline"].start == madrid("2026-03-03 10:00")
    assert back.context["form"]["description"].value() == "Short of breath on stairs"


def test_a_booking_that_lacks_something_is_shown_again(desk, filled_in):
    page = desk.post(PLAN, filled_in(time="25:00"))
    assert page.status_code == 422
    assert page.context["refusal"].complaints
    assert 'id="booking"' in page.content.decode()


def test_each_date_says_what_is_in_its_way_by_name(desk, filled_in, taken, lind):
    page = plan(desk, filled_in)
    assert said(page) == [
        ("2026-03-03", "10:00", []),
        ("2026-03-10", "10:00", ["Taken: Ben Okafor until 10:45"]),
        ("2026-03-17", "10:00", ["Time off: Dr Ama Osei, Training"]),
        ("2026-03-24", "10:00", []),
    ]
    assert [way.note for way in rows(page)[1].ways] == ["same day", "same day", "same day, Dr Per Lind"]
    text = " ".join(page.content.decode().split())
    assert "2 free, 2 need a choice" in text
    assert "Book 2 visits" in text
    assert "Without Tue 10 March, Tue 17 March." in text


def test_looking_costs_the_same_for_any_number_and_writes_nothing(
    desk, filled_in, taken, lind, django_assert_num_queries
):
    before = written()
    plan(desk, filled_in)  # what a process reads once is read
    for count in ("4", "52"):
        address = plan(desk, filled_in, count=count).wsgi_request.get_full_path()
        with django_assert_num_queries(17):
            page = desk.get(address)
        assert len(rows(page)) == int(count)
    assert written() == before


def test_a_time_that_is_chosen_and_a_date_left_out_are_booked_so(desk, filled_in, taken, lind, ana):
    page = plan(desk, filled_in)
    page = press(desk, page, choose=rows(page)[1].ways[2].value)
    assert said(page)[1] == ("2026-03-10", "10:00", [])
    assert rows(page)[1].doctor == lind
    page = press(desk, page, leave="2026-03-17")
    assert focus(page) == ["2026-03-17"]
    text = " ".join(page.content.decode().split())
    assert "Book 3 visits" in text
    done = press(desk, page, BOOK)
    series = Series.objects.get()
    assert done.url == f"/desk/series/{series.uuid}/"
    assert [(visit.doctor.doctor_name, visit.appointment_datetime) for visit in series.visits.all()] == [
        ("Dr Ama Osei", madrid("2026-03-03 10:00")),
        ("Dr Per Lind", madrid("2026-03-10 10:00")),
        ("Dr Ama Osei", madrid("2026-03-24 10:00")),
    ]
    shown = " ".join(desk.get(done.url).content.decode().split())
    assert '<p tabindex="-1" autofocus>3 visits are booked' in shown
    assert "3 visits are booked for Ana Souza Prieto." in shown
    assert "Every week. 3 of 3 visits are to come." in shown


def test_after_booking_them_it_is_said_that_one_message_tells_all(desk, filled_in, ana, settings):
    settings.NOTICE_CHANNELS = ["email"]
    Patient.objects.filter(pk=ana.pk).update(email="ana@mail.example")
    done = press(desk, plan(desk, filled_in), BOOK)
    said_there = "One message about all 4 visits goes to ana@mail.example in"
    assert said_there in " ".join(desk.get(done.url).content.decode().split())


def test_what_was_chosen_can_be_taken_back(desk, filled_in, taken):
    page = plan(desk, filled_in)
    page = press(desk, page, leave="2026-03-03")
    assert rows(page)[0].is_left_out
    page = press(desk, page, take="2026-03-03")
    assert rows(page)[0].is_agreed
    page = press(desk, page, choose=rows(page)[1].ways[0].value)
    page = press(desk, page, take="2026-03-10")
    assert rows(page)[1].is_open


def test_sent_twice_it_is_booked_once_and_leads_to_the_same_page(desk, filled_in):
    page = plan(desk, filled_in)
    first, again = press(desk, page, BOOK), press(desk, page, BOOK)
    assert first.url == again.url
    assert Appointment.objects.count() == 4


def test_a_date_that_is_taken_meanwhile_holds_all_up_and_is_offered_anew(desk, filled_in, book, osei, ben):
    page = plan(desk, filled_in)
    book(osei, ben, "2026-03-17 10:00")
    before = written()
    shown = press(desk, page, BOOK)
    assert written() == before
    text = shown.content.decode()
    assert "Nothing was booked yet. Tue 17 March, 10:00: This time is already taken with Dr Ama Osei." in text
    assert said(shown)[2][2] == ["Taken: Ben Okafor until 10:30"]
    assert rows(shown)[2].ways
    press(desk, shown, BOOK)
    assert Series.objects.get().visits.count() == 3


@pytest.mark.parametrize("more", [{"rhythm": "2"}, {"count": "8"}, {"until": "31/03/2026"}])
def test_what_was_changed_is_looked_at_before_it_is_booked(desk, filled_in, more):
    """Else the series would claim to follow a rule by which its dates were not found."""
    page = plan(desk, filled_in)
    before = written()
    shown = press(desk, page, BOOK, **more)
    assert "These are other dates now: look at them before you book." in shown.content.decode()
    assert written() == before
    press(desk, shown, BOOK)
    series = Series.objects.get()
    assert series.rule == shown.context["form"].rule
    assert series.visits.count() == len(dates(date(2026, 3, 3), series.rule))


def test_the_same_form_with_other_dates_is_asked_about(desk, filled_in):
    form = filled_in()
    page = desk.post(PLAN, form | {"count": "4", "rhythm": "1"})
    press(desk, page, BOOK)
    other = desk.post(PLAN, form | {"count": "4", "rhythm": "1", "time": "12:00"})
    shown = press(desk, other, BOOK)
    assert "This form was already saved, with other details." in shown.content.decode()
    assert Series.objects.count() == 1
    press(desk, shown, BOOK)
    assert Series.objects.count() == 2


def test_a_new_patient_is_recorded_with_the_series_once(desk, filled_in):
    new = {"patient": "new", "patient_name": "Zoë", "patient_lastname": "Ñandú"}
    page = plan(desk, filled_in, **new)
    for _ in range(2):
        press(desk, page, BOOK)
    assert Patient.objects.get(patient_lastname="Ñandú").appointments.count() == 4


def test_who_may_be_on_record_is_asked_about_first(desk, filled_in, ana):
    new = {"patient": "new", "patient_name": "Ana", "patient_lastname": "Souza Prieto"}
    page = plan(desk, filled_in, **new)
    assert page.status_code == 422
    assert page.context["is_refused"]


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"count": "1"}, "count", "Write how many visits, from 2 to 52."),
        ({"count": "53"}, "count", "Write how many visits, from 2 to 52."),
        ({"count": ""}, "count", "Write how many visits, from 2 to 52."),
        ({"rhythm": "9"}, "rhythm", "Choose how often."),
        ({"rhythm": "month-2"}, "rhythm", "Choose how often."),
        ({"until": "5/3/2026"}, "until", "Until then there is only the first visit."),
        ({"until": "5/3/2028"}, "until", "That is more than 52 visits. Choose an earlier day."),
        ({"until": "soon"}, "until", "“soon” is not a date. Write it like 31/3/2026."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(desk, filled_in, typed, field, message):
    page = plan(desk, filled_in, **typed)
    assert beside(page, field) == message
    assert rows(page) == []
    assert focus(page) == [field]
    assert press(desk, page, BOOK, **{"rhythm": "1", "count": "4"} | typed).status_code == 422


def test_a_day_counts_and_not_the_number(desk, filled_in):
    assert len(rows(plan(desk, filled_in, until="17/3/2026", count=""))) == 3


def test_the_same_weekday_of_the_month_parted_by_month_where_there_are_many(desk, filled_in):
    page = plan(desk, filled_in, rhythm="month-1", count="3")
    assert [day for day, *_rest in said(page)] == ["2026-03-03", "2026-04-07", "2026-05-05"]
    assert "First Tuesday of the month" in page.content.decode()
    assert "The clocks go forward on Sunday 29 March." in page.content.decode()
    many = plan(desk, filled_in, rhythm="2", count="13")
    assert [month.title for month in many.context["dates"].months][:3] == [
        "March 2026",
        "April 2026",
        "May 2026",
    ]


def test_nonsense_is_no_fault(desk, filled_in):
    page = plan(desk, filled_in)
    for button in (
        {"choose": "x|y|z"},
        {"choose": f"2026-03-10|{UNKNOWN}|2026-03-10T10:00:00+01:00"},
        {"choose": "never|" + rows(page)[0].value.partition("|")[2]},
        {"leave": "x"},
        {"take": "x"},
        {"at": ["|", "a|b"], "left": "q"},
    ):
        assert len(rows(press(desk, page, **button))) == 4
    for visits in ([], ["x"], [f"2026-03-10|{UNKNOWN}|2026-03-10T10:00:00+01:00"]):
        shown = press(desk, page, BOOK, visit=visits)
        assert "There is no date to book." in shown.content.decode()
    assert not Series.objects.exists()
    assert desk.get(f"/desk/series/{UNKNOWN}/").status_code == 404
    assert desk.get(PLAN).url == "/desk/book/"
