"""Two senders, and a thousand notices that are due: each goes out once. A process that is killed at any step
loses nothing and sends no reminder twice.

The controls take the guard away under the same harness: they must send twice, or what was changed.
"""

import multiprocessing
import os
import signal
import traceback
from contextlib import nullcontext
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import connections
from django.db.models import Q

from scheduling.booking import patients
from scheduling.booking.actions import Wish, cancel
from scheduling.booking.outbox import facts_of, notice_of
from scheduling.booking.records import snapshot
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, MessageSettings, Notice, Patient, Status
from scheduling.notices import loading
from scheduling.notices.channels.email import Email
from scheduling.notices.delivery import LEASE, Sender
from tests.booking.steps import at_step
from tests.conftest import madrid
from tests.notices.post import send

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

NOON = madrid("2026-03-02 12:00")
TEN = madrid("2026-03-05 10:00")
MANY, SENDERS = 1000, 2
fork = multiprocessing.get_context("fork")


@pytest.fixture
def sink(tmp_path, monkeypatch):
    """A file in place of a mail server: each message is a line with its name and the address."""
    path = tmp_path / "sink"
    path.touch()

    def write(channel, message):
        line = f"{message.key} {message.to}\n"
        handle = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.write(handle, line.encode())  # one write: whole lines, whoever else writes
        os.close(handle)

    monkeypatch.setattr(Email, "open", lambda channel: None)
    monkeypatch.setattr(Email, "send", write)
    monkeypatch.setattr(Email, "close", lambda channel: None)
    return path


def lines(sink):
    return Path(sink).read_text().split("\n")[:-1]


def put(osei, checkup, number, kind=Notice.Kind.CONFIRMED, **more):
    """So many visits of as many patients, and a notice of each that is due."""
    people = [
        Patient(
            patient_name=f"Patient{n}", patient_lastname="Moreno", email=f"p{n}@mail.example", created_at=NOON
        )
        for n in range(number)
    ]
    Patient.objects.bulk_create(people)
    kept = Patient.objects.order_by("pk")
    visits = [
        Appointment(
            doctor=osei,
            patient=patient,
            visit_type=checkup,
            appointment_datetime=TEN + timedelta(minutes=30 * n),
            minutes=30,
            status=Status.CONFIRMED,
            created_at=NOON,
            updated_at=NOON,
        )
        for n, patient in enumerate(kept)
    ]
    Appointment.objects.bulk_create(visits)
    stored = Appointment.objects.select_related("doctor").order_by("pk")
    was = {"was": {}} if kind == Notice.Kind.CONFIRMED else {}
    Notice.objects.bulk_create(
        [
            notice_of(visit, kind, now=NOON, due_at=NOON, **({"was": facts_of(snapshot(visit))} | was | more))
            for visit in stored
        ]
    )


def run(barrier):
    try:
        barrier.wait(60)
        Sender(clock=lambda: NOON).run()
        connections.close_all()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def run_senders():
    connections.close_all()
    barrier = fork.Barrier(SENDERS)
    running = [fork.Process(target=run, args=(barrier,), daemon=True) for _ in range(SENDERS)]
    for process in running:
        process.start()
    for process in running:
        process.join(300)
        assert process.exitcode == 0


@pytest.mark.parametrize("kind", [Notice.Kind.CONFIRMED, Notice.Kind.REMINDER])
def test_of_a_thousand_that_are_due_two_senders_send_each_once(osei, checkup, sink, kind):
    put(osei, checkup, MANY, kind)
    run_senders()
    assert len(lines(sink)) == len(set(lines(sink))) == MANY
    assert Notice.objects.filter(state=Notice.State.SENT).count() == MANY


