"""Rae takes a part of a doctor's day out at the desk, and gives it back."""

from uuid import uuid4

import pytest

from scheduling.booking import hours
from scheduling.models import RecordEvent, TimeOff
from tests.booking.test_hours import between
from tests.conftest import NOW, madrid
from tests.views.desk.conftest import UNKNOWN
from tests.views.desk.pages import beside, text_of, typed_in

START = "2026-03-10T12:00:00+01:00"


def add_page(doctor, **more):
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/desk/blocks/add/?doctor={doctor.uuid}{query}".replace("+", "%2B")


def asked(**typed):
    usual = {"uuid": str(uuid4()), "first": "10/03/2026", "starts": "12:00", "ends": "13:00"}
    return usual | {"reason": "Phone calls"} | typed


@pytest.fixture
def lunch(osei):
    span = between("2026-03-10 12:00", "2026-03-10 13:00")
    hours.add_time_off(osei, span, reason="Lunch <with> the lab", by=None, now=NOW, is_block=True)
    return TimeOff.objects.get()


def block_page(row, page=""):
    return f"/desk/blocks/{row.uuid}/{page}"


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ({"start": START, "minutes": "90"}, ("2026-03-10", "12:00", "13:30")),
        ({"start": START, "minutes": "9999999"}, ("2026-03-10", "12:00", "")),
        ({"start": START, "minutes": "-30"}, ("2026-03-10", "12:00", "")),
        ({"start": START, "minutes": "٣٠"}, ("2026-03-10", "12:00", "12:30")),
        ({"start": START, "minutes": "²"}, ("2026-03-10", "12:00", "")),
        ({"start": START}, ("2026-03-10", "12:00", "")),
        ({"start": "2026-03-10T23:30:00+01:00", "minutes": "30"}, ("2026-03-10", "23:30", "00:00")),
        ({"start": "noon", "minutes": "30"}, ("", "", "")),
        ({}, ("", "", "")),
    ],
)
def test_what_was_marked_is_in_the_form_and_nothing_is_written(desk, osei, marked, shown):
    page = desk.get(add_page(osei, **marked))
    typed = typed_in(page)
    day, starts, ends = shown
    said = "/".join(reversed(day.split("-"))) if day else ""
    assert (typed["first"], typed["starts"], typed["ends"]) == (said, starts, ends)
    assert page.content.count(b"autofocus") == 1
    assert not TimeOff.objects.exists()


def test_it_is_time_off_that_the_history_tells_and_one_press_undoes(desk, osei, rae):
    board = "/desk/day/2026-03-10/"
    page = desk.post(add_page(osei), asked(next=board), follow=True)
    assert page.redirect_chain[-1][0] == board
    row = TimeOff.objects.get()
    assert (row.doctor, row.reason, row.is_block) == (osei, "Phone calls", True)
    assert (row.starts_at, row.ends_at) == (madrid("2026-03-10 12:00"), madrid("2026-03-10 13:00"))
    assert "12:00 to 13:00: blocked for “Phone calls”." in text_of(page, "toasts")
    assert RecordEvent.objects.get(kind=RecordEvent.Kind.TIME_OFF_ADDED).by == rae
    assert block_page(row, "remove/") in page.content.decode()
    assert 'aria-keyshortcuts="u"' in page.content.decode()
    page = desk.post(block_page(row, "remove/"), {"next": board}, follow=True)
    assert "not blocked any more" in text_of(page, "toasts")
    assert not TimeOff.objects.exists()
    page = desk.post(block_page(row, "remove/"), follow=True)
    assert "It was removed before." in text_of(page, "toasts")


