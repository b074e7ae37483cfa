"""Reminders: three days and one day before, once each, for those who are awaited; never at night."""

from datetime import time, timedelta

import pytest
from django.core import mail

from scheduling.booking import patients
from scheduling.booking.actions import Edit, Wish, cancel, edit, move
from scheduling.booking.seen import Seen
from scheduling.models import MessageSettings, Notice, Source, Status
from scheduling.notices import reminders
from tests.booking.asking import booked
from tests.conftest import madrid, works
from tests.notices.post import send, why_not

pytestmark = pytest.mark.django_db

LONG_AGO = madrid("2026-03-02 09:00")  # a Monday
TEN = madrid("2026-03-12 10:00")  # a Thursday


@pytest.fixture
def book(osei, ana, checkup, rae):
    def book(start=TEN, patient=ana, *, now=LONG_AGO, kind=checkup, **more):
        return booked(osei, patient, kind, start, now=now, by=rae, **{"status": Status.CONFIRMED} | more)

    return book


def found(at):
    """What one look at this instant puts into the outbox, as (days before, kind)."""
    before = set(Notice.objects.values_list("pk", flat=True))
    reminders.find(now=madrid(at))
    new = Notice.objects.exclude(pk__in=before).order_by("pk")
    return [(notice.days_before, notice.kind) for notice in new]


def looked(first, last, minutes=60):
    """When each reminder was found, looking again and again between two times on Madrid's clocks."""
    at, when = madrid(first), []
    while at <= madrid(last):
        if reminders.find(now=at):
            when.append(at)
        at += timedelta(minutes=minutes)
    return when


def test_a_visit_is_reminded_three_days_and_one_day_before_at_its_own_time(book):
    book()
    when = looked("2026-03-09 09:00", "2026-03-12 12:00")
    assert when == [madrid("2026-03-09 10:00"), madrid("2026-03-11 10:00")]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-12 08:00", "2026-03-11 09:00"),  # before sending begins
        ("2026-03-12 09:00", "2026-03-11 09:00"),
        ("2026-03-12 19:00", "2026-03-11 19:00"),
        ("2026-03-12 20:30", "2026-03-11 19:30"),  # after it has ended
        ("2026-03-12 23:30", "2026-03-11 19:30"),
    ],
)
def test_a_reminder_is_due_in_the_hours_for_sending_of_its_day(osei, book, start, due):
    MessageSettings.objects.create(reminder_days="1")
    works(osei, time(7), time(9))
    works(osei, time(14), time(0))
    book(madrid(start))
    assert looked("2026-03-11 08:00", "2026-03-12 12:00", minutes=30) == [madrid(due)]


def test_it_is_sent_once_whatever_is_corrected_since(book, rae):
    visit = book()
    assert found("2026-03-09 10:00") == [(3, "reminder")]
    send(madrid("2026-03-09 10:00"))
    edit(Seen.of(visit), Edit(description="Knee"), by=rae, now=madrid("2026-03-09 11:00"))
    assert found("2026-03-09 12:00") == []
    assert len(mail.outbox) == 2  # the confirmation, and one reminder


@pytest.mark.parametrize(
    ("booked_at", "reminded"),
    [
        ("2026-03-09 09:59", [3, 1]),
        ("2026-03-09 10:01", [1]),
        ("2026-03-11 09:59", [1]),
        ("2026-03-11 10:01", []),
    ],
)
def test_none_for_a_visit_that_was_booked_inside_the_window(book, booked_at, reminded):
    book(now=madrid(booked_at))
    looked(booked_at, "2026-03-12 12:00")
    assert list(Notice.objects.exclude(days_before=0).values_list("days_before", flat=True)) == reminded


