"""Max adds and removes exceptions: time off, closures of the clinic, extra hours."""

from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking import hours
from scheduling.models import Appointment, ExtraHours, Flag, TimeOff
from tests.booking.test_hours import between
from tests.conftest import MADRID, NOW, madrid
from tests.views.desk import pages
from tests.views.desk.conftest import UNKNOWN
from tests.views.desk.hours.asking import page_of
from tests.views.desk.pages import beside, text_of

CLOSURE = "/desk/hours/closure/"


def asked(**typed):
    return {"uuid": str(uuid4()), "first": "2026-03-10", "last": "", "starts": "", "ends": ""} | typed


def spans():
    rows = [*TimeOff.objects.all(), *ExtraHours.objects.all()]
    return [(row.starts_at, row.ends_at) for row in rows]


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ({}, "2026-03-10 00:00", "2026-03-11 00:00"),
        ({"last": "2026-03-13"}, "2026-03-10 00:00", "2026-03-14 00:00"),
        ({"starts": "12", "ends": "1330"}, "2026-03-10 12:00", "2026-03-10 13:30"),
        ({"starts": "12"}, "2026-03-10 12:00", "2026-03-11 00:00"),
        ({"ends": "24:00"}, "2026-03-10 00:00", "2026-03-11 00:00"),
        ({"starts": "12", "ends": "10", "last": "2026-03-12"}, "2026-03-10 12:00", "2026-03-12 10:00"),
        ({"starts": "22", "ends": "2"}, "2026-03-10 22:00", "2026-03-11 02:00"),
        ({"starts": "18", "ends": "0"}, "2026-03-10 18:00", "2026-03-11 00:00"),
        ({"ends": "00:00"}, "2026-03-10 00:00", "2026-03-11 00:00"),
        # A whole day of 23 hours.
        ({"first": "2026-03-29"}, "2026-03-29 00:00", "2026-03-30 00:00"),
    ],
)
def test_time_off_is_whole_days_or_from_one_time_to_another(office, osei, typed, first, last):
    response = office.post(page_of(osei, "time-off/"), asked(reason="Congress", **typed))
    assert response.headers["Location"] == page_of(osei)
    row = TimeOff.objects.get()
    assert (row.doctor, row.starts_at, row.ends_at, row.reason) == (
        osei,
        madrid(first),
        madrid(last),
        "Congress",
    )


@pytest.mark.parametrize(
    ("starts", "ends", "first", "last"),
    [
        ("22:00", "02:00", "2026-03-14 22:00", "2026-03-15 02:00"),
        ("2200", "200", "2026-03-14 22:00", "2026-03-15 02:00"),
        ("18:00", "24:00", "2026-03-14 18:00", "2026-03-15 00:00"),
        ("18:00", "00:00", "2026-03-14 18:00", "2026-03-15 00:00"),
        ("0:00", "0:00", "2026-03-14 00:00", "2026-03-15 00:00"),
        ("18:00", "10:00", "2026-03-14 18:00", "2026-03-15 10:00"),
    ],
)
def test_extra_hours_go_on_past_midnight_and_are_booked_there(
    office, osei, ana, book, starts, ends, first, last
):
    assert office.post(page_of(osei, "extra/"), asked(first="2026-03-14", starts=starts, ends=ends)).url
    assert spans() == [(madrid(first), madrid(last))]
    end = madrid(last)
    visit = book(osei, ana, f"{(end - timedelta(minutes=30)).astimezone(MADRID):%Y-%m-%d %H:%M}")
    assert visit.ends_at == end
    for day in ("2026-03-14", "2026-03-15"):
        page = office.get(f"/desk/day/{day}/")
        is_there = visit.appointment_datetime.astimezone(MADRID).date().isoformat() == day
        assert ("Ana Souza Prieto" in page.content.decode()) == is_there


def test_extra_hours_of_the_night_of_the_change(office, osei):
    sent = [("2026-03-28", "22:00", "04:00"), ("2026-10-24", "22:00", "04:00")]
    for first, starts, ends in sent:
        office.post(page_of(osei, "extra/"), asked(first=first, starts=starts, ends=ends))
    assert [(end - start) / timedelta(hours=1) for start, end in spans()] == [5, 7]
    text = text_of(office.get(page_of(osei)), "main")
    assert "Sat 28 March, 22:00 to Sun 29 March, 04:00" in text


def test_a_time_that_the_clocks_leave_out_is_said(office, osei):
    for address in (page_of(osei, "extra/"), page_of(osei, "time-off/")):
        response = office.post(address, asked(first="2026-03-29", starts="02:00", ends="03:00"))
        said = "On Sunday 29 March the clocks go from 02:00 to 03:00: 02:00 does not exist."
        assert beside(response, "starts") == said
        response = office.post(address, asked(first="2026-03-29", starts="01:00", ends="02:30"))
        said = "On Sunday 29 March the clocks go from 02:00 to 03:00: 02:30 does not exist."
        assert beside(response, "ends") == said
    assert spans() == []


@pytest.mark.parametrize(("starts", "ends"), [("14:00", "09:00"), ("12:00", "12:00"), ("18:00", "10:05")])
def test_extra_hours_that_were_meant_otherwise(office, osei, starts, ends):
    response = office.post(page_of(osei, "extra/"), asked(first="2026-03-14", starts=starts, ends=ends))
    assert beside(response, "ends") == "It ends before it begins."
    assert spans() == []


