"""What patients write back: done where it is plain, and else for the desk. Nothing is guessed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking import actions, changing, patients
from scheduling.booking.actions import Refused, Seen
from scheduling.models import ActorKind, Notice, Patient, RecordEvent, Reply, Source, Status
from scheduling.notices import clearing, replies
from tests.conftest import NOW, madrid
from tests.notices.incoming.conftest import ANAS, BENS
from tests.notices.incoming.sent import sent, stored

Out, Why = Reply.Outcome, Reply.Why


def take(text, *, sender=ANAS, now=NOW, name=None, at=None):
    return replies.take(name or f"msg_{uuid4()}", sender=sender, text=text, at=at or now, now=now)


def outcome(text, **more):
    reply = take(text, **more)
    assert (stored(reply).outcome, stored(reply).why) == (reply.outcome, reply.why)
    return (reply.outcome, reply.why) if reply.why else reply.outcome


def status(visit):
    return stored(visit).status


@pytest.fixture
def visit(book, ana):
    """Ana's, on Thursday, asked for an answer."""
    visit = book(ana, "2026-03-05 10:00")
    sent(visit)
    return visit


# -- Yes -------------------------------------------------------------------


def test_yes_confirms_a_pending_visit_as_its_patient(visit):
    reply = take("Sí 7567")
    assert (reply.outcome, status(visit)) == (Out.CONFIRMED, Status.CONFIRMED)
    event = visit.events.order_by("-version")[0]
    assert (event.actor, event.by, event.channel) == (ActorKind.PATIENT, None, Source.PATIENT)
    assert (event.at, event.after) == (NOW, {"status": "confirmed"})
    assert stored(reply).notice.appointment == visit


def test_yes_to_a_confirmed_visit_is_noted_and_changes_nothing(book, ana):
    visit = book(ana, "2026-03-05 10:00", status=Status.CONFIRMED)
    sent(visit)
    assert outcome("yes 7567") == Out.NOTED
    assert stored(visit).version == visit.version


def test_yes_twice_is_confirmed_once(visit):
    assert [outcome("yes 7567"), outcome("yes 7567")] == [Out.CONFIRMED, Out.NOTED]
    assert visit.events.count() == 2


@pytest.mark.parametrize("kind", [Notice.Kind.RECEIVED, Notice.Kind.REMINDER])
def test_a_request_is_the_clinics_to_confirm(book, ana, kind):
    visit = book(ana, "2026-03-05 10:00")
    sent(visit, kind=kind)
    assert outcome("yes 7567") == Out.NOTED
    assert status(visit) == Status.PENDING


def test_yes_after_somebody_at_the_desk_confirmed_it_is_noted(visit, rae):
    actions.set_status(Seen.of(visit), Status.CONFIRMED, by=rae, now=NOW)
    assert outcome("yes 7567") == Out.NOTED


def test_a_change_that_concerns_nobody_makes_no_answer_old(visit, rae):
    actions.edit(Seen.of(visit), actions.Edit(description="Cough"), by=rae, now=NOW)
    assert outcome("yes 7567") == Out.CONFIRMED


# -- No, and cancel --------------------------------------------------------


def test_no_is_for_the_desk_and_frees_nothing(visit):
    assert outcome("NO 7567") == (Out.TO_DESK, Why.CANNOT_COME)
    assert (status(visit), visit.claims.count()) == (Status.PENDING, 6)


def test_cancel_frees_the_time_with_why_and_at_whose_wish(visit, settings):
    settings.LANGUAGE_CODE = "en"
    assert outcome("CANCEL 7567") == Out.CANCELLED
    event = visit.events.order_by("-version")[0]
    assert (status(visit), visit.claims.count()) == (Status.CANCELLED, 0)
    assert (event.actor, event.channel, event.reason, event.after["wish"]) == (
        ActorKind.PATIENT,
        Source.PATIENT,
        "Cancelled by text message",
        "patient",
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(hours=24), Out.CANCELLED),
        (timedelta(hours=24) - timedelta(seconds=1), (Out.TO_DESK, Why.TOO_LATE)),
        (timedelta(seconds=1), (Out.TO_DESK, Why.TOO_LATE)),
        (timedelta(0), (Out.TO_DESK, Why.NOT_POSSIBLE)),
        (-timedelta(days=1), (Out.TO_DESK, Why.NOT_POSSIBLE)),
    ],
)
def test_until_a_day_before_it_is_cancelled_and_later_the_desk_decides(visit, before, expected):
    assert outcome("cancel 7567", now=visit.appointment_datetime - before) == expected
    assert status(visit) == (Status.CANCELLED if expected == Out.CANCELLED else Status.PENDING)


