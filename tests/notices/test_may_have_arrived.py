"""Nobody knows whether a message arrived: what comes after it is true for who has it, and for who has not."""

from datetime import timedelta

import pytest
from django.core import mail

from scheduling.booking.actions import Wish, cancel, move
from scheduling.booking.seen import Seen
from scheduling.models import Message, Notice, Status
from scheduling.notices import delivery
from scheduling.notices.channels.base import NotNow
from scheduling.notices.channels.email import Email
from scheduling.notices.delivery import LEASE, STALE, Sender
from tests import factories
from tests.booking.asking import booked
from tests.conftest import madrid
from tests.notices.post import UNDO, send, sent

pytestmark = pytest.mark.django_db

NINE = madrid("2026-03-02 09:00")
DUE = NINE + UNDO
TEN, ELEVEN = madrid("2026-03-05 10:00"), madrid("2026-03-05 11:00")


@pytest.fixture
def line(monkeypatch):
    """The mail server's line: `breaks` after it has taken a mail, or `fails` as is set; else it works."""

    class Line:
        breaks, fails, asked = False, None, 0

    found = Line()
    real = Email.send

    def send_(channel, message):
        found.asked += 1
        if found.fails is not None:
            raise found.fails
        real(channel, message)
        if found.breaks:
            raise NotNow("SMTPServerDisconnected", is_certain=False)

    monkeypatch.setattr(Email, "send", send_)
    return found


@pytest.fixture
def visit(osei, ana, checkup, rae):
    return booked(osei, ana, checkup, TEN, now=NINE, by=rae, status=Status.CONFIRMED)


def subjects():
    return [message.subject.split()[0] for message in mail.outbox]


def test_a_confirmation_that_may_have_arrived_is_called_off_when_the_visit_is(line, visit, rae):
    line.breaks = True
    send(DUE)
    line.breaks = False
    cancel(Seen.of(visit), reason="Ill", wish=Wish.CLINIC, by=rae, now=DUE)
    send(DUE + UNDO)
    assert sent() == [("cancelled", "05.03. 10:00 off")]


def test_a_move_that_may_have_arrived_is_told_back(line, visit, osei, rae):
    send(DUE)
    visit = move(Seen.of(visit), doctor=osei, start=ELEVEN, by=rae, now=DUE)
    line.breaks = True
    send(DUE + UNDO)
    line.breaks = False
    move(Seen.of(visit), doctor=osei, start=TEN, by=rae, now=DUE + UNDO)
    send(DUE + 2 * UNDO)
    assert [kind for kind, _ in sent()] == ["confirmed", "moved"]
    assert "10:00" in mail.outbox[-1].subject


def test_what_certainly_did_not_arrive_is_no_reason_to_call_off(line, visit, rae):
    line.fails = NotNow("450")
    send(DUE)
    line.fails = None
    cancel(Seen.of(visit), reason="Ill", wish=Wish.CLINIC, by=rae, now=DUE)
    send(DUE + UNDO)
    assert mail.outbox == []


