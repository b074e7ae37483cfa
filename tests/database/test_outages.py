import sqlite3

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError

from scheduling.database import outages
from scheduling.database.deadline import DeadlineOver
from scheduling.database.journal import MINUTE, RECENT, Journal
from scheduling.database.outages import Reason

pytestmark = pytest.mark.once


def of_sqlite(name, message="odd words"):
    error, cause = OperationalError(message), sqlite3.OperationalError(message)
    cause.sqlite_errorname = name
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OperationalError(2002, "Can't connect through socket (2)"), Reason.AWAY),
        (OperationalError(2002, "Can't connect through socket (11)"), Reason.HUNG),
        (OperationalError(2003, "Can't connect to server on 'db' (110)"), Reason.HUNG),
        (OperationalError(2006, "Server has gone away"), Reason.AWAY),
        (OperationalError(1040, "Too many connections"), Reason.AWAY),
        (OperationalError(1047, "WSREP has not yet prepared node"), Reason.AWAY),
        (OperationalError(1205, "Lock wait timeout exceeded"), Reason.LOCKED),
        (OperationalError(1213, "Deadlock found"), Reason.LOCKED),
        (OperationalError(1290, "running with the --read-only option"), Reason.READ_ONLY),
        (OperationalError(1836, "Running in read-only mode"), Reason.READ_ONLY),
        (OperationalError(1021, "Disk full"), Reason.FULL),
        (OperationalError(1114, "The table is full"), Reason.FULL),
        (OperationalError(1030, "Got error 28 from storage engine"), Reason.FULL),
        (OperationalError(3024, "maximum statement execution time exceeded"), Reason.HUNG),
        (DeadlineOver(), Reason.HUNG),
        (of_sqlite("SQLITE_BUSY"), Reason.LOCKED),
        (of_sqlite("SQLITE_BUSY_SNAPSHOT"), Reason.LOCKED),
        (of_sqlite("SQLITE_READONLY_DBMOVED"), Reason.READ_ONLY),
        (of_sqlite("SQLITE_FULL"), Reason.FULL),
        (of_sqlite("SQLITE_CANTOPEN"), Reason.AWAY),
        (OperationalError("database is locked"), Reason.LOCKED),
        (OperationalError("database or disk is full"), Reason.FULL),
    ],
)
def test_an_outage_has_one_word(error, reason):
    assert outages.reason(error) is reason


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError(1062, "Duplicate entry"),
        ProgrammingError(1146, "Table doesn't exist"),
        OperationalError("no such table: claims"),
        OperationalError(1054, "Unknown column"),
        ValueError("database is locked"),
    ],
)
def test_a_fault_of_ours_is_no_outage(error):
    assert outages.reason(error) is None


def test_a_connection_that_was_waited_for_in_vain_is_hung():
    lost = OperationalError(2013, "Lost connection to server during query")
    assert outages.reason(lost, waited=0.2) is Reason.AWAY
    assert outages.reason(lost, waited=5.0) is Reason.HUNG


@pytest.mark.parametrize(("free", "reason"), [(1000, Reason.FULL), (10**9, Reason.AWAY)])
def test_an_input_output_error_is_of_a_full_disk_where_it_is_full(monkeypatch, free, reason):
    monkeypatch.setattr(outages.shutil, "disk_usage", lambda _folder: type("Usage", (), {"free": free}))
    assert outages.reason(of_sqlite("SQLITE_IOERR_WRITE")) is reason


def test_what_may_be_tried_again_and_what_may_have_been_done():
    lost, away = OperationalError(2013, "Lost"), OperationalError(2003, "Can't connect")
    assert (outages.is_lost(lost), outages.is_lost(away)) == (True, True)
    assert (outages.loses_the_answer(lost), outages.loses_the_answer(away)) == (True, False)
    assert outages.is_conflict(OperationalError("database is locked"))
    assert not outages.is_conflict(OperationalError(1290, "read-only"))


def test_an_outage_is_told_once_a_minute_and_believed_for_a_moment():
    journal = Journal()
    assert journal.lasts(1000.0) is None
    assert [journal.met(Reason.AWAY, at) for at in (1000.0, 1001.0, 1001.0 + MINUTE)] == [True, False, True]
    assert journal.met(Reason.FULL, 1062.0)  # another cause has a line of its own
    assert journal.lasts(1063.0) is Reason.FULL
    assert journal.lasts(1062.0 + RECENT) is None
