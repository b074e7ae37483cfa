"""Who must be phoned because no message reached them: of each visit once, until somebody told it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from scheduling.booking import actions, patients
from scheduling.booking.proposal import Proposal
from scheduling.models import Notice, Patient, Reply, Status
from scheduling.queries import untold
from tests.conftest import NOW, madrid
from tests.notices.incoming.sent import sent

Kind, State, Why = Notice.Kind, Notice.State, Notice.Why
LOST = {"state": State.FAILED, "why": Why.BOUNCED}


@pytest.fixture
def book(osei, checkup):
    def make(patient, at):
        wish = Proposal(
            uuid=uuid4(),
            doctor=osei,
            patient=patient,
            visit_type=checkup,
            start=madrid(at),
            status=Status.CONFIRMED,
            description="",
        )
        return actions.book(wish, by=None, now=NOW)

    return make


@pytest.fixture
def visit(book, ana):
    return book(ana, "2026-03-05 10:00")


def told(visit, kind=Kind.CONFIRMED, **more):
    (notice,) = sent(visit, kind=kind, **{"version": Notice.objects.count() + 1} | more)
    return notice


def listed(now=NOW):
    found = list(untold.not_told(now))
    assert untold.not_told(now).count() == len(found)
    return found


@pytest.mark.parametrize(
    ("state", "why", "kind", "is_listed"),
    [
        (State.FAILED, Why.BOUNCED, Kind.CONFIRMED, True),
        (State.FAILED, Why.REFUSED, Kind.REMINDER, True),
        (State.FAILED, Why.NOT_ACCEPTED, Kind.RECEIVED, True),
        (State.FAILED, Why.UNCERTAIN, Kind.ANSWER, True),
        (State.SKIPPED, Why.UNREACHABLE, Kind.MOVED, True),
        (State.SKIPPED, Why.UNREACHABLE, Kind.CANCELLED, True),
        (State.SKIPPED, Why.UNREACHABLE, Kind.REMINDER, False),
        (State.SKIPPED, Why.TOO_LATE, Kind.CANCELLED, True),
        (State.SKIPPED, Why.TOO_LATE, Kind.MOVED, True),
        (State.SKIPPED, Why.TOO_LATE, Kind.REMINDER, False),
        (State.SKIPPED, Why.NO_CONSENT, Kind.MOVED, False),
        (State.SKIPPED, Why.OVERTAKEN, Kind.MOVED, False),
        (State.SENT, "", Kind.MOVED, False),
        (State.DUE, "", Kind.MOVED, False),
    ],
)
def test_which_notices_need_a_call(visit, state, why, kind, is_listed):
    notice = told(visit, kind, state=state, why=why)
    assert listed() == [notice] * is_listed


def test_the_nearest_visit_stands_first(book, ana, ben):
    later, sooner = told(book(ana, "2026-03-06 10:00"), **LOST), told(book(ben, "2026-03-05 10:00"), **LOST)
    assert listed() == [sooner, later]


def test_what_somebody_told_is_gone(visit):
    told(visit, **LOST, settled_at=NOW)
    assert listed() == []


def test_a_visit_that_is_past_needs_no_call(visit):
    told(visit, **LOST)
    at = visit.appointment_datetime
    assert [len(listed(now)) for now in (at, at + timedelta(seconds=1))] == [1, 0]


def test_who_came_in_vain_stays_for_three_days(visit):
    told(visit, Kind.CANCELLED, state=State.SKIPPED, why=Why.TOO_LATE)
    at = visit.appointment_datetime
    assert [len(listed(at + timedelta(days=days))) for days in (3, 4)] == [1, 0]


@pytest.mark.parametrize("later", [Kind.CONFIRMED, Kind.REMINDER])
def test_whom_a_later_message_reached_knows(visit, later):
    told(visit, Kind.MOVED, **LOST)
    told(visit, later)
    assert listed() == []


def test_an_earlier_message_says_nothing_of_a_later_one(visit):
    told(visit, Kind.CONFIRMED)
    lost = told(visit, Kind.MOVED, **LOST)
    assert listed() == [lost]


def test_of_several_changes_the_last_stands_for_all(visit):
    told(visit, Kind.CONFIRMED, **LOST)
    last = told(visit, Kind.MOVED, **LOST)
    assert listed() == [last]


def test_a_change_stands_before_reminders(visit):
    told(visit, Kind.REMINDER, **LOST, days_before=7)
    change = told(visit, Kind.MOVED, **LOST)
    told(visit, Kind.REMINDER, **LOST, days_before=3)
    told(visit, Kind.REMINDER, **LOST, days_before=1)
    assert listed() == [change]


def test_of_reminders_the_last(visit):
    told(visit, Kind.REMINDER, **LOST, days_before=3)
    last = told(visit, Kind.REMINDER, **LOST, days_before=1)
    assert listed() == [last]


def test_who_was_told_of_somebody_elses_visit_is_apart(visit, ben):
    his = told(visit, Kind.CANCELLED, **LOST, former_patient=ben)
    hers = told(visit, Kind.CONFIRMED, **LOST)
    assert listed() == [his, hers]
    told(visit, Kind.CONFIRMED)
    assert listed() == [his]


def test_another_visit_says_nothing(visit, book, ana):
    lost = told(visit, **LOST)
    told(book(ana, "2026-03-05 12:00"))
    assert listed() == [lost]


def wrote(outcome=Reply.Outcome.TO_DESK, *, at=NOW, **more):
    values = {"webhook_id": str(uuid4()), "meaning": Reply.Meaning.NO, "text": "no", "sender": "+34600555482"}
    return Reply.objects.create(outcome=outcome, at=at, **values | more)


def test_replies_that_a_person_must_read_the_oldest_first(visit):
    younger, older = wrote(), wrote(at=NOW - timedelta(hours=1))
    wrote(settled_at=NOW)
    for outcome in set(Reply.Outcome) - {Reply.Outcome.TO_DESK}:
        wrote(outcome)
    assert list(untold.replies_for_the_desk()) == [older, younger]
    told(visit, **LOST)
    assert untold.count(NOW) == 3


def test_whose_number_it_is(ana, ben, django_assert_num_queries):
    family = "+34600555482"
    for patient in (ana, ben):
        patient.second_phone = f"{family};ext=2"
        patients.save(patient)
    Patient.objects.filter(pk=ben.pk).update(merged_into=ana)
    with django_assert_num_queries(2):
        assert untold.with_numbers([family, "+346005554", "+34600555499"]) == {family: [ana]}
    with django_assert_num_queries(0):
        assert untold.with_numbers(["", ""]) == {}


@pytest.mark.parametrize("count", [1, 9])
def test_the_lists_cost_a_fixed_number_of_queries(book, ana, django_assert_num_queries, count):
    for number in range(count):
        wrote(notice=told(book(ana, f"2026-03-05 {9 + number // 2:02}:{number % 2 * 30:02}"), **LOST))
    with django_assert_num_queries(2):
        names = [row.appointment.patient.full_name for row in untold.not_told(NOW)]
        names += [reply.notice.appointment.patient.full_name for reply in untold.replies_for_the_desk()]
    assert len(names) == 2 * count
    with django_assert_num_queries(2):
        untold.count(NOW)


def test_what_is_long_past_is_not_read(visit):
    """Of 3,000 notices that were skipped or failed in two years, and one that matters."""
    Notice.objects.bulk_create(
        Notice(
            appointment=visit,
            version=1000 + number,
            starts_at=NOW - timedelta(hours=100 + number // 2),
            kind=Kind.MOVED,
            state=State.FAILED if number % 10 == 0 else State.SKIPPED,
            why=Why.BOUNCED if number % 10 == 0 else Why.OVERTAKEN,
            due_at=NOW,
            created_at=NOW,
        )
        for number in range(3000)
    )
    lost = told(visit, Kind.MOVED, version=99_999, **LOST)
    assert listed() == [lost]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # MariaDB would commit before it
            cursor.execute("ANALYZE")
        plan = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        statement, parameters = untold.not_told(NOW).query.sql_with_params()
        cursor.execute(f"{plan} {statement}", parameters)
        rows = cursor.fetchall()
    assert "notice_state_start" in str(rows)