def test_a_visit_that_is_moved_is_reminded_of_its_new_time_alone(book, osei, rae):
    visit = book()
    assert found("2026-03-09 10:00") == [(3, "reminder")]
    friday = madrid("2026-03-13 11:00")
    move(Seen.of(visit), doctor=osei, start=friday, by=rae, now=madrid("2026-03-09 10:01"))
    send(madrid("2026-03-09 10:10"))
    assert ("reminder", "overtaken") in why_not()
    assert looked("2026-03-09 12:00", "2026-03-13 12:00") == [
        madrid("2026-03-10 11:00"),
        madrid("2026-03-12 11:00"),
    ]


def test_what_was_moved_inside_the_window_needs_no_reminder(book, osei, rae):
    visit = book()
    at = madrid("2026-03-11 12:00")
    move(Seen.of(visit), doctor=osei, start=madrid("2026-03-12 11:00"), by=rae, now=at)
    assert looked("2026-03-11 12:00", "2026-03-12 11:00") == []


def test_who_is_not_awaited_is_not_reminded(book, rae):
    visit = book()
    cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=rae, now=LONG_AGO)
    assert looked("2026-03-09 09:00", "2026-03-12 12:00") == []


def test_a_reminder_of_a_visit_that_was_cancelled_since_is_left_out(book, rae):
    visit = book()
    found("2026-03-09 10:00")
    cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=rae, now=madrid("2026-03-09 10:00"))
    send(madrid("2026-03-09 10:00"))
    assert ("reminder", "called_off") in why_not()


def test_a_type_has_its_own_rhythm(book, checkup):
    checkup.reminder_days = "7, 2"
    checkup.save()
    book()
    when = looked("2026-03-05 09:00", "2026-03-12 12:00")
    assert when == [madrid("2026-03-05 10:00"), madrid("2026-03-10 10:00")]


@pytest.mark.parametrize(("clinic", "own"), [("", ""), ("3, 1", "0")])
def test_a_clinic_or_a_type_without_reminders(book, checkup, clinic, own):
    MessageSettings.objects.create(reminder_days=clinic)
    checkup.reminder_days = own
    checkup.save()
    book()
    assert looked("2026-03-09 09:00", "2026-03-12 12:00") == []


def test_a_rhythm_that_is_changed_needs_no_clean_up(book):
    book()
    assert found("2026-03-09 10:00") == [(3, "reminder")]
    MessageSettings.objects.create(reminder_days="2")
    assert looked("2026-03-10 00:00", "2026-03-12 12:00") == [madrid("2026-03-10 10:00")]


def test_visits_of_one_person_on_a_day_are_one_message(book, ben):
    book()
    book(madrid("2026-03-12 12:00"))
    book(madrid("2026-03-12 13:00"), ben)
    book(madrid("2026-03-13 10:00"))
    send(madrid("2026-03-02 12:00"))
    mail.outbox.clear()
    for hour in range(10, 14):  # her second one would be due two hours after the first
        reminders.find(now=madrid(f"2026-03-11 {hour}:00"))
        send(madrid(f"2026-03-11 {hour}:00"))
    texts = sorted((message.to[0], "12:00" in message.body) for message in mail.outbox)
    assert texts == [("ana@mail.example", True), ("ben@mail.example", False)]


def test_what_was_due_while_the_jobs_stood_still_is_found_on_the_next_morning(book, osei):
    works(osei, time(14), time(20))
    book(madrid("2026-03-12 18:00"))
    MessageSettings.objects.create(reminder_days="1")
    assert found("2026-03-12 05:00") == []  # at night
    assert found("2026-03-12 09:00") == []  # more than half a day late
    book(madrid("2026-03-12 19:30"))
    assert found("2026-03-12 09:00") == []
    MessageSettings.objects.update(sends_from="07:00")
    assert found("2026-03-12 07:05") == [(1, "reminder")]


def test_a_type_that_asks_for_an_answer_asks_with_the_first_reminder(book, checkup):
    checkup.asks_for_answer = True
    checkup.save()
    book()
    assert found("2026-03-09 10:00") == [(3, "answer")]
    send(madrid("2026-03-09 10:00"))
    assert len(Notice.objects.get(kind="answer").code) >= 4
    assert found("2026-03-11 10:00") == [(1, "reminder")]