def test_it_is_listed_in_words_and_can_be_removed(office, osei):
    for typed in ({"last": "2026-03-13"}, {"first": "2026-03-02", "starts": "12", "ends": "13"}):
        office.post(page_of(osei, "time-off/"), asked(**typed))
    office.post(page_of(osei, "extra/"), asked(first="2026-03-14", starts="20:00", ends="24:00"))
    office.post(CLOSURE, asked(first="2026-05-01", reason="Holiday"))
    text = text_of(office.get(page_of(osei)), "main")
    for said in (
        "Tue 10 March to Fri 13 March",
        "today, 12:00 to 13:00",
        "Sat 14 March, 20:00 to 24:00",
        "Fri 1 May Whole clinic, Holiday",
    ):
        assert said in text
    for row in TimeOff.objects.all():
        back = page_of(osei) if row.doctor else "/desk/hours/"
        for _ in range(2):
            response = office.post(f"/desk/hours/time-off/{row.uuid}/remove/")
            assert response.headers["Location"] in {back, "/desk/hours/"}
    assert TimeOff.objects.count() == 0


@pytest.mark.parametrize("address", ["time-off/", "closure"])
def test_visits_in_it_are_shown_before_anything_is_saved(office, osei, ana, ben, book, address):
    address = CLOSURE if address == "closure" else page_of(osei, address)
    keep, leave = book(osei, ana, "2026-03-10 10:00"), book(osei, ben, "2026-03-10 11:00")
    sent = asked(reason="Ill")
    shown = office.post(address, sent)
    assert "2 visits would be outside hours" in text_of(shown, "main")
    assert spans() == []
    typed = pages.typed_in(shown)
    assert (typed["first"], typed["reason"]) == ("10/03/2026", "Ill")
    response = office.post(address, sent | {"agreed": typed["agreed"], "keep": [str(keep.uuid)]})
    assert response.status_code == 302
    assert len(spans()) == 1
    assert "1 visit is outside hours now" in " ".join(office.get("/desk/hours/").content.decode().split())
    assert [flag.appointment for flag in Flag.objects.all()] == [keep]
    assert Appointment.objects.holding_time().count() == 2
    assert leave.flags.count() == 0


def test_extra_hours_with_visits_in_them_are_removed_in_two_steps(office, osei, ana, book):
    office.post(page_of(osei, "extra/"), asked(first="2026-03-14", starts="10", ends="12"))
    visit = book(osei, ana, "2026-03-14 10:00")
    address = f"/desk/hours/extra/{ExtraHours.objects.get().uuid}/remove/"
    shown = office.post(address)
    assert "1 visit would be outside hours" in text_of(shown, "main")
    assert ExtraHours.objects.count() == 1
    assert office.post(address, {"agreed": f"{visit.uuid}.{visit.version}"}).status_code == 302
    assert ExtraHours.objects.count() == 0
    assert office.post(address).status_code == 302  # it was removed before


def test_the_same_form_twice_is_one_row(office, osei):
    for address in (page_of(osei, "time-off/"), page_of(osei, "extra/")):
        sent = asked(starts="15", ends="16", first="2026-03-11")
        assert [office.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert (TimeOff.objects.count(), ExtraHours.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"first": ""}, "first", "Choose the first day."),
        ({"first": "x"}, "first", "is not a date"),
        ({"first": "2026-03-01"}, "first", "This is in the past: it would change nothing."),
        ({"last": "2026-03-09"}, "last", "The last day is before the first."),
        ({"starts": "12", "ends": "12"}, "ends", "It ends before it begins."),
        ({"starts": "12:03"}, "starts", "It begins and ends on full five minutes."),
        ({"starts": "noon"}, "starts", "“noon” is not a time."),
        ({"reason": "x" * 256}, "reason", "Up to 255 characters fit here."),
        ({"reason": "a\0b"}, "reason", "A character in this text cannot be stored."),
        ({"first": "2026-04-01"}, "first", "It overlaps Wed 1 April 2026, 09:00 to Wed 1 April 2026, 10:00"),
    ],
)
def test_what_cannot_be_is_said_beside_its_cause(office, osei, typed, field, told):
    hours.add_time_off(osei, between("2026-04-01 09:00", "2026-04-01 10:00"), reason="", by=None, now=NOW)
    before = spans()
    response = office.post(page_of(osei, "time-off/"), asked(**{"ends": "20:00"} | typed))
    assert response.status_code == 422
    assert told in beside(response, field)
    assert spans() == before


@pytest.mark.parametrize("typed", [{"uuid": "x"}, {"uuid": ""}, {"agreed": "\0"}, {"keep": "\0"}])
def test_nonsense_in_hidden_fields_harms_nothing(office, osei, typed):
    assert office.post(page_of(osei, "time-off/"), asked() | typed).status_code in {302, 422}


def test_only_managers_find_these_pages_and_looking_changes_nothing(desk, osei, max_):
    hours.add_time_off(osei, between("2026-04-01 09:00", "2026-04-01 10:00"), reason="", by=None, now=NOW)
    remove = f"/desk/hours/time-off/{TimeOff.objects.get().uuid}/remove/"
    addresses = (page_of(osei, "time-off/"), page_of(osei, "extra/"), CLOSURE)
    for address in (*addresses, remove):
        assert desk.post(address, asked()).status_code == 404
    desk.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    for address in addresses:
        assert desk.get(address).status_code == 200
    assert desk.get(remove).status_code == 405
    for what in ("time-off/", "extra/"):
        assert desk.get(f"/desk/hours/{UNKNOWN}/{what}").status_code == 404
    assert TimeOff.objects.count() == 1