def test_sent_twice_it_is_there_once(desk, osei):
    form = asked()
    for _sending in range(2):
        assert desk.post(add_page(osei), form).status_code == 302
    assert TimeOff.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"reason": ""}, "reason", "Say for what"),
        ({"reason": "\u200b"}, "reason", "Say for what"),
        ({"starts": ""}, "starts", "Say when it begins."),
        ({"ends": ""}, "ends", "Say when it ends."),
        ({"first": ""}, "first", "Choose the day."),
        ({"first": "01/02/2026"}, "first", "This is in the past"),
        ({"starts": "12:02"}, "starts", "full five minutes"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(desk, osei, typed, field, said):
    page = desk.post(add_page(osei), asked(**typed))
    assert page.status_code == 422
    assert said in beside(page, field)
    assert page.context["form"][field].field.widget.attrs.get("autofocus")
    assert page.content.count(b" autofocus") == 1
    assert not TimeOff.objects.exists()
    assert typed_in(page)["ends"] == typed.get("ends", "13:00")


def test_the_visits_in_it_are_shown_first_and_stay(desk, osei, book, ana):
    visit = book(osei, ana, "2026-03-10 12:30")
    form = asked()
    page = desk.post(add_page(osei), form)
    said = text_of(page, "main")
    assert "1 visit stands in this time" in said
    assert "Block the time, and each is under “Attention”" in said
    assert "hours" not in said
    assert not TimeOff.objects.exists()
    agreed = typed_in(page)["agreed"]
    page = desk.post(add_page(osei), form | {"agreed": agreed}, follow=True)
    assert "1 visit stands in it: it is under “Attention”." in text_of(page, "toasts")
    assert TimeOff.objects.get().is_block
    visit.refresh_from_db()
    assert visit.status == "confirmed"


def test_the_board_says_for_what_and_leads_to_giving_it_back(desk, lunch):
    board = desk.get("/desk/day/2026-03-10/")
    assert block_page(lunch) in board.content.decode()
    assert "Lunch &lt;with&gt; the lab" in board.content.decode()
    assert "</b> Blocked, 12:00 to 13:00" in board.content.decode()
    page = desk.get(block_page(lunch))
    assert "Lunch <with> the lab" in text_of(page, "main")
    assert "12:00 to 13:00" in text_of(page, "main")


@pytest.mark.parametrize(
    ("starts", "ends", "boards"),
    [
        ("2026-03-10 23:00", "2026-03-11 01:00", ["2026-03-10", "2026-03-11"]),
        ("2026-03-10 05:00", "2026-03-10 06:00", ["2026-03-10"]),
        ("2026-03-14 10:00", "2026-03-14 11:00", ["2026-03-14"]),  # a Saturday, on which nobody is in
    ],
)
def test_at_whatever_hour_it_is_on_the_board_to_be_given_back(desk, osei, starts, ends, boards):
    hours.add_time_off(osei, between(starts, ends), reason="Night", by=None, now=NOW, is_block=True)
    row = TimeOff.objects.get()
    for day in boards:
        page = desk.get(f"/desk/day/{day}/").content.decode()
        assert f'<a href="{block_page(row)}"><b>Night</b>' in page
    week = desk.get(f"/desk/week/{osei.uuid}/2026-W11/").content.decode()
    assert week.count(f'<a href="{block_page(row)}"><b>Night</b>') == len(boards)


def test_who_may_not_block_sees_it_without_a_link(desk, lunch, rae):
    rae.groups.get().permissions.remove(*rae.groups.get().permissions.filter(codename="block_time"))
    board = desk.get("/desk/day/2026-03-10/").content.decode()
    assert "Lunch &lt;with&gt; the lab" in board
    assert "/desk/blocks/" not in board
    for address in (block_page(lunch), f"/desk/blocks/add/?doctor={lunch.doctor.uuid}"):
        assert desk.get(address).status_code == 404
    assert desk.post(block_page(lunch, "remove/")).status_code == 404
    assert TimeOff.objects.exists()


def test_a_doctors_own_time_off_is_no_matter_of_the_desks(desk, osei):
    span = between("2026-03-10 12:00", "2026-03-10 13:00")
    hours.add_time_off(osei, span, reason="Dentist", by=None, now=NOW)
    row = TimeOff.objects.get()
    assert "/desk/blocks/" + str(row.uuid) not in desk.get("/desk/day/2026-03-10/").content.decode()
    assert desk.get(block_page(row)).status_code == 404
    assert desk.post(block_page(row, "remove/")).status_code == 404
    assert TimeOff.objects.exists()


@pytest.mark.parametrize("doctor", ["", UNKNOWN, "nobody"])
def test_a_doctor_who_is_not_on_record_is_not_found(desk, doctor):
    assert desk.get(f"/desk/blocks/add/?doctor={doctor}").status_code == 404


def test_the_booking_form_of_a_free_time_leads_there(desk, osei):
    page = desk.get("/desk/book/", {"doctor": osei.uuid, "start": START}).content.decode()
    link = f"/desk/blocks/add/?doctor={osei.uuid}&amp;start=2026-03-10T12%3A00%3A00%2B01%3A00"
    assert link in page
    refused = desk.post("/desk/book/", {"doctor": str(osei.uuid), "day": "10/03/2026", "time": "12:00"})
    assert refused.status_code == 422
    assert link in refused.content.decode()
