"""Records that were one for a while: what was told meanwhile went to the record that was kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.booking import merging, patients
from scheduling.booking.seen import Seen
from scheduling.models import Message, Notice, Patient, Status
from tests.conftest import madrid
from tests.notices.post import ELEVEN, TEN, sent, why_not

pytestmark = pytest.mark.django_db


def letters(since=0):
    """To whom, what kind, and how the visit stood."""
    rows = Message.objects.order_by("pk")[since:]
    found = [(row, row.notices.get()) for row in rows]
    return [(row.address.partition("@")[0], one.kind, one.told["standing"]) for row, one in found]


def seen(patient):
    return Seen.of(Patient.objects.get(pk=patient.pk))


@pytest.fixture
def visit(book_at, day):
    """Ana's; she was told."""
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    return visit


@pytest.fixture
def one(ana, ben, max_, day):
    """Make Ana's record a part of Ben's, and two again."""

    class One:
        def make(self, minutes, **values):
            self.row = merging.merge(seen(ben), seen(ana), values, by=max_, now=day.at(minutes))

        def undo(self, minutes):
            merging.unmerge(self.row.uuid, by=max_, now=day.at(minutes))

    return One()


def now(visit):
    visit.refresh_from_db()
    return visit


def test_a_move_that_was_told_to_the_wrong_one_is_told_to_both(visit, day, one):
    one.make(20)
    day.move(now(visit), ELEVEN, 30)
    day.send(40)
    one.undo(50)
    day.send(60)
    assert letters(1) == [
        ("ben", "moved", "agreed"),
        ("ana", "moved", "agreed"),
        ("ben", "cancelled", "off"),
    ]
    assert sent(former_patient=None)[-1] == ("moved", "05.03. 11:00 agreed")


def test_a_cancellation_that_was_told_to_the_wrong_one_is_told_to_whom_it_concerns(visit, day, one):
    one.make(20)
    day.cancel(now(visit), 30)
    day.send(40)
    one.undo(50)
    day.send(60)
    assert letters(1) == [("ben", "cancelled", "off"), ("ana", "cancelled", "off")]


def test_a_move_and_a_cancellation_of_which_one_was_told_are_told_to_both(visit, day, one):
    one.make(20)
    moved = day.move(now(visit), ELEVEN, 30)
    day.send(40)
    day.cancel(moved, 49)
    one.undo(50)
    day.send(60)
    assert sorted(letters(2)) == [("ana", "cancelled", "off"), ("ben", "cancelled", "off")]
    assert ("cancelled", "overtaken") in why_not()


def test_who_heard_of_a_visit_for_the_first_time_by_the_other_record_is_told(book_at, day, one):
    book_at(status=Status.CONFIRMED)
    one.make(1)
    day.send(10)
    one.undo(50)
    day.send(60)
    assert letters() == [
        ("ben", "confirmed", "agreed"),
        ("ana", "confirmed", "agreed"),
        ("ben", "cancelled", "off"),
    ]


def test_moved_and_moved_back_is_news_for_the_other_alone(visit, day, one):
    one.make(20)
    moved = day.move(now(visit), ELEVEN, 30)
    day.send(40)
    day.move(moved, TEN, 50)
    day.send(60)
    one.undo(70)
    day.send(80)
    assert letters(3) == [("ben", "cancelled", "off")]


def test_what_was_told_at_an_address_of_theirs_is_known(visit, day, one, ben):
    ben.email = "Ana@mail.example"
    patients.save(ben)
    one.make(20)
    day.move(now(visit), ELEVEN, 30)
    day.send(40)
    one.undo(50)
    day.send(60)
    assert len(letters()) == 2
    assert Notice.objects.count() == 2


def test_a_visit_that_is_over_tells_nothing(book_at, day, one):
    visit = book_at(madrid("2026-03-02 10:00"), status=Status.CONFIRMED)
    day.send(10)
    one.make(20)
    day.move(now(visit), madrid("2026-03-02 10:30"), 30)
    day.send(40)
    one.undo(120)
    assert Notice.objects.count() == 2


def test_what_is_told_after_they_are_two_again_is_by_what_each_knows(visit, day, one):
    one.make(20)
    day.move(now(visit), ELEVEN, 30)
    day.send(40)
    one.undo(50)
    day.send(60)
    day.move(now(visit), TEN, 70)
    day.send(80)
    assert letters(4) == [("ana", "moved", "agreed")]


def test_one_again_within_the_window_tells_nothing(visit, day, one):
    one.make(20)
    day.move(now(visit), ELEVEN, 30)
    day.send(40)
    one.undo(50)
    one.make(51)
    day.send(60)
    assert letters(2) == []


def test_ten_visits_take_as_many_statements_as_one(book_at, day, one):
    def statements(minutes, visits):
        one.make(minutes)
        for number, visit in enumerate(visits):
            day.move(now(visit), visit.appointment_datetime.replace(minute=20), minutes + number / 60)
        day.send(minutes + 5)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            one.undo(minutes + 6)
        return len(queries)

    visits = [
        book_at(madrid(f"2026-03-{day_of_march:02} 10:00"), status=Status.CONFIRMED)
        for day_of_march in (5, 9)
    ]
    day.send(10)
    first = statements(20, visits[:1])
    before = Notice.objects.count()
    more = [
        book_at(madrid(f"2026-03-{number} 10:00"), status=Status.CONFIRMED) for number in (10, 11, 12, 16, 17)
    ]
    day.send(40)
    assert statements(50, [visits[1], *more]) == first
    assert Notice.objects.count() > before + 12
