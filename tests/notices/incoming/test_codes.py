"""Codes of messages: four digits, and nobody else's for two weeks."""

from datetime import timedelta

import pytest

from scheduling.models import Notice
from scheduling.notices import codes
from scheduling.notices.reading import read
from tests.conftest import NOW
from tests.notices.incoming.sent import sent


@pytest.fixture
def draws(monkeypatch):
    """What is drawn, in this order, beginning with 1000, 10000...: as long as it lasts, then 0."""
    left = []
    monkeypatch.setattr(codes, "randbelow", lambda most: left.pop(0) if left else 0)
    return left


@pytest.fixture
def visit(book, ana):
    return book(ana, "2026-03-05 10:00")


def test_a_code_is_four_digits_that_a_reply_is_read_with(db):
    drawn = {codes.new_code(NOW) for _ in range(200)}
    assert len(drawn) > 150
    assert all(len(code) == 4 and code[0] != "0" and read(f"yes {code}").code == code for code in drawn)


def test_it_is_none_that_was_given_in_the_last_two_weeks(visit, draws):
    sent(visit, code="1000", at=NOW - timedelta(days=14))
    draws += [0, 0, 5]
    assert codes.new_code(NOW) == "1005"


def test_nor_one_that_is_being_sent(visit, draws):
    sent(visit, code="1000", state=Notice.State.SENDING, sent_at=None)
    draws += [0, 5]
    assert codes.new_code(NOW) == "1005"


def test_after_two_weeks_it_may_be_given_again(visit, draws):
    sent(visit, code="1000", at=NOW - timedelta(days=14, seconds=1))
    draws += [0, 5]
    assert codes.new_code(NOW) == "1000"


def test_where_they_are_nearly_all_given_the_next_has_a_digit_more(visit, draws, django_assert_num_queries):
    sent(visit, code="1000")
    with django_assert_num_queries(2):
        assert codes.new_code(NOW) == "10000"
    for number, digits in enumerate((5, 6, 7), start=1):
        sent(visit, code="1" + "0" * (digits - 1), copy=number)
    assert codes.new_code(NOW) == "10000000"


def test_it_costs_one_statement(visit, django_assert_num_queries):
    for number in range(30):
        sent(visit, code=f"{9000 + number}", copy=number)
    with django_assert_num_queries(1):
        codes.new_code(NOW)
