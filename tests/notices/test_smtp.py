"""A mail server that takes mails, refuses them, hangs, or dies in the middle."""

from datetime import timedelta
from functools import partial

import pytest

from scheduling.booking.actions import Edit, Wish, cancel, edit, move, set_status, undo
from scheduling.booking.seen import Seen
from scheduling.models import MessageSettings, Notice, Status, UnreachableAddress
from scheduling.notices import bounces
from scheduling.notices.channels.email import Email
from tests.booking.asking import booked
from tests.conftest import madrid
from tests.notices.post import send, sent
from tests.notices.smtp import Post, serving

pytestmark = pytest.mark.django_db

NINE = madrid("2026-03-02 09:00")
DUE = NINE + timedelta(minutes=3)
TEN = madrid("2026-03-05 10:00")


@pytest.fixture
def post(settings):
    with serving(settings) as found:
        yield found


@pytest.fixture
def visit(osei, ana, checkup, rae):
    return booked(osei, ana, checkup, TEN, now=NINE, by=rae, status=Status.CONFIRMED)


@pytest.fixture
def reminder(visit):
    """Its confirmation is sent; a reminder is due on the day before."""
    Notice.objects.update(state=Notice.State.SKIPPED, why=Notice.Why.HELD_BACK)
    return Notice.objects.create(
        appointment=visit,
        version=visit.version,
        starts_at=visit.appointment_datetime,
        kind=Notice.Kind.REMINDER,
        days_before=1,
        due_at=DUE,
        created_at=DUE,
    )


def only():
    return Notice.objects.exclude(why=Notice.Why.HELD_BACK).get()


def test_a_mail_is_what_it_should_be(post, visit, settings):
    settings.MAIL_RETURN_PATH = "bounces+{token}@clinic.example"
    send(DUE)
    [(mail_from, recipients, message)] = post.taken
    assert recipients == ["ana@mail.example"]
    assert message["From"] == "Clínica San Telmo <appointments@clinic.example>"
    assert message["Message-ID"] == f"<{only().uuid}@clinic.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert bounces.key_of(mail_from.partition("+")[2].partition("@")[0]) == only().uuid
    assert message.get_body(("plain",)) is not None
    assert message.get_body(("html",)) is not None
    assert "List-Unsubscribe" not in message
    assert "Ana" not in message["Subject"]


@pytest.mark.parametrize(
    ("where", "answer", "state", "why"),
    [
        ("rcpt_to", "550", "failed", "refused"),
        ("rcpt_to", "451", "due", ""),
        ("data", "554", "failed", "refused"),
        ("data", "452", "due", ""),
        ("mail_from", "550", "due", ""),  # our own return path: to be mended, for all mails
        ("mail_from", "421", "due", ""),
        ("rcpt_to", Post.HANGS, "due", ""),
        ("data", Post.HANGS, "due", ""),
        ("mail_from", Post.DIES, "due", ""),
        ("rcpt_to", Post.DIES, "due", ""),
        ("data", Post.DIES, "due", ""),
    ],
)
def test_what_a_server_answers_decides(post, visit, where, answer, state, why):
    setattr(post, where, answer)
    send(DUE)
    notice = only()
    assert (notice.state, notice.why, notice.told) == (state, why, {})
    assert "@" not in notice.answer  # what a server says may name the patient
    if state == "due":
        assert notice.due_at == DUE + timedelta(minutes=1)
        setattr(post, where, "250")
        send(notice.due_at)
        assert sent() == [("confirmed", "05.03. 10:00 agreed")]


def test_an_address_that_is_refused_for_good_is_not_written_to_again(post, visit, osei, ana, checkup, rae):
    post.rcpt_to = "550"
    send(DUE)
    assert UnreachableAddress.objects.get().address == "ana@mail.example"
    post.rcpt_to = "250"
    booked(osei, ana, checkup, TEN + timedelta(days=1), now=NINE, by=rae)
    send(DUE)
    assert Notice.objects.latest("pk").why == Notice.Why.UNREACHABLE
    assert post.taken == []