def test_a_process_that_is_lost_leaves_what_may_be_known(visit, rae, monkeypatch):
    monkeypatch.setattr(Sender, "_stamp", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        send(DUE)
    monkeypatch.undo()
    cancel(Seen.of(visit), reason="Ill", wish=Wish.CLINIC, by=rae, now=DUE)
    send(DUE + UNDO)
    assert sent() == []  # the other one may still be on its way
    send(DUE + LEASE)
    assert sent() == [("cancelled", "05.03. 10:00 off")]


def test_a_twin_has_its_name_and_its_content_alone(line, visit, osei, ana, checkup, rae):
    """A receiver that has it drops it: nothing else may go with it."""
    line.breaks = True
    send(DUE)
    line.breaks = False
    booked(osei, ana, checkup, ELEVEN, now=NINE, by=rae, status=Status.CONFIRMED)
    send(DUE + timedelta(minutes=1))
    names = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(mail.outbox) == 3
    assert names[0] in names[1:]
    assert all(("10:00" in one.body) != ("11:00" in one.body) for one in mail.outbox)


def test_a_series_that_was_put_off_for_certain_stays_one_message(line, visit, osei, ana, checkup, rae):
    booked(osei, ana, checkup, ELEVEN, now=NINE, by=rae, status=Status.CONFIRMED)
    line.fails = NotNow("451")
    send(DUE)
    line.fails = None
    send(DUE + timedelta(minutes=1))
    assert (len(sent()), len(mail.outbox)) == (2, 1)


def reminder_of(visit, days=1, at=DUE):
    Notice.objects.filter(kind="confirmed").update(state="skipped", why="held_back")
    return Notice.objects.create(
        appointment=visit,
        version=visit.version,
        starts_at=visit.appointment_datetime,
        kind=Notice.Kind.REMINDER,
        days_before=days,
        due_at=at,
        created_at=at,
        was={"start": "2026-03-05T09:00:00+00:00", "doctor": str(visit.doctor.uuid), "standing": "agreed"},
    )


def test_a_reminder_that_never_left_is_in_no_list_of_what_was_sent(line, visit):
    row = reminder_of(visit)
    line.fails = NotNow("450")
    for _ in range(3):
        row.refresh_from_db()
        send(row.due_at)
    assert not Message.objects.exists()
    line.fails = None
    row.refresh_from_db()
    send(row.due_at)
    assert Message.objects.count() == 1


def test_a_reminder_that_may_have_arrived_keeps_its_text(line, visit):
    row = reminder_of(visit)
    line.breaks = True
    send(DUE)
    row.refresh_from_db()
    assert (row.state, row.why, row.told, row.sent_at) == ("failed", "uncertain", {}, None)
    assert row.message is not None


def test_a_reminder_that_was_put_off_is_enough_once_a_nearer_one_was_sent(visit):
    late = reminder_of(visit, days=3)
    near = reminder_of(visit, days=1)
    Notice.objects.filter(pk=near.pk).update(state="sent", sent_at=DUE)
    send(DUE)
    late.refresh_from_db()
    assert late.why == Notice.Why.ALREADY


def test_one_message_that_cannot_be_made_stops_no_other(visit, osei, ben, checkup, rae, monkeypatch):
    booked(osei, ben, checkup, ELEVEN, now=NINE, by=rae, status=Status.CONFIRMED)
    real = delivery.compose

    def compose(telling, *args, **more):
        if telling.patient != ben:
            raise ValueError("a template with a fault")
        return real(telling, *args, **more)

    monkeypatch.setattr(delivery, "compose", compose)
    send(DUE)
    assert [message.to for message in mail.outbox] == [["ben@mail.example"]]
    row = Notice.objects.get(appointment=visit)
    assert (row.state, row.answer, row.due_at) == ("due", "ValueError", DUE + timedelta(minutes=1))


def test_a_message_at_which_processes_are_lost_is_given_up(visit):
    Notice.objects.update(state="sending", tries=12, lease_ends_at=NINE)
    send(DUE)
    assert Notice.objects.get().state == Notice.State.FAILED


def test_what_was_read_long_ago_is_read_anew(osei, ana, ben, checkup, rae, monkeypatch):
    """A slow server: by the second message it is night."""
    evening = madrid("2026-03-02 19:59")
    for number, patient in enumerate([ana, ben]):
        start = TEN + timedelta(hours=number)
        booked(osei, patient, checkup, start, now=NINE, by=rae, status=Status.CONFIRMED)
    clock = [evening]
    real = Email.send

    def slow(channel, message):
        real(channel, message)
        clock[0] += STALE + timedelta(seconds=1)

    monkeypatch.setattr(Email, "send", slow)
    Sender(clock=lambda: clock[0]).run()
    assert len(mail.outbox) == 1
    assert Notice.objects.filter(state="due").count() == 1


def test_a_server_that_breaks_each_time_is_left_alone_for_this_run(line, osei, checkup, rae):
    for number in range(8):
        person = factories.PatientFactory(email=f"p{number}@mail.example")
        booked(osei, person, checkup, TEN + timedelta(minutes=30 * number), now=NINE, by=rae)
    line.fails = NotNow("timeout", is_certain=False)
    send(DUE)
    assert line.asked == delivery.BREAKS
    line.fails, line.asked = NotNow("451"), 0
    send(DUE + timedelta(minutes=2))
    assert line.asked == 8  # a mailbox that is busy says nothing of the others