def test_when_it_was_written_does_not_open_the_door_again(visit):
    """A gateway's clock is none of ours: the time may be somebody else's by now."""
    late = visit.appointment_datetime - timedelta(hours=1)
    assert outcome("cancel 7567", now=late, at=NOW) == (Out.TO_DESK, Why.TOO_LATE)


def test_cancelling_twice_is_no_work_for_the_desk(visit):
    assert [outcome("cancel 7567"), outcome("cancel 7567")] == [Out.CANCELLED, Out.NOTED]
    assert visit.events.count() == 2


# -- Never guessed ---------------------------------------------------------


@pytest.mark.parametrize("text", ["yes", "no", "cancel"])
def test_without_a_code_it_is_for_the_desk(visit, text):
    assert outcome(text) == (Out.TO_DESK, Why.NO_CODE)
    assert stored(visit).version == 1


@pytest.mark.parametrize("text", ["yes 1234", "cancel 12345678"])
def test_with_a_code_that_nobody_got_it_is_for_the_desk(visit, text):
    assert outcome(text) == (Out.TO_DESK, Why.UNKNOWN_CODE)


def test_what_is_unclear_is_for_the_desk_with_the_visit_that_it_names(visit):
    reply = take("at 7567 I may be late")
    assert (reply.outcome, reply.why) == (Out.TO_DESK, Why.UNCLEAR)
    assert stored(reply).notice.appointment == visit
    assert outcome("hello?") == (Out.TO_DESK, Why.UNCLEAR)


@pytest.mark.parametrize("text", ["yes 7567", "cancel 7567", "no 7567"])
def test_the_visit_has_moved_on_since_and_the_answer_is_old(visit, rae, osei, text):
    actions.move(Seen.of(visit), doctor=osei, start=madrid("2026-03-05 12:00"), by=rae, now=NOW)
    assert outcome(text) == (Out.TO_DESK, Why.OLD)
    assert stored(visit).version == 2


def test_with_another_doctor_it_is_another_visit(visit, rae, lind):
    actions.move(Seen.of(visit), doctor=lind, start=visit.appointment_datetime, by=rae, now=NOW)
    assert outcome("yes 7567") == (Out.TO_DESK, Why.OLD)


def test_yes_to_a_cancelled_visit_confirms_nothing(visit, rae):
    """Elsewhere "Y" to a cancelled visit was answered with "you're confirmed"."""
    actions.cancel(Seen.of(visit), reason="Ill", wish=actions.Wish.CLINIC, by=rae, now=NOW)
    assert outcome("yes 7567") == (Out.TO_DESK, Why.OLD)
    assert status(visit) == Status.CANCELLED


def test_moved_and_moved_back_it_is_true_again(visit, rae, osei):
    at = visit.appointment_datetime
    moved = actions.move(Seen.of(visit), doctor=osei, start=madrid("2026-03-05 12:00"), by=rae, now=NOW)
    actions.move(Seen.of(moved), doctor=osei, start=at, by=rae, now=NOW)
    assert outcome("yes 7567") == Out.CONFIRMED


@pytest.mark.parametrize("told", [{}, {"start": "x"}])
def test_where_it_is_not_known_what_was_told_nothing_is_done(visit, told):
    Notice.objects.filter(appointment=visit).update(told=told)
    assert outcome("yes 7567") == (Out.TO_DESK, Why.OLD)


@pytest.mark.parametrize("sender", [BENS, "+34600000000", "anonymous", "", "12345"])
@pytest.mark.parametrize("text", ["yes 7567", "cancel 7567", "stop 7567"])
def test_from_another_number_it_is_for_the_desk(visit, ana, sender, text):
    assert outcome(text, sender=sender) == (Out.TO_DESK, Why.OTHER_SENDER)
    assert (stored(visit).version, stored(ana).may_contact) == (1, None)


@pytest.mark.parametrize("sender", ["+34600555482", "0034 600 555 482", "600555482", "34600555482"[2:]])
def test_a_number_is_the_same_however_it_is_written(visit, sender):
    assert outcome("yes 7567", sender=sender) == Out.CONFIRMED


def test_the_second_number_is_the_patients_too(visit, ana):
    ana.second_phone = "+442079460958;ext=4"
    patients.save(ana)
    assert outcome("yes 7567", sender="+442079460958") == Out.CONFIRMED


def test_a_number_that_is_on_the_record_no_more_is_somebody_elses(visit, ana):
    ana.phone = "+34600555499"
    patients.save(ana)
    assert outcome("yes 7567") == (Out.TO_DESK, Why.OTHER_SENDER)


def test_a_code_that_was_given_twice_is_told_apart_by_who_sent_it(visit, book, ben):
    other = book(ben, "2026-03-05 11:00")
    sent(other, at=NOW + timedelta(minutes=1))
    assert outcome("yes 7567", sender=ANAS) == Out.CONFIRMED
    assert (status(visit), status(other)) == (Status.CONFIRMED, Status.PENDING)


