"""How messages wait, as Prometheus is told."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from scheduling.models import Notice
from scheduling.queries.message_ages import MessageAges
from tests.booking.asking import booked
from tests.conftest import NOW
from tests.messages import notice, sent

pytestmark = pytest.mark.django_db


def told():
    registry = CollectorRegistry()
    registry.register(MessageAges())
    lines = generate_latest(registry).decode().splitlines()
    return {
        name: float(value) for name, value in (line.split() for line in lines if not line.startswith("#"))
    }


def test_where_nothing_waits_there_is_no_oldest(db):
    assert told() == {"clinic_messages_waiting": 0, "clinic_messages_failed": 0}


def test_what_waits_and_what_failed_is_counted(osei, ana, checkup, rae, django_assert_num_queries):
    visit = booked(osei, ana, checkup, "2026-03-09 10:00")
    hour = timedelta(hours=1)
    sent(visit, version=2)
    notice(visit, version=3, due_at=NOW - hour)
    notice(visit, version=4, due_at=NOW)
    notice(visit, version=5, due_at=NOW - 2 * hour, state=Notice.State.FAILED)
    notice(visit, version=6, state=Notice.State.FAILED, settled_at=NOW, settled_by=rae)
    with django_assert_num_queries(1):
        found = told()
    assert found == {
        "clinic_messages_oldest_due_timestamp_seconds": (NOW - hour).timestamp(),
        "clinic_messages_waiting": 2,
        "clinic_messages_failed": 1,
    }