@pytest.mark.parametrize(
    ("asks", "source", "status", "kind"),
    [
        (True, Source.DESK, Status.PENDING, "answer"),
        (True, Source.DESK, Status.CONFIRMED, "reminder"),
        (True, Source.PATIENT, Status.PENDING, "reminder"),  # the clinic has to answer, not the patient
        (False, Source.DESK, Status.PENDING, "reminder"),
    ],
)
def test_who_booked_a_visit_that_is_pending_decides_who_has_to_answer(
    book, checkup, asks, source, status, kind
):
    checkup.is_online = True
    checkup.save()
    MessageSettings.objects.create(asks_pending=asks)
    book(source=source, status=status)
    assert found("2026-03-09 10:00") == [(3, kind)]


def test_who_wants_no_reminders_gets_the_other_messages(book, ana, osei, rae):
    ana.wants_reminders = False
    patients.save(ana)
    visit = book()
    found("2026-03-09 10:00")
    send(madrid("2026-03-09 10:00"))
    assert ("reminder", "no_reminders") in why_not()
    at = madrid("2026-03-09 11:00")
    move(Seen.of(visit), doctor=osei, start=madrid("2026-03-12 11:00"), by=rae, now=at)
    send(madrid("2026-03-09 12:00"))
    assert Notice.objects.filter(kind="moved", state="sent").exists()


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-29 10:00", "2026-03-28 10:00"),  # the night in between has 23 hours
        ("2026-03-30 10:00", "2026-03-29 10:00"),
        ("2026-10-25 10:00", "2026-10-24 10:00"),  # and 25
        ("2026-10-26 10:00", "2026-10-25 10:00"),
    ],
)
def test_one_day_before_is_the_same_time_on_the_clock_in_both_nights_when_the_clocks_change(
    osei, book, start, due
):
    MessageSettings.objects.create(reminder_days="1")
    works(osei, time(9), time(14), weekdays=(5, 6))
    book(madrid(start))
    day_before = madrid(due) - timedelta(hours=26)
    when = looked(f"{day_before:%Y-%m-%d} 00:00", start)
    assert when == [madrid(due)]


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ("2026-03-28 20:00", False),
        ("2026-03-29 08:59", False),
        ("2026-03-29 09:00", True),
        ("2026-10-24 20:00", False),
        ("2026-10-25 08:59", False),
        ("2026-10-25 09:00", True),
    ],
)
def test_the_quiet_hours_follow_the_clock_in_those_nights(book, at, goes):
    book(madrid("2026-11-05 10:00"), now=madrid(at) - timedelta(hours=1))
    send(madrid(at))
    assert bool(mail.outbox) is goes


def test_looking_costs_the_same_for_one_and_for_many(book, osei, django_assert_num_queries):
    book()
    with django_assert_num_queries(
        6
    ):  # settings, types; for 3 days and for 1: one, and the events; one INSERT
        reminders.find(now=madrid("2026-03-09 13:00"))
    Notice.objects.all().delete()
    for hour in (11, 12, 13):
        book(madrid(f"2026-03-12 {hour}:00"))
    with django_assert_num_queries(6):
        reminders.find(now=madrid("2026-03-09 13:00"))


def test_who_was_told_the_time_a_short_while_ago_is_not_reminded_of_it(book, osei, rae):
    visit = book(now=madrid("2026-03-10 09:00"))
    at = madrid("2026-03-11 09:00")  # a reminder is due at 10:45
    move(Seen.of(visit), doctor=osei, start=madrid("2026-03-12 10:45"), by=rae, now=at)
    for clock in ("09:10", "10:45", "10:50"):
        reminders.find(now=madrid(f"2026-03-11 {clock}"))
        send(madrid(f"2026-03-11 {clock}"))
    assert ("reminder", "already") in why_not()
    assert len(mail.outbox) == 1