def test_of_the_same_person_the_last_message_counts(visit, book, ana):
    later = book(ana, "2026-03-06 11:00")
    sent(later, at=NOW + timedelta(days=20))
    assert outcome("yes 7567", now=NOW) == Out.CONFIRMED
    assert (status(visit), status(later)) == (Status.PENDING, Status.CONFIRMED)


def test_what_was_not_sent_yet_cannot_be_answered(visit):
    Notice.objects.update(state=Notice.State.DUE, sent_at=None)
    assert outcome("yes 7567") == (Out.TO_DESK, Why.UNKNOWN_CODE)


def test_who_was_told_that_a_visit_is_not_theirs_answers_an_old_message(visit, ben):
    Notice.objects.update(former_patient=ben)
    assert outcome("cancel 7567", sender=BENS) == (Out.TO_DESK, Why.OLD)
    assert status(visit) == Status.PENDING


# -- Several visits in one message -----------------------------------------


@pytest.fixture
def two(book, ana):
    visits = [book(ana, "2026-03-05 10:00"), book(ana, "2026-03-05 12:00")]
    sent(*visits)
    return visits


def test_yes_answers_for_all_of_a_message(two):
    assert outcome("yes 7567") == Out.CONFIRMED
    assert [status(visit) for visit in two] == [Status.CONFIRMED] * 2


def test_which_of_several_is_to_be_cancelled_the_desk_asks(two):
    assert outcome("cancel 7567") == (Out.TO_DESK, Why.UNCLEAR)
    assert [status(visit) for visit in two] == [Status.PENDING] * 2


@pytest.mark.parametrize("moved", [0, 1])
def test_where_one_of_several_is_old_none_is_confirmed(two, rae, osei, moved):
    actions.move(Seen.of(two[moved]), doctor=osei, start=madrid("2026-03-06 12:00"), by=rae, now=NOW)
    assert outcome("yes 7567") == (Out.TO_DESK, Why.OLD)
    assert [status(visit) for visit in two] == [Status.PENDING] * 2


# -- Stop ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["STOP", "baja 7567", "stop 7567", "stop 9999"])
def test_stop_ends_messages_and_the_history_says_who(visit, ana, text):
    assert outcome(text) == Out.STOPPED
    assert stored(ana).may_contact is False
    event = RecordEvent.objects.filter(subject_uuid=ana.uuid).order_by("-pk")[0]
    assert (event.actor, event.channel, event.after) == (
        ActorKind.PATIENT,
        Source.PATIENT,
        {"may_contact": False},
    )
    assert stored(visit).version == 1


def test_stop_twice_is_one_change(visit, ana):
    assert [outcome("stop"), outcome("stop")] == [Out.STOPPED] * 2
    assert stored(ana).version == ana.version + 1


def test_of_several_with_one_number_the_code_tells_or_the_desk(visit, ana, ben):
    ben.phone = ANAS
    patients.save(ben)
    assert outcome("stop") == (Out.TO_DESK, Why.NO_CODE)
    assert {stored(ana).may_contact, stored(ben).may_contact} == {None}
    assert outcome("stop 7567") == Out.STOPPED
    assert (stored(ana).may_contact, stored(ben).may_contact) == (False, None)


@pytest.mark.parametrize("sender", ["+34699999999", "", "anonymous"])
def test_a_number_that_nobody_has_stops_nothing(visit, ana, sender):
    assert outcome("stop", sender=sender) == (Out.TO_DESK, Why.OTHER_SENDER)
    assert stored(ana).may_contact is None


def test_a_record_that_is_part_of_another_does_not_count(visit, ana, ben):
    Patient.objects.filter(pk=ben.pk).update(merged_into=ana, phone=ANAS)
    assert outcome("stop") == Out.STOPPED
    assert (stored(ana).may_contact, stored(ben).may_contact) == (False, None)


# -- In the same moment ----------------------------------------------------


def meanwhile(monkeypatch, module, name, change, times):
    """`change` is done right before it, so many times."""
    real, left = getattr(module, name), [times]

    def after_a_change(*args, **kwargs):
        if left[0]:
            left[0] -= 1
            change()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, after_a_change)


@pytest.mark.parametrize(
    ("times", "expected"),
    [(1, Out.CONFIRMED), (2, (Out.TO_DESK, Why.NOT_POSSIBLE))],
    ids=["once", "again and again"],
)
def test_a_change_in_the_same_moment_is_looked_at_once_more(visit, rae, monkeypatch, times, expected):
    def correct():
        now = stored(visit)
        actions.edit(Seen.of(now), actions.Edit(description=f"{now.version}"), by=rae, now=NOW)

    meanwhile(monkeypatch, changing, "set_status", correct, times)
    assert outcome("yes 7567") == expected


