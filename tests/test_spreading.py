"""A new connection goes to a worker that holds fewest, whoever wakes first, and to any where that one does
not come. Two workers of gunicorn's, on one socket, are made to look one after the other."""

import os
import selectors
import socket
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from appointments_site import places, spreading, worker
from appointments_site.spreading import AWAKE, PLACES, Held
from appointments_site.worker import Worker

pytestmark = pytest.mark.once


class Looked(Worker):
    """Looks around when it is told to; what it takes, it keeps."""

    def __init__(self, place, listener):
        config = Config()
        config.set("threads", 4)
        super().__init__(0, os.getpid(), [listener], None, 30, config, None)
        self.place, self.taken, self.poller = place, [], selectors.DefaultSelector()
        self.look()

    def enqueue_req(self, conn):
        self.taken.append(conn)

    def look(self):
        self.set_accept_enabled(True)
        self.wait_for_and_dispatch_events(0)

    def wait_no_longer(self):
        self.gives_way_until = 0.0

    def close(self):
        for conn in self.taken:
            conn.close()
        self.poller.close()
        self.tmp.close()


@pytest.fixture
def clinic(monkeypatch):
    """`connect()` comes to two workers, `quick` and `slow`: the quick one always looks first."""
    monkeypatch.setattr(spreading, "held", Held())
    monkeypatch.setattr(worker, "SPREADS", 3600)  # nobody's patience ends but by wait_no_longer
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        quick, slow = Looked(0, listener), Looked(1, listener)
        stack.callback(quick.close)
        stack.callback(slow.close)

        def connect(*lookers):
            stack.enter_context(socket.create_connection(listener.getsockname()))
            for each in lookers or (quick, slow):
                each.look()
            quick.wait_no_longer()
            slow.wait_no_longer()

        yield SimpleNamespace(connect=connect, quick=quick, slow=slow)


def numbers(clinic):
    return len(clinic.quick.taken), len(clinic.slow.taken)


def test_connections_are_spread_however_quick_one_worker_is(clinic):
    seen = []
    for _ in range(6):
        clinic.connect()
        seen.append(numbers(clinic))
    assert seen == [(1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3)]


def test_without_the_rule_the_quick_one_has_them_all(clinic, monkeypatch):
    monkeypatch.setattr(Held, "is_fewer_elsewhere", lambda *_: False)
    for _ in range(6):
        clinic.connect()
    assert numbers(clinic) == (6, 0)


def test_who_gave_way_in_vain_takes_it_all_the_same(clinic):
    clinic.connect(clinic.quick)
    clinic.connect(clinic.quick)
    assert numbers(clinic) == (1, 0)
    clinic.quick.look()
    assert numbers(clinic) == (2, 0)


def test_nobody_waits_for_a_worker_that_sleeps_or_has_ended(clinic, monkeypatch):
    clinic.connect(clinic.quick)
    spreading.held.tell(1, 0, 1.0)
    clinic.connect(clinic.quick)
    assert numbers(clinic) == (2, 0)
    clinic.slow.look()
    clinic.connect(clinic.quick)
    assert numbers(clinic) == (2, 0)
    clinic.quick.look()
    monkeypatch.setattr(places, "_taken", {1})
    monkeypatch.setattr(places, "mark_process_dead", lambda _name: None)
    places.child_exit(None, clinic.slow)
    clinic.connect(clinic.quick)
    assert numbers(clinic) == (4, 0)


def test_fewer_is_fewer_than_mine_of_somebody_else_who_is_awake():
    held = Held()
    held.tell(0, 2, 100.0)
    held.tell(7, 2, 100.0)
    assert not held.is_fewer_elsewhere(0, 2, 100.0)
    assert held.is_fewer_elsewhere(0, 3, 100.0)
    assert not held.is_fewer_elsewhere(0, 3, 100.0 + AWAKE)
    held.tell(7, 3, 100.0)
    assert not held.is_fewer_elsewhere(0, 3, 100.0)


def test_workers_without_a_place_are_as_they_were():
    held = Held()
    held.tell(PLACES, 9, 100.0)
    assert not held.is_fewer_elsewhere(0, 10, 100.0)
    assert Worker.place == PLACES
