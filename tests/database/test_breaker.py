"""Refusing begins when a probe has failed for a while, and ends by itself."""

import time

import pytest

from scheduling.database import breaker as module
from scheduling.database import probe
from scheduling.database.breaker import Breaker
from scheduling.database.outages import Reason

pytestmark = pytest.mark.once
SOON = 20  # seconds; a busy machine


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.01)
    monkeypatch.setattr(module, "PATIENCE", 0.05)


class Database:
    """`found` is what a probe finds; None while all is well."""

    def __init__(self, found):
        self.found, self.asked = found, 0

    def ask(self):
        self.asked += 1
        return self.found


def until(condition):
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_an_error_of_one_request_refuses_nobody():
    database = Database(None)
    breaker = Breaker(database.ask)
    breaker.suspect()
    breaker.wait(SOON)
    assert database.asked == 1
    assert breaker.refusal(writes=True) is None


@pytest.mark.parametrize(
    ("found", "reading"), [(Reason.AWAY, Reason.AWAY), (Reason.HUNG, Reason.HUNG), (Reason.LOCKED, None)]
)
def test_what_lasts_is_refused_until_it_ends(found, reading):
    database = Database(found)
    breaker = Breaker(database.ask)
    breaker.suspect()
    assert breaker.refusal(writes=True) is None  # not before it was looked at
    until(lambda: breaker.refusal(writes=True))
    assert breaker.refusal(writes=True) is found
    assert breaker.refusal(writes=False) is reading
    database.found = None
    breaker.wait(SOON)
    assert breaker.refusal(writes=True) is None


def test_one_thread_looks_however_many_suspect():
    database = Database(Reason.AWAY)
    breaker = Breaker(database.ask)
    breaker.suspect()
    first = breaker._watcher
    for _ in range(50):
        breaker.suspect()
    assert breaker._watcher is first
    database.found = None
    breaker.wait(SOON)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_database_that_is_there_can_serve():
    assert probe.ask() is None
