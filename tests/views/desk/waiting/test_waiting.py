"""The waiting room: beside today's board, and as a page that keeps itself true."""

import re

import pytest
import time_machine

from scheduling.booking.actions import set_status
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status
from tests import factories
from tests.conftest import NOW, madrid
from tests.views.desk.pages import text_of

PAGE, PART, BOARD = "/desk/waiting/", "/desk/waiting/changes/", "/desk/day/2026-03-02/"
HALF_PAST_NINE = madrid("2026-03-02 09:30")


@pytest.fixture
def at_half_past(desk):
    with time_machine.travel(HALF_PAST_NINE, tick=False):
        yield desk


@pytest.fixture
def day(book, osei, lind, ana, ben, rae):
    """Ana came at 09:10 and waits for Dr Osei; Ben is due with Dr Lind."""
    first = book(osei, ana, "2026-03-02 09:30")
    set_status(Seen.of(first), Status.ARRIVED, by=rae, now=madrid("2026-03-02 09:10"))
    book(lind, ben, "2026-03-02 09:45")
    return first


@pytest.mark.parametrize("address", [PAGE, BOARD])
def test_it_tells_who_waits_how_long_and_who_is_due(at_half_past, day, address):
    text = text_of(at_half_past.get(address), "waiting")
    assert "Waiting 1 0 min Ana Souza Prieto next for 09:30 · Dr Ama Osei Start Ana Souza Prieto" in text
    assert "Due, not here 1 09:45 Ben Okafor Dr Per Lind Arrived Ben Okafor" in text
    assert "With the doctor 0 Nobody." in text


@pytest.mark.parametrize("address", [PAGE, BOARD])
def test_a_press_leads_back_to_the_list(at_half_past, day, address):
    page = at_half_past.get(address).content.decode()
    assert page.count(f'<input type="hidden" name="next" value="{address}">') == 2
    answer = at_half_past.post(
        f"/desk/appointments/{day.uuid}/status/", {"version": 2, "status": "in_progress", "next": address}
    )
    assert answer.url == address
    text = text_of(at_half_past.get(address), "waiting")
    assert "Nobody is waiting." in text
    assert "With the doctor 1 09:30 Ana Souza Prieto Dr Ama Osei Done Ana Souza Prieto" in text


def test_other_days_and_a_move_have_no_waiting_room(at_half_past, day, book, osei, ana):
    other = book(osei, ana, "2026-03-03 10:00")
    for address in ("/desk/day/2026-03-03/", f"{BOARD}?moving={other.uuid}"):
        assert 'id="waiting"' not in at_half_past.get(address).content.decode()


def test_who_was_never_marked_is_on_the_page_and_beside_the_board_a_line(at_half_past, book, osei, ana):
    visit = book(osei, ana, "2026-03-02 09:00")
    Appointment.objects.filter(pk=visit.pk).update(appointment_datetime=madrid("2026-03-02 08:15"))
    text = text_of(at_half_past.get(PAGE), "waiting")
    assert "1 from earlier today, never marked 08:15 Ana Souza Prieto Dr Ama Osei Arrived" in text
    text = text_of(at_half_past.get(BOARD), "waiting")
    assert "1 from earlier today, never marked" in text
    assert "Ana" not in text


def token_in(response):
    return re.search(r"token=(\w+)", response.content.decode())[1]


def test_nothing_is_sent_again_before_something_changed(at_half_past, day, rae):
    token = token_in(at_half_past.get(PAGE))
    same = at_half_past.get(PART, {"token": token})
    assert (same.status_code, same.content) == (204, b"")
    set_status(Seen(day.uuid, 2), Status.IN_PROGRESS, by=rae, now=NOW)
    fresh = at_half_past.get(PART, {"token": token})
    assert fresh.status_code == 200
    assert "With the doctor 1" in text_of(fresh, "waiting")
    assert "<html" not in fresh.content.decode()
    assert at_half_past.get(PART, {"token": token_in(fresh)}).status_code == 204


def test_the_minutes_are_sent_again_with_each_minute(desk, day):
    with time_machine.travel(HALF_PAST_NINE, tick=False):
        token = token_in(desk.get(PAGE))
    with time_machine.travel(madrid("2026-03-02 09:31"), tick=False):
        assert "1 min Ana" in text_of(desk.get(PART, {"token": token}), "waiting")


@pytest.mark.parametrize("token", ["", "x", "\0", "é" * 500])
def test_a_token_that_is_none_gets_the_lists(at_half_past, day, token):
    assert at_half_past.get(PART, {"token": token}).status_code == 200


def test_an_empty_clinic_is_quiet(at_half_past, db):
    text = text_of(at_half_past.get(PAGE), "waiting")
    assert "Nobody is waiting. Due, not here 0 Nobody is due in the next 30 minutes." in text


@pytest.mark.parametrize(("address", "queries"), [(PAGE, 4), (PART, 5)])
def test_it_costs_the_same_for_one_and_for_fifty(
    at_half_past, book, osei, django_assert_num_queries, address, queries
):
    def more(n):
        now = madrid("2026-03-02 09:00")
        Appointment.objects.bulk_create(
            Appointment(
                doctor=osei,
                patient=factories.PatientFactory(),
                appointment_datetime=HALF_PAST_NINE,
                minutes=30,
                status=Status.CONFIRMED,
                created_at=now,
                updated_at=now,
            )
            for _ in range(n)
        )

    more(1)
    at_half_past.get(address)
    with django_assert_num_queries(queries):
        at_half_past.get(address)
    more(49)
    with django_assert_num_queries(queries):
        assert at_half_past.get(address).content.decode().count("data-version") == 50
