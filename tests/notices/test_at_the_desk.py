"""What the desk does with messages: never a wrong one, and nothing twice."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import Q

from scheduling.booking.actions import Wish, book, cancel, move
from scheduling.booking.seen import Seen
from scheduling.models import Notice, Status
from scheduling.notices import at_the_desk, reminders
from tests.booking.asking import wish
from tests.conftest import madrid
from tests.notices.post import send, sent, why_not

pytestmark = pytest.mark.django_db

NINE = madrid("2026-03-02 09:00")
TEN, ELEVEN = madrid("2026-03-05 10:00"), madrid("2026-03-05 11:00")


@pytest.fixture
def visit(osei, ana, checkup, rae):
    """Ana, Thursday at ten, booked on Monday at nine."""
    return book(wish(osei, ana, checkup, TEN, status=Status.CONFIRMED), by=rae, now=NINE)


@pytest.fixture
def desk(rae, osei):
    class Desk:
        def at(self, minutes):
            return NINE + timedelta(minutes=minutes)

        def row(self, **which):
            return at_the_desk.find(Notice.objects.get(**which).uuid)

        def hold(self, visit, minutes, seen=None, **which):
            row, seen = self.row(**which), visit.version if seen is None else seen
            return at_the_desk.hold_back(row, seen=seen, by=rae, now=self.at(minutes))

        def leave_out(self, visit, days, minutes):
            return at_the_desk.hold_reminder_back(fresh(visit), days, by=rae, now=self.at(minutes))

        def move(self, visit, start, minutes):
            return move(Seen.of(visit), doctor=osei, start=start, by=rae, now=self.at(minutes))

    return Desk()


def fresh(visit):
    return type(visit).objects.with_people().get(pk=visit.pk)


def test_who_was_told_at_the_desk_gets_no_message_and_who_did_it_is_kept(visit, desk, rae):
    assert desk.hold(visit, 1)
    send(desk.at(10))
    assert (sent(), why_not()) == ([], [("confirmed", "held_back")])
    row = desk.row()
    assert (row.settled_by, row.settled_at, row.told["standing"]) == (rae, desk.at(1), "agreed")


def test_what_was_told_at_the_desk_is_known_when_the_visit_moves(visit, desk):
    """Held back at ten, moved to eleven: that is a move, and no first confirmation."""
    desk.hold(visit, 1)
    desk.move(visit, ELEVEN, 20)
    send(desk.at(30))
    assert sent() == [("moved", "05.03. 11:00 agreed")]


def test_a_second_press_does_nothing(visit, desk):
    assert desk.hold(visit, 1)
    assert not desk.hold(visit, 2)
    assert desk.row().settled_at == desk.at(1)


def test_what_is_sent_already_is_not_held_back(visit, desk):
    send(desk.at(3))
    assert not desk.hold(visit, 4)
    assert desk.row().state == "sent"


def test_a_page_from_before_a_change_holds_nothing_back(visit, desk):
    """Nobody was told the new time: it goes out."""
    moved = desk.move(visit, ELEVEN, 1)
    assert not desk.hold(moved, 2, seen=visit.version, version=moved.version)
    send(desk.at(10))
    assert sent() == [("confirmed", "05.03. 11:00 agreed")]


def test_what_was_held_back_is_sent_after_all(visit, desk):
    desk.hold(visit, 1)
    assert at_the_desk.send_after_all(desk.row(), now=desk.at(5))
    assert not at_the_desk.send_after_all(desk.row(), now=desk.at(5))
    send(desk.at(5))
    assert sent() == [("confirmed", "05.03. 10:00 agreed")]
    row = desk.row()
    assert (row.settled_by, row.settled_at) == (None, None)


def test_after_a_later_change_the_earlier_message_is_not_sent_after_all(visit, desk):
    desk.hold(visit, 1)
    desk.move(visit, ELEVEN, 2)
    at_the_desk.send_after_all(desk.row(version=1), now=desk.at(3))
    send(desk.at(10))
    assert sent() == [("confirmed", "05.03. 11:00 agreed")]
    assert "10:00" not in mail.outbox[0].body


def test_a_reminder_that_is_left_out_is_not_found(visit, desk):
    send(desk.at(3))
    row = desk.leave_out(visit, 1, 5)
    assert (row.state, row.why, row.days_before) == ("skipped", "held_back", 1)
    assert desk.leave_out(visit, 1, 6).pk == row.pk
    day_before = madrid("2026-03-04 10:01")
    assert reminders.find(now=day_before) == 0
    send(day_before)
    assert len(sent()) == 1


def test_a_reminder_that_is_left_out_and_wanted_again_comes_when_it_would_have(visit, desk):
    row = at_the_desk.find(desk.leave_out(visit, 1, 5).uuid)
    assert at_the_desk.send_after_all(row, now=desk.at(6))
    assert reminders.find(now=madrid("2026-03-04 09:59")) == 0
    assert reminders.find(now=madrid("2026-03-04 10:00")) == 1


def test_a_reminder_that_is_wanted_after_its_time_comes_at_once(visit, desk):
    send(desk.at(3))
    row = at_the_desk.find(desk.leave_out(visit, 1, 5).uuid)
    later = madrid("2026-03-04 18:00")
    at_the_desk.send_after_all(row, now=later)
    send(later)
    assert [kind for kind, _told in sent()] == ["confirmed", "reminder"]


def test_a_visit_that_moves_is_reminded_at_its_new_time(visit, desk):
    desk.leave_out(visit, 1, 5)
    desk.move(visit, madrid("2026-03-06 10:00"), 6)
    assert reminders.find(now=madrid("2026-03-05 10:00")) == 1


@pytest.mark.parametrize("days", [0, 2, 99])
def test_a_reminder_that_there_is_not_cannot_be_left_out(visit, desk, days):
    assert desk.leave_out(visit, days, 5) is None
    assert Notice.objects.count() == 1


def test_a_reminder_of_a_cancelled_visit_cannot_be_left_out(visit, desk, rae):
    gone = cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=rae, now=desk.at(1))
    assert desk.leave_out(gone, 1, 5) is None


def test_a_reminder_that_was_sent_stays_sent(visit, desk):
    day_before = madrid("2026-03-04 10:00")
    reminders.find(now=day_before)
    send(day_before)
    assert desk.leave_out(visit, 1, 60 * 50) is None
    assert desk.row(days_before=1).state == "sent"


def test_now_does_not_wait_for_the_undo(visit, desk):
    assert at_the_desk.send_now(desk.row(), now=desk.at(1))
    send(desk.at(1))
    assert len(sent()) == 1
    assert not at_the_desk.send_now(desk.row(), now=desk.at(2))


def test_sent_again_it_says_what_is_true_now(visit, desk):
    send(desk.at(3))
    moved = desk.move(visit, ELEVEN, 10)
    send(desk.at(20))
    row = at_the_desk.send_again(fresh(moved), seen=0, now=desk.at(30))
    assert (row.copy, row.kind) == (1, "confirmed")
    send(desk.at(30))
    assert sent()[-1] == ("confirmed", "05.03. 11:00 agreed")
    assert "10:00" not in mail.outbox[-1].body


def test_pressed_twice_it_is_sent_again_once(visit, desk):
    send(desk.at(3))
    assert at_the_desk.send_again(fresh(visit), seen=0, now=desk.at(5))
    assert at_the_desk.send_again(fresh(visit), seen=0, now=desk.at(5)) is None
    assert at_the_desk.send_again(fresh(visit), seen=1, now=desk.at(6)).copy == 2


def test_a_cancellation_is_sent_again_as_one(visit, desk, rae):
    send(desk.at(3))
    gone = cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=rae, now=desk.at(5))
    send(desk.at(10))
    at_the_desk.send_again(fresh(gone), seen=0, now=desk.at(20))
    send(desk.at(20))
    assert [kind for kind, _told in sent()] == ["confirmed", "cancelled", "cancelled"]


def test_what_failed_is_tried_again_once_and_only_that(visit, desk):
    send(desk.at(3))
    assert at_the_desk.try_again(Q(), now=desk.at(5)) == 0
    Notice.objects.update(state="failed", why="refused", answer="550", tries=5, told={}, sent_at=None)
    assert at_the_desk.try_again(Q(), now=desk.at(5)) == 1
    assert at_the_desk.try_again(Q(), now=desk.at(5)) == 0
    send(desk.at(5))
    assert len(mail.outbox) == 2


def test_what_somebody_has_told_the_patient_is_not_tried_again(visit, desk, rae):
    Notice.objects.update(state="failed", why="refused", settled_by=rae, settled_at=NINE)
    assert at_the_desk.try_again(Q(), now=desk.at(5)) == 0
