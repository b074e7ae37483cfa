"""Exactly the right messages: never an old time, and nothing that is no news."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from scheduling.booking import merging, patients, series
from scheduling.booking.actions import Edit, edit, undo_edit
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.booking.together import Cancel, Move, change
from scheduling.models import Notice, Status
from tests.booking.asking import wish
from tests.conftest import madrid
from tests.notices.post import ELEVEN, NINE, TEN, UNDO, send, sent, why_not

pytestmark = pytest.mark.django_db


def test_a_booking_is_confirmed_once_when_it_can_no_longer_be_taken_back(book_at, day):
    book_at(status=Status.CONFIRMED)
    day.send(2)
    assert sent() == []
    for minutes in (3, 4, 60):
        day.send(minutes)
    assert sent() == [("confirmed", "05.03. 10:00 agreed")]
    assert [message.to for message in mail.outbox] == [["ana@mail.example"]]


def test_a_request_is_received_and_confirmed_when_the_clinic_agrees(book_at, day):
    visit = book_at(status=Status.PENDING)
    day.send(10)
    day.to(visit, Status.CONFIRMED, 20)
    day.send(30)
    assert sent() == [("received", "05.03. 10:00 pending"), ("confirmed", "05.03. 10:00 agreed")]


def test_several_changes_in_the_window_are_one_message(book_at, day):
    visit = book_at(status=Status.PENDING)
    visit = day.to(visit, Status.CONFIRMED, 1)
    day.move(visit, ELEVEN, 2)
    day.send(10)
    assert sent() == [("confirmed", "05.03. 11:00 agreed")]
    assert why_not() == [("received", "overtaken"), ("confirmed", "overtaken")]


def test_a_move_and_the_move_back_send_nothing(book_at, day):
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    visit = day.move(visit, ELEVEN, 20)
    day.move(visit, TEN, 22)
    day.send(30)
    assert sent() == [("confirmed", "05.03. 10:00 agreed")]
    assert why_not() == [("moved", "overtaken"), ("moved", "nothing_new")]


def test_a_move_that_was_told_is_told_back(book_at, day):
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    visit = day.move(visit, ELEVEN, 20)
    day.send(30)
    day.move(visit, TEN, 40)
    day.send(50)
    told = [
        ("confirmed", "05.03. 10:00 agreed"),
        ("moved", "05.03. 11:00 agreed"),
        ("moved", "05.03. 10:00 agreed"),
    ]
    assert sent() == told


def test_what_was_booked_and_cancelled_in_the_window_was_never_told(book_at, day):
    visit = book_at(status=Status.CONFIRMED)
    day.cancel(visit, 2)
    day.send(10)
    assert sent() == []
    assert why_not() == [("confirmed", "overtaken"), ("cancelled", "nothing_new")]


def test_a_cancellation_is_told_and_so_is_its_undo(book_at, day):
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    visit = day.cancel(visit, 20)
    day.send(30)
    day.undo(visit, 40)
    day.send(50)
    assert [kind for kind, _ in sent()] == ["confirmed", "cancelled", "confirmed"]


def test_a_cancellation_that_is_taken_back_in_the_window_is_not_told(book_at, day):
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    visit = day.cancel(visit, 20)
    day.undo(visit, 21)
    day.send(30)
    assert [kind for kind, _ in sent()] == ["confirmed"]


def test_what_was_moved_and_cancelled_in_one_window_is_called_off_at_the_time_that_was_told(book_at, day):
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    visit = day.move(visit, ELEVEN, 20)
    day.cancel(visit, 21)
    day.send(30)
    assert [kind for kind, _ in sent()] == ["confirmed", "cancelled"]
    assert "10:00" in mail.outbox[-1].body
    assert "11:00" not in mail.outbox[-1].body


def test_who_knows_of_a_visit_from_before_there_were_messages_is_told_of_its_move(book_at, day, settings):
    settings.NOTICE_CHANNELS = []
    visit = book_at(status=Status.CONFIRMED)
    assert not Notice.objects.exists()
    settings.NOTICE_CHANNELS = ["email"]
    day.move(visit, ELEVEN, 20)
    day.send(30)
    assert sent() == [("moved", "05.03. 11:00 agreed")]


def test_a_visit_is_told_as_it_is_when_the_message_goes(book_at, day, osei):
    """A message that waited for its server does not tell the time of yesterday."""
    visit = book_at(status=Status.CONFIRMED)
    day.move(visit, ELEVEN, 60)
    day.send(61)  # the first is late, the second is not due
    assert sent() == []
    day.send(63)
    assert sent() == [("confirmed", "05.03. 11:00 agreed")]


@pytest.mark.parametrize(
    "at", ["2026-03-02 20:00", "2026-03-02 23:30", "2026-03-03 03:00", "2026-03-03 08:59"]
)
def test_nothing_goes_out_at_night(book_at, at):
    book_at(status=Status.CONFIRMED, now=madrid("2026-03-02 19:58"))
    send(madrid(at))
    assert sent() == []
    send(madrid("2026-03-03 09:00"))
    assert len(sent()) == 1


def test_what_concerns_the_desk_alone_tells_nothing(book_at, day, rae, checkup):
    visit = book_at(madrid("2026-03-02 10:00"), status=Status.CONFIRMED)
    day.send(10)
    asked = Edit(minutes=20, description="Knee")
    visit = edit(Seen.of(visit), asked, by=rae, now=day.at(20))
    visit = undo_edit(Seen.of(visit), by=rae, now=day.at(21))
    visit = day.to(visit, Status.ARRIVED, 50)
    visit = day.undo(visit, 51)
    visit = day.to(visit, Status.ARRIVED, 52)
    visit = day.to(visit, Status.IN_PROGRESS, 61)
    day.to(visit, Status.COMPLETED, 80)
    day.send(90)
    assert len(sent()) == Notice.objects.count() == 1


def test_a_no_show_is_never_scolded(book_at, day):
    visit = book_at(madrid("2026-03-02 10:00"), status=Status.CONFIRMED)
    day.send(10)
    day.to(visit, Status.NO_SHOW, 75)
    day.send(90)
    assert len(sent()) == 1


def test_a_visit_that_was_anothers_by_mistake_is_told_to_both(book_at, day, ben, rae):
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    edit(Seen.of(visit), Edit(patient=ben), by=rae, now=day.at(20))
    day.send(30)
    assert sorted(sent()) == [
        ("cancelled", "05.03. 10:00 off"),
        ("confirmed", "05.03. 10:00 agreed"),
        ("confirmed", "05.03. 10:00 agreed"),
    ]
    assert {tuple(message.to) for message in mail.outbox[1:]} == {
        ("ana@mail.example",),
        ("ben@mail.example",),
    }
    to_ana = next(message for message in mail.outbox[1:] if message.to == ["ana@mail.example"])
    assert "Ben" not in to_ana.body


def test_who_was_never_told_of_a_visit_is_not_told_that_it_is_not_theirs(book_at, day, ben, rae):
    visit = book_at(status=Status.CONFIRMED)
    edit(Seen.of(visit), Edit(patient=ben), by=rae, now=day.at(1))
    day.send(30)
    assert [message.to for message in mail.outbox] == [["ben@mail.example"]]


def test_two_records_made_one_and_two_again_tell_nothing(book_at, day, ana, ben, max_):
    book_at(status=Status.CONFIRMED)
    day.send(10)
    merge = merging.merge(Seen.of(ben), Seen.of(ana), {}, by=max_, now=day.at(20))
    day.send(30)
    merging.unmerge(merge.uuid, by=max_, now=day.at(40))
    day.send(50)
    assert len(sent()) == 1


def test_what_is_due_when_records_are_made_one_goes_to_the_record_that_stands(book_at, day, ana, ben, max_):
    book_at(status=Status.CONFIRMED)
    merging.merge(Seen.of(ben), Seen.of(ana), {}, by=max_, now=day.at(1))
    day.send(10)
    assert [message.to for message in mail.outbox] == [["ben@mail.example"]]


def test_a_series_is_one_message(osei, ana, checkup, rae, day):
    rule = series.Rule(every_weeks=1, count=4)
    first = wish(osei, ana, checkup, TEN, status=Status.CONFIRMED)
    asked = [replace(first, uuid=uuid4(), start=TEN + timedelta(weeks=week)) for week in range(4)]
    series.book_all(asked, rule, weekday=3, uuid=uuid4(), by=rae, now=NINE)
    day.send(10)
    assert len(sent()) == 4
    assert len(mail.outbox) == 1
    for day_of_march in (5, 12, 19, 26):
        assert f"Thursday {day_of_march} March 2026, 10:" in mail.outbox[0].body


def test_moves_and_cancellations_of_many_are_a_message_for_each_patient(book_at, ana, ben, osei, rae, day):
    visits = [
        book_at(TEN, ana, status=Status.CONFIRMED),
        book_at(ELEVEN, ben, status=Status.CONFIRMED),
        book_at(madrid("2026-03-05 12:00"), ana, status=Status.CONFIRMED),
    ]
    day.send(10)
    assert len(mail.outbox) == 2
    steps = [
        Move(seen=Seen.of(visits[0]), doctor=osei, start=madrid("2026-03-06 10:00")),
        Move(seen=Seen.of(visits[2]), doctor=osei, start=madrid("2026-03-06 12:00")),
        Cancel(seen=Seen.of(visits[1])),
    ]
    change(steps, by=rae, now=day.at(20), reason="Ill", words="Dr Osei is ill.")
    day.send(30)
    assert len(mail.outbox) == 4
    assert sorted(sent())[:1] == [("cancelled", "05.03. 11:00 off")]
    assert [told for kind, told in sent() if kind == "moved"] == [
        "06.03. 10:00 agreed",
        "06.03. 12:00 agreed",
    ]


def ill(visit, osei, rae, day, minutes):
    step = Move(seen=Seen.of(visit), doctor=osei, start=ELEVEN)
    change([step], by=rae, now=day.at(minutes), reason="Ill", words="Dr Osei is ill.")
    visit.refresh_from_db()
    return visit


def test_what_the_clinic_says_of_a_change_is_not_said_of_the_next(book_at, day, osei, rae):
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    visit = ill(visit, osei, rae, day, 20)
    day.send(30)
    day.move(visit, TEN, 40)
    day.send(50)
    assert ["ill" in message.body for message in mail.outbox] == [False, True, False]


def test_what_the_clinic_says_of_a_change_is_for_the_patient_whose_visit_it_is(book_at, day, osei, rae, ben):
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    visit = ill(visit, osei, rae, day, 20)
    edit(Seen.of(visit), Edit(patient=ben), by=rae, now=day.at(20))
    day.send(30)
    to_ana = next(message for message in mail.outbox[1:] if message.to == ["ana@mail.example"])
    assert "ill" not in to_ana.body


def test_who_said_no_gets_nothing_and_it_is_said_why(book_at, day, ana, rae):
    patients.change(Seen.of(ana), {"may_contact": False}, by=rae, now=NINE)
    book_at(status=Status.CONFIRMED)
    day.send(10)
    assert (sent(), why_not()) == ([], [("confirmed", "no_consent")])


def test_who_has_no_address_gets_nothing_and_it_is_said_why(book_at, day, ana):
    ana.email = ""
    patients.save(ana)
    book_at(status=Status.CONFIRMED)
    day.send(10)
    assert (sent(), why_not()) == ([], [("confirmed", "no_address")])


@pytest.mark.parametrize(
    ("address", "to"), [("ana@faß.example", ["ana@xn--fa-hia.example"]), ("åsa@mail.example", None)]
)
def test_mail_goes_to_the_domain_of_the_record_or_nowhere(book_at, day, ana, address, to):
    ana.email = address
    patients.save(ana)
    book_at(status=Status.CONFIRMED)
    day.send(10)
    assert [message.to for message in mail.outbox] == ([to] if to else [])
    assert why_not() == ([] if to else [("confirmed", "no_address")])


def test_an_address_that_is_added_in_the_window_is_written_to(book_at, day, ana, rae):
    ana.email = ""
    ana = patients.save(ana)
    book_at(status=Status.CONFIRMED)
    patients.change(Seen.of(ana), {"email": "new@mail.example"}, by=rae, now=day.at(1))
    day.send(10)
    assert [message.to for message in mail.outbox] == [["new@mail.example"]]


def test_a_visit_that_has_begun_is_no_news(book_at, day):
    book_at(madrid("2026-03-02 09:30"), status=Status.CONFIRMED)
    day.send(31)
    assert why_not() == [("confirmed", "too_late")]


def test_a_change_that_is_rolled_back_leaves_nothing_to_tell(book_at, ana):
    book_at(status=Status.CONFIRMED)
    before = Notice.objects.count()
    with pytest.raises(Refused):
        book_at(TEN, ana, status=Status.CONFIRMED)
    assert Notice.objects.count() == before


def test_undo_window_is_the_clinics(book_at, settings):
    settings.NOTICE_UNDO_MINUTES = 15
    book_at(status=Status.CONFIRMED)
    send(NINE + UNDO)
    assert sent() == []
    send(NINE + timedelta(minutes=15))
    assert len(sent()) == 1