def test_a_mail_that_is_refused_for_what_is_in_it_does_not_mark_the_address(post, visit):
    post.data = "554"
    send(DUE)
    assert not UnreachableAddress.objects.exists()


def test_a_mail_is_tried_again_after_1_5_25_minutes_2_and_8_hours_and_then_no_more(post, visit, settings):
    MessageSettings.objects.create(sends_from="00:00", sends_until="00:00")
    post.data = "451"
    at, waited = DUE, []
    while only().state == Notice.State.DUE:
        send(at - timedelta(seconds=1))
        tries = only().tries
        send(at)
        assert only().tries == tries + 1
        if only().state == Notice.State.DUE:
            waited.append(only().due_at - at)
        at = only().due_at
    assert waited == [timedelta(minutes=n) for n in (1, 5, 25, 120, 480)]
    assert (only().state, only().why, only().answer) == ("failed", "not_accepted", "451")


def test_where_a_server_took_it_and_died_its_twin_has_the_same_name(post, visit):
    post.data = Post.DIES_AFTER
    send(DUE)
    post.data = "250"
    send(only().due_at)
    assert len(post.ids) == 2
    assert len(set(post.ids)) == 1
    assert only().state == Notice.State.SENT


def test_a_reminder_that_may_have_arrived_is_not_sent_again(post, reminder):
    post.data = Post.DIES_AFTER
    send(DUE)
    post.data = "250"
    send(DUE + timedelta(hours=1))
    assert len(post.ids) == 1
    assert (only().state, only().why, only().told) == ("failed", "uncertain", {})


def test_a_reminder_that_certainly_did_not_arrive_is_tried_again(post, reminder):
    post.data = "451"
    send(DUE)
    assert (only().state, only().message, only().code) == ("due", None, "")
    post.data = "250"
    send(DUE + timedelta(minutes=1))
    assert (len(post.ids), only().state) == (1, "sent")


def test_a_server_that_is_away_is_asked_once_a_run(settings, osei, ana, ben, checkup, rae, monkeypatch):
    with serving(settings):
        pass  # its port is closed now
    opened = []
    real = Email.open
    monkeypatch.setattr(Email, "open", lambda channel: opened.append(1) or real(channel))
    for number, patient in enumerate([ana, ben]):
        booked(osei, patient, checkup, TEN + timedelta(hours=number), now=NINE, by=rae)
    send(DUE)
    assert len(opened) == 1
    assert sorted(Notice.objects.values_list("state", "tries")) == [("due", 0), ("due", 1)]


def test_a_day_of_changes_over_a_real_server_is_told_in_its_order(post, osei, ana, ben, checkup, rae):
    """Booked, moved, moved and back, corrected, cancelled, taken back: each once, none with an old time."""
    at = NINE
    visit = booked(osei, ana, checkup, TEN, now=at, by=rae, status=Status.PENDING)

    def later(act):
        nonlocal at, visit
        visit = act(Seen.of(visit), by=rae, now=at)
        at += timedelta(minutes=3)
        send(at)

    def to(start):
        return partial(move, doctor=osei, start=start)

    eleven, noon = TEN + timedelta(hours=1), TEN + timedelta(hours=2)
    at += timedelta(minutes=3)
    send(at)
    later(lambda seen, **more: set_status(seen, Status.CONFIRMED, **more))
    later(to(eleven))
    visit = move(Seen.of(visit), doctor=osei, start=noon, by=rae, now=at)
    later(to(eleven))  # there and back
    later(lambda seen, **more: edit(seen, Edit(minutes=20), **more))
    later(partial(cancel, reason="Ill", wish=Wish.CLINIC))
    later(undo)
    told = [message["Subject"] for _, _, message in post.taken]
    assert [subject.split(":")[0].split(" on ")[0] for subject in told] == [
        "Kept for you, not yet confirmed",
        "Your appointment",
        "Moved",
        "Cancelled",
        "Your appointment",
    ]
    assert [("10:00" in subject, "11:00" in subject) for subject in told] == [
        (True, False),
        (True, False),
        *[(False, True)] * 3,
    ]
