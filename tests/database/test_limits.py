"""Time-outs hold while a request is served, and for nothing else: with a real lock and slow statements."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.db import OperationalError, connection, migrations
from django.db.migrations.state import ProjectState

from scheduling.booking import transactions
from scheduling.booking.transactions import in_one_transaction
from scheduling.database import deadline, limits, probe
from scheduling.database.deadline import DeadlineOver
from scheduling.database.outages import Reason
from scheduling.models import Specialty
from tests.booking.steps import another_connection

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def of_a_second(monkeypatch):
    monkeypatch.setattr(limits, "DRIVER", 1)
    monkeypatch.setattr(limits, "LOCKS", 1)
    connection.close()
    yield
    connection.close()


def rename():
    Specialty.objects.update(specialty_name="Renamed")


class Held:
    """Somebody else holds the rows of specialties, for some seconds."""

    def __init__(self, seconds):
        self.seconds, self.is_held = seconds, threading.Event()

    def __enter__(self):
        Specialty.objects.create(specialty_name="Cardiology")
        connection.close()
        self.thread = threading.Thread(target=self._hold)
        self.thread.start()
        self.is_held.wait(60)

    def __exit__(self, *_error):
        self.thread.join()

    def _hold(self):
        if connection.vendor == "mysql":
            with closing(another_connection()) as other:
                other.query("UPDATE specialties SET specialty_name = specialty_name")
                self._wait()
                other.rollback()
        else:
            name = connection.settings_dict["NAME"]
            with closing(sqlite3.connect(name, timeout=30, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                self._wait()
                other.execute("ROLLBACK")

    def _wait(self):
        self.is_held.set()
        time.sleep(self.seconds)


def test_a_request_does_not_wait_for_a_lock_longer_than_that():
    with Held(3), deadline.within(30):
        begun = time.monotonic()
        with pytest.raises(OperationalError):
            rename()
        assert time.monotonic() - begun < 2.5


def test_a_slow_migration_is_not_cut_off():
    """It waits for a lock, and works, for longer than any request may."""
    slow = migrations.RunPython(lambda apps, editor: (rename(), _long(editor)))
    with Held(1.6), connection.schema_editor(atomic=False) as editor:
        slow.database_forwards("scheduling", editor, ProjectState(), ProjectState())
    assert Specialty.objects.get().specialty_name == "Renamed"


def _long(editor):
    if connection.vendor == "mysql":
        editor.execute("DO SLEEP(1.6)")
    else:
        time.sleep(1.6)


@pytest.mark.mariadb
def test_a_slow_statement_of_a_request_is_cut_off():
    with deadline.within(30), pytest.raises(OperationalError) as cut, connection.cursor() as cursor:
        cursor.execute("SELECT SLEEP(3)")
    assert cut.value.args[0] == 2013


@pytest.mark.mariadb
def test_the_session_of_a_request_has_them_and_keeps_the_mode():
    def waits():
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT @@innodb_lock_wait_timeout, @@lock_wait_timeout, @@sql_mode")
            return cursor.fetchone()

    with deadline.within(30):
        innodb, metadata, mode = waits()
    assert (innodb, metadata) == (1, 1)
    innodb, metadata, same = waits()
    assert innodb > 1
    assert metadata > 1
    assert mode == same
    assert "STRICT_TRANS_TABLES" in mode


def test_nothing_is_asked_after_the_deadline():
    with deadline.within(0.05):
        time.sleep(0.06)
        with pytest.raises(DeadlineOver):
            Specialty.objects.exists()
    assert not Specialty.objects.exists()


def test_a_request_that_met_an_outage_asks_nothing_more():
    with deadline.within(30) as serving:
        serving.met = OperationalError(2002, "Can't connect")
        with pytest.raises(DeadlineOver):
            Specialty.objects.exists()


def test_attempts_end_with_the_deadline_and_go_on_until_then(monkeypatch):
    monkeypatch.setattr(transactions, "LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(deadline, "SHORTEST", 0.05)
    runs = []

    @in_one_transaction
    def action():
        runs.append(1)
        raise OperationalError(2003, "Can't connect")

    with deadline.within(0.5), pytest.raises(OperationalError):
        action()
    assert len(runs) > transactions.ATTEMPTS  # a cluster takes seconds to change its writer
    runs.clear()
    with pytest.raises(OperationalError):
        action()
    assert len(runs) == transactions.ATTEMPTS


def test_a_probe_sees_that_nobody_can_write():
    if connection.vendor == "mysql":
        with closing(another_connection()) as other:
            other.query("FLUSH TABLES WITH READ LOCK")
            assert probe.ask() is Reason.LOCKED
    else:
        with Held(2.5):
            assert probe.ask() is Reason.LOCKED
    assert probe.ask() is None
