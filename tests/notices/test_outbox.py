"""What is to be told is written with the change that it tells, or not at all; a text is kept for a while."""

from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from itertools import count
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.booking import outbox
from scheduling.booking.actions import book
from scheduling.models import Appointment, Message, Notice, Status
from scheduling.notices import clearing
from tests import factories
from tests.booking.asking import booked, wish
from tests.booking.steps import in_a_process_killed_at
from tests.conftest import NOW, madrid
from tests.notices.post import send

pytestmark = pytest.mark.django_db

TEN = madrid("2026-03-05 10:00")
WORDS = 2  # the clinic's own, of its messages and of a type


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("is_apart", [False, True])
def test_killed_at_any_step_a_booking_leaves_its_notice_or_nothing(osei, ana, checkup, rae, is_apart):
    """`is_apart`: the control, an outbox that is written after the commit; it must be caught."""

    def booking(start):
        with mock.patch("scheduling.booking.outbox.write", lambda *args: None) if is_apart else nullcontext():
            visit = book(wish(osei, ana, checkup, start), by=rae, now=NOW)
        if is_apart:
            Notice.objects.bulk_create([outbox.notice_of(visit, Notice.Kind.CONFIRMED, was={}, now=NOW)])

    for number in count(1):
        start = TEN + timedelta(minutes=30 * (number % 8), days=7 * (number // 8))
        went_on = in_a_process_killed_at(number, partial(booking, start))
        lonely = Appointment.objects.filter(notices=None).count()
        if lonely or not went_on:
            break
    assert bool(lonely) is is_apart
    assert is_apart or Appointment.objects.exists()


def test_the_outbox_costs_a_booking_one_statement(osei, ana, ben, checkup, rae, settings):
    costs = []
    for patient, channels in ((ana, []), (ben, ["email"])):
        settings.NOTICE_CHANNELS = channels
        start = TEN + timedelta(hours=len(costs))
        with CaptureQueriesContext(connection) as asked:
            booked(osei, patient, checkup, start, by=rae)
        costs.append(len(asked))
    assert costs[1] == costs[0] + 1


@pytest.mark.parametrize("patients", [1, 10])
def test_a_message_costs_two_statements_and_the_stamp(osei, checkup, rae, patients, settings):
    for number in range(patients):
        person = factories.PatientFactory(email=f"p{number}@mail.example")
        start = TEN + timedelta(minutes=30 * (number % 8), days=number // 8)
        booked(osei, person, checkup, start, by=rae, status=Status.CONFIRMED)
    with CaptureQueriesContext(connection) as asked:
        send(madrid("2026-03-02 09:00"))
    assert Message.objects.count() == patients
    once = 1 + 6 + 1  # the settings; what is due, with all that decides it; that no more is
    each = [query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(each) <= once + WORDS + patients * 3  # the claim, the message as it looked, the stamp


def test_texts_and_addresses_are_kept_for_thirty_days(osei, ana, checkup, rae):
    booked(osei, ana, checkup, TEN, by=rae)
    at = madrid("2026-03-02 09:00")
    send(at)
    assert clearing.clear(now=at + timedelta(days=30)) == 0
    assert Message.objects.get().address == "ana@mail.example"
    assert clearing.clear(now=at + timedelta(days=30, seconds=1)) == 1
    message = Message.objects.get()
    assert (message.address, message.subject, message.text, message.html) == ("", "", "", "")
    assert message.sent_at == at
    assert clearing.clear(now=at + timedelta(days=31)) == 0


def test_texts_are_emptied_in_pieces(ana, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(clearing, "AT_ONCE", 2)
    for days in (31, 32, 33, 90, 400):
        text = "..." if days < 60 else ""
        Message.objects.create(
            patient=ana, channel="email", language="en", sent_at=NOW - timedelta(days=days), text=text
        )
    with django_assert_num_queries(5):
        assert clearing.clear(now=NOW) == 3
    assert not Message.objects.exclude(text="").exists()


def test_texts_are_emptied_however_long_the_jobs_did_not_run(ana):
    for days in (31, 61, 400):
        Message.objects.create(
            patient=ana, channel="email", language="en", sent_at=NOW - timedelta(days=days), text="..."
        )
    assert clearing.clear(now=NOW) == 3
    assert clearing.clear(now=NOW) == 0
