"""A gateway that asks again before it has our answer: many copies of one reply at once have one effect."""

import pytest
from django.db import connection

from scheduling.models import AppointmentEvent, Notice, Reply, Status
from scheduling.notices import replies
from tests.booking.together import WORKERS, run_together
from tests.conftest import NOW
from tests.notices.incoming.conftest import ANAS
from tests.notices.incoming.sent import sent, stored

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

Outcome = Reply.Outcome


@pytest.fixture
def visit(transactional_db, book, ana):
    visit = book(ana, "2026-03-05 10:00")
    sent(visit)
    return visit


@pytest.fixture
def without_the_key(transactional_db):
    """The replies in a table without its unique key."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE replies RENAME TO replies_kept")
        if connection.vendor == "mysql":
            cursor.execute("CREATE TABLE replies LIKE replies_kept")
            cursor.execute("ALTER TABLE replies DROP INDEX webhook_id")
        else:
            columns = ", ".join(f"{name} {kind}" for name, kind in _columns(cursor))
            cursor.execute(f"CREATE TABLE replies ({columns})")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE replies")
        cursor.execute("ALTER TABLE replies_kept RENAME TO replies")


def _columns(cursor):
    cursor.execute("PRAGMA table_info(replies_kept)")
    for _place, name, kind, *_rest in cursor.fetchall():
        yield name, "integer PRIMARY KEY AUTOINCREMENT" if name == "id" else kind


def all_at_once(text):
    """What each of many got, all of one reply."""

    def take(worker, _round):
        return replies.take("msg_1", sender=ANAS, text=text, at=NOW, now=NOW).outcome

    return [outcome for _worker, _round, outcome in run_together(take)]


@pytest.mark.parametrize("text", ["no 7567", "hello"])
def test_of_many_copies_one_is_for_the_desk(visit, text):
    assert all_at_once(text) == [Outcome.TO_DESK] * WORKERS
    assert Reply.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "outcome", "status"),
    [("yes 7567", Outcome.CONFIRMED, Status.CONFIRMED), ("cancel 7567", Outcome.CANCELLED, Status.CANCELLED)],
)
def test_of_many_copies_one_acts(visit, text, outcome, status):
    answers = all_at_once(text)
    assert outcome in answers and set(answers) <= {outcome, Outcome.TO_DESK}  # it is being done
    reply = Reply.objects.get()
    assert (reply.outcome, reply.notice.appointment, stored(visit).status) == (outcome, visit, status)
    assert AppointmentEvent.objects.filter(appointment=visit).count() == 2
    assert all_at_once(text) == [outcome] * WORKERS  # and later all hear the same
    assert Notice.objects.count() == 1


def test_without_the_key_the_desk_would_have_many(visit, without_the_key):
    """The control: what the tests above would catch."""
    all_at_once("no 7567")
    assert Reply.objects.count() > 1
