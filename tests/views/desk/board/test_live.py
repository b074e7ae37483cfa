"""The part of a board that keeps itself true."""

import re
from datetime import timedelta

import pytest

from scheduling.models import TimeOff
from tests.conftest import madrid
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY

DAY = f"/desk/day/{TUESDAY}/"


def week_of(doctor):
    return f"/desk/week/{doctor.uuid}/2026-W10/"


def token_in(response):
    return re.search(r'data-token="(\w+)"', response.content.decode())[1]


@pytest.mark.parametrize("page", ["day", "week"])
def test_nothing_new_is_no_content(desk, osei, book, ana, page):
    book(osei, ana, "2026-03-03 10:00")
    address = DAY if page == "day" else week_of(osei)
    token = token_in(desk.get(address))
    answer = desk.get(f"{address}changes/", {"token": token})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("page", ["day", "week"])
def test_what_is_new_comes_as_the_part_of_the_page(desk, osei, book, ana, page):
    address = DAY if page == "day" else week_of(osei)
    token = token_in(desk.get(address))
    visit = book(osei, ana, "2026-03-03 10:00")
    answer = desk.get(f"{address}changes/", {"token": token})
    part = answer.content.decode()
    assert answer.status_code == 200
    assert f"/desk/appointments/{visit.uuid}/" in part
    assert in_one_line(part).startswith('<div class="live" id="live"')
    assert "<html" not in part
    assert desk.get(f"{address}changes/", {"token": token_in(answer)}).status_code == 204


def test_time_off_elsewhere_in_the_year_is_nothing_new(desk, osei):
    token = token_in(desk.get(DAY))
    start = madrid("2026-05-03 10:00")
    TimeOff.objects.create(doctor=osei, starts_at=start, ends_at=start + timedelta(hours=1))
    assert desk.get(f"{DAY}changes/", {"token": token}).status_code == 204


@pytest.mark.parametrize("token", ["", "x", "\x00", "a" * 5000])
def test_an_unknown_token_gets_the_board(desk, osei, token):
    assert desk.get(f"{DAY}changes/", {"token": token}).status_code == 200


def test_asking_costs_one_tiny_query_besides_those_for_the_person(desk, osei, django_assert_num_queries):
    token = token_in(desk.get(DAY))
    with django_assert_num_queries(3) as asked:  # session, person, token
        desk.get(f"{DAY}changes/", {"token": token})
    assert "appointments" in asked[-1]["sql"]


def test_who_is_signed_out_is_told_so_and_not_sent_a_page(client, db):
    answer = client.get(f"{DAY}changes/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_the_part_keeps_the_choice(desk, osei, lind):
    part = desk.get(f"{DAY}changes/", {"doctor": lind.uuid, "token": "old"})
    assert [column.title for column in part.context["board"].columns] == ["Dr Per Lind"]
