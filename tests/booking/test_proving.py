"""A date of birth opens a visit; wrong ones are counted for the visit and for the address."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from scheduling.booking.proving import MOST_TRIES, WAIT, patient_proved
from scheduling.models import OpeningTries
from tests import factories
from tests.booking.asking import booked
from tests.conftest import NOW

BORN, WRONG = date(1985, 5, 12), date(1985, 12, 5)
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def zoe(db):
    return factories.PatientFactory(patient_name="Zoë", date_of_birth=BORN)


@pytest.fixture
def visit(osei, zoe, checkup):
    return booked(osei, zoe, checkup, "2026-03-03 10:00").uuid


def proved(visit, born=BORN, address=HOME, now=NOW):
    return patient_proved(visit, born, address=address, now=now)


def wrong(visit, times, address=HOME, now=NOW):
    assert [proved(visit, WRONG, address, now) for _ in range(times)] == [None] * times


def tries():
    return sorted(OpeningTries.objects.values_list("tries", flat=True))


def test_the_right_date_proves_the_patient_and_a_wrong_one_nobody(visit, zoe):
    assert proved(visit) == zoe.uuid
    assert tries() == [0, 0]
    wrong(visit, 1)
    assert tries() == [1, 1]
    assert proved(visit) == zoe.uuid


def test_no_date_opens_a_visit_of_a_patient_without_one(osei, ana, checkup):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00").uuid
    assert proved(visit) is None
    assert proved(uuid4()) is None
    assert tries() == [1, 1, 2]


def test_five_wrong_dates_lock_the_visit_from_every_address_and_for_the_right_date_too(visit, zoe):
    for number in range(MOST_TRIES - 1):
        wrong(visit, 1, address=f"192.0.2.{number}")
    assert proved(visit, address=ELSEWHERE) == zoe.uuid  # four are not five
    wrong(visit, 1, address=HOME)
    assert proved(visit, address="192.0.2.99") is None


def test_five_wrong_dates_lock_the_address_for_every_visit_and_no_other_address(visit, zoe):
    for _ in range(MOST_TRIES):
        wrong(uuid4(), 1, address=HOME)
    assert proved(visit, address=HOME) is None
    assert proved(visit, address=ELSEWHERE) == zoe.uuid


def test_the_wait_ends_when_it_was_said_to_whatever_is_tried_meanwhile(visit, zoe):
    wrong(visit, MOST_TRIES)
    wrong(visit, 3, now=NOW + WAIT - A_SECOND)
    assert tries() == [MOST_TRIES, MOST_TRIES]
    assert proved(visit, now=NOW + WAIT - A_SECOND) is None
    assert proved(visit, now=NOW + WAIT) == zoe.uuid
    wrong(visit, 1, now=NOW + WAIT)
    assert tries() == [1, 1]


def test_nobody_who_waits_makes_another_wait(visit, zoe):
    wrong(visit, MOST_TRIES)
    other = uuid4()
    wrong(other, MOST_TRIES, address=HOME)  # the address waits already
    assert tries() == [0, MOST_TRIES, MOST_TRIES]


def test_as_much_is_asked_for_a_right_date_a_wrong_one_an_unknown_visit_and_a_locked_one(
    visit, django_assert_num_queries
):
    proved(visit)
    unknown = uuid4()
    proved(unknown, address=ELSEWHERE)

    def cost(*args):
        with django_assert_num_queries(3 + 2 * connection.features.uses_savepoints):  # those of a test
            proved(*args)

    cost(visit, BORN)
    cost(visit, WRONG)
    cost(unknown, WRONG, ELSEWHERE)
    wrong(visit, MOST_TRIES)
    cost(visit, BORN)


def test_neither_visit_nor_address_can_be_read_out_of_what_is_kept(visit):
    wrong(visit, 1)
    for count in OpeningTries.objects.all():
        assert len(count.place) == 64
        assert HOME not in count.place
        assert visit.hex not in count.place


@pytest.mark.django_db(transaction=True)
def test_whoever_tries_many_dates_at_once_has_five_all_the_same(osei, checkup):
    zoe = factories.PatientFactory(date_of_birth=BORN)
    visit = booked(osei, zoe, checkup, "2026-03-03 10:00").uuid

    def one(number):
        try:
            return proved(visit, WRONG if number < 15 else BORN, address=f"192.0.2.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        wrong_ones = list(pool.map(one, range(15)))
    assert wrong_ones == [None] * 15
    assert max(tries()) == MOST_TRIES
    assert sum(tries()) == 2 * MOST_TRIES
    assert one(15) is None