def test_moved_in_the_same_moment_it_is_old(visit, rae, osei, monkeypatch):
    def move():
        actions.move(Seen.of(stored(visit)), doctor=osei, start=madrid("2026-03-06 12:00"), by=rae, now=NOW)

    meanwhile(monkeypatch, changing, "set_status", move, 1)
    assert outcome("cancel 7567") == (Out.TO_DESK, Why.OLD)
    assert status(visit) == Status.PENDING


def test_what_the_engine_refuses_is_for_the_desk(visit, monkeypatch):
    def refuse(*args, **kwargs):
        raise Refused

    monkeypatch.setattr(changing, "set_status", refuse)
    assert outcome("yes 7567") == (Out.TO_DESK, Why.NOT_POSSIBLE)


@pytest.mark.parametrize(
    ("times", "expected"),
    [(1, Out.STOPPED), (2, (Out.TO_DESK, Why.NOT_POSSIBLE))],
    ids=["once", "again and again"],
)
def test_a_record_that_is_changed_in_the_same_moment(visit, ana, monkeypatch, times, expected):
    def change():
        who = stored(ana)
        who.note = f"{who.version}"
        patients.save(who)

    meanwhile(monkeypatch, patients, "lock", change, times)
    assert outcome("stop") == expected


# -- Once ------------------------------------------------------------------


def test_the_same_again_is_answered_as_before_and_does_nothing(visit, rae):
    first = take("cancel 7567", name="msg_1")
    actions.undo(Seen.of(stored(visit)), by=supervisor(rae), now=NOW)
    again = take("cancel 7567", name="msg_1", now=NOW + timedelta(days=9))
    assert (again.pk, again.outcome) == (first.pk, Out.CANCELLED)
    assert status(visit) == Status.PENDING
    assert Reply.objects.count() == 1


def supervisor(user):
    user.is_superuser = True
    user.save()
    return type(user).objects.get(pk=user.pk)


@pytest.mark.parametrize(("text", "sender"), [("no 7567", ANAS), ("cancel 7567", BENS)])
def test_something_else_under_the_same_name_is_refused(visit, text, sender):
    take("cancel 7567", name="msg_1")
    with pytest.raises(replies.OtherReply):
        take(text, sender=sender, name="msg_1")


def test_what_was_written_is_forgotten_after_30_days_unless_it_waits_for_somebody(visit):
    done, waits, settled = (take(text, name=text) for text in ("yes 7567", "no 7567", "hello"))
    Reply.objects.filter(pk=settled.pk).update(settled_at=NOW)
    for days, kept in ((30, 3), (31, 1)):
        clearing.clear(now=NOW + timedelta(days=days))
        assert Reply.objects.exclude(text="").count() == kept
    assert (stored(waits).text, stored(done).sender, stored(done).outcome) == ("no 7567", "", Out.CONFIRMED)
    assert take("yes 7567", name="yes 7567", now=NOW + timedelta(days=31)).outcome == Out.CONFIRMED


def test_names_that_differ_by_a_capital_or_a_space_are_two(visit):
    for name in ("msg_a", "msg_A", "msg_á", "m" * 255, "m" * 254):
        take("hello", name=name)
    assert Reply.objects.count() == 5


def test_what_a_crash_leaves_half_done_is_on_the_desks_list(visit, monkeypatch):
    def crash(*args, **kwargs):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(changing, "set_status", crash)
        with pytest.raises(MemoryError):
            take("yes 7567", name="msg_1")
    reply = Reply.objects.get()
    assert (reply.outcome, reply.why, reply.notice.appointment) == (Out.TO_DESK, Why.NOT_POSSIBLE, visit)
    assert take("yes 7567", name="msg_1").outcome == Out.TO_DESK  # and is never tried by itself
    assert status(visit) == Status.PENDING


def test_what_is_longer_than_its_column_is_kept_as_far_as_it_goes(db):
    reply = take("x" * 5000, sender="9" * 5000)
    assert (len(stored(reply).text), len(stored(reply).sender)) == (1000, 255)


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        (NOW - timedelta(hours=1), NOW - timedelta(hours=1)),
        (NOW + timedelta(hours=1), NOW),
        (NOW - timedelta(days=8), NOW),
    ],
)
def test_it_is_kept_when_it_was_written_unless_that_cannot_be(db, at, kept):
    assert stored(take("hello", at=at)).at == kept


@pytest.mark.parametrize("others", [0, 30])
def test_a_reply_costs_a_fixed_number_of_statements(visit, django_assert_num_queries, others):
    for number in range(others):
        sent(visit, code=f"{1000 + number}", copy=number + 1)
    # The message of the code, and all that it told: 2. The reply, and what became of it: 2. The visit, looked
    # at among all of the message and for itself: 2. The engine: 5. Three transactions within the test's: 6.
    with django_assert_num_queries(17):
        take("yes 7567")
