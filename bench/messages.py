"""Rows about messages to patients: a booking with its row of the outbox, and reminders found and sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Final

from django.core import mail
from django.test.utils import override_settings

from bench import booking, clinic
from bench.plans import full_reads
from bench.rows import Bench, Result, measured, row
from bench.timing import Asked, Spread
from scheduling.booking import actions
from scheduling.models import Appointment, MessageSettings, Notice
from scheduling.notices import reminders
from scheduling.notices.delivery import Sender

BOOKING: Final = "book through actions.book, with its outbox row"
REMINDERS: Final = "a reminder found and sent to a sink"
WANTED: Final = 10_000  # reminders
DAYS: Final = range(1, 29)  # days before: so many that there are enough
EVENING: Final = clock_time(19, 45)  # by then all of the day's are due
SINK: Final = "django.core.mail.backends.locmem.EmailBackend"
FLOOR_CALLS: Final = 200


@contextmanager
def writing() -> Iterator[None]:
    """A clinic that writes to its patients, and whose mail goes nowhere."""
    with override_settings(NOTICE_CHANNELS=["email"], EMAIL_BACKEND=SINK):
        mail.outbox = []
        yield
        mail.outbox = []


@row(BOOKING)
def book(bench: Bench) -> Result:
    first = booking.monday(bench, booking.FIRST_DAY + timedelta(days=7))

    def work(number: int) -> Appointment:
        doctor, start = booking.slot(bench, number + 2, first)
        patient = bench.patients[(number + 2) % len(bench.patients)]
        asked = booking.proposal(bench, doctor, patient, start)
        return actions.book(asked, by=None, now=clinic.NOW)

    with writing():
        return measured(bench, BOOKING, work, bench.floor.insert, booking.FLOOR)


@row(REMINDERS)
def remind(bench: Bench) -> Result:
    """Milliseconds of one, of all those that are due on an evening, up to `WANTED`."""
    now = datetime.combine(clinic.TODAY, EVENING, bench.zone)
    Notice.objects.filter(state=Notice.State.DUE).delete()
    settings = MessageSettings.objects.create(sends_from=clock_time(0), sends_until=clock_time(0))
    found, looked = _found(settings, now)
    with writing(), Asked() as asked:
        began = time.perf_counter()
        sent = 0
        while done := Sender(clock=lambda: now).run().sent:
            sent += done
        took = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(FLOOR_CALLS):
        bench.floor.insert()
    floor = (time.perf_counter() - began) * 1000 / FLOOR_CALLS
    settings.delete()
    Notice.objects.filter(kind__in=["reminder", "answer"]).delete()
    result = Result(REMINDERS, Spread.of([took * 1000 / max(sent, 1)]), Spread.of([floor]), booking.FLOOR)
    result.reads_in_full = full_reads([*looked[-2:], *asked.statements[:6]])
    result.detail = {
        "found": found,
        "messages": sent,
        "a_second": round(sent / took, 1),
        "statements_a_message": round(asked.queries / max(sent, 1), 2),
    }
    return result.at_most(5, "statements a message", result.detail["statements_a_message"])


def _found(settings: MessageSettings, now: datetime) -> tuple[int, list[tuple[str, object]]]:
    """How many reminders are due, of enough days; and what was asked of the database for the last of them."""
    found, statements = 0, []
    with override_settings(NOTICE_CHANNELS=["email"]):
        for days in DAYS:
            settings.reminder_days = str(days)
            settings.save()
            with Asked() as asked:
                found += reminders.find(now=now)
            statements = asked.statements
            if found >= WANTED:
                break
    return found, statements