def test_the_trial_finds_senders_that_look_first(osei, checkup, sink, monkeypatch):
    def look(self, group, now):
        keys = [one.news.notice.pk for one in group]
        free = Notice.objects.filter(loading.claimable(now), pk__in=keys).count()
        Notice.objects.filter(pk__in=keys).update(holder=self.holder)
        return list(group) if free == len(keys) else []

    monkeypatch.setattr(Sender, "_claimed", look)
    put(osei, checkup, MANY // 5)
    run_senders()
    assert len(lines(sink)) > MANY // 5


# -- Killed --------------------------------------------------------------------


def killed_at(number, action):
    """Run in a process that kills itself at its step of that number; whether it came so far."""
    connections.close_all()
    child = fork.Process(target=_run_until, args=(number, action))
    child.start()
    child.join(60)
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def _run_until(number, action):
    def kill():
        os.kill(os.getpid(), signal.SIGKILL)

    try:
        with at_step(number, kill) as steps:
            real = Email.send

            def send_and_reach(channel, message):
                real(channel, message)
                steps.append("sent")
                if len(steps) == number:
                    kill()

            Email.send = send_and_reach
            action()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


@pytest.mark.parametrize(
    ("kind", "days_before"), [(Notice.Kind.CONFIRMED, 0), (Notice.Kind.REMINDER, 3), (Notice.Kind.ANSWER, 3)]
)
def test_killed_at_any_step_nothing_is_lost_and_nobody_reminded_twice(osei, checkup, sink, kind, days_before):
    put(osei, checkup, 1, kind, days_before=days_before)
    [fresh] = Notice.objects.values()
    arrived = []
    for number in count(1):
        Notice.objects.filter(pk=fresh["id"]).update(**{k: v for k, v in fresh.items() if k != "id"})
        sink.write_text("")
        went_on = killed_at(number, lambda: send(NOON))
        send(NOON + LEASE)
        arrived.append(len(lines(sink)))
        assert len(set(lines(sink))) <= 1, "a twin has the same name"
        if not went_on:
            break
    assert len(arrived) > 8  # statements, commits, the sending itself
    if kind == Notice.Kind.CONFIRMED:
        assert set(arrived) == {1, 2}  # never lost; twice where it was killed before the stamp
    else:
        assert set(arrived) == {0, 1}  # never twice; lost where it was killed after the stamp


# -- Changed in the same moment ---------------------------------------------------


def meanwhile(monkeypatch, act):
    """`act()` after a sender has read what is due, and before it sends."""
    real = loading.load
    done = []

    def load_then_act(now, **more):
        batch = real(now, **more)
        if batch.notices and not done:
            done.append(act())
        return batch

    monkeypatch.setattr("scheduling.notices.loading.load", load_then_act)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_reminder_that_is_due_in_the_moment_of_a_cancel_is_not_sent(
    osei, checkup, sink, monkeypatch, rae, is_guarded
):
    put(osei, checkup, 1, Notice.Kind.REMINDER, days_before=3)
    visit = Appointment.objects.get()
    call_off = {"reason": "Ill", "wish": Wish.PATIENT, "by": rae, "now": NOON}
    meanwhile(monkeypatch, lambda: cancel(Seen.of(visit), **call_off))
    with nullcontext() if is_guarded else pytest.MonkeyPatch.context() as patch:
        if patch is not None:
            patch.setattr("scheduling.notices.grouping.as_seen", lambda group: Q())
        send(NOON)
    assert len(lines(sink)) == (0 if is_guarded else 1)
    if is_guarded:
        send(NOON)
        assert lines(sink) == []
        assert Notice.objects.get(kind="reminder").why == Notice.Why.CALLED_OFF


def test_who_says_no_in_the_same_moment_gets_nothing(osei, checkup, sink, monkeypatch, rae):
    put(osei, checkup, 1)
    person = Patient.objects.get()
    meanwhile(monkeypatch, lambda: patients.change(Seen.of(person), {"may_contact": False}, by=rae, now=NOON))
    for _ in range(2):
        send(NOON)
    assert lines(sink) == []
    assert Notice.objects.get().why == Notice.Why.NO_CONSENT


def test_at_night_the_senders_rest(osei, checkup, sink):
    MessageSettings.objects.create(sends_from="09:00", sends_until="11:59")
    put(osei, checkup, 1)
    send(NOON)
    assert lines(sink) == []
