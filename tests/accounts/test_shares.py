"""What a server has of a key's minute: counted out to all its processes, whatever ends them."""

import os
import signal

import pytest

from accounts.shares import Holder, Share, Shares
from tests.booking.together import WORKERS, run_together

MINUTE = 29_000_000
WEBSITE, KIOSK = Holder(key=7, mark=2**64 - 1, limit=300), Holder(key=8, mark=5, limit=300)


@pytest.fixture
def shares():
    return Shares()


def test_it_is_counted_out_once_and_to_its_key_alone(shares):
    assert shares.spend(WEBSITE, MINUTE) is None
    assert shares.add(WEBSITE, MINUTE, 2) == 2
    assert shares.spend(KIOSK, MINUTE) is None
    assert shares.spend(WEBSITE._replace(mark=5), MINUTE) is None
    assert shares.spend(WEBSITE._replace(limit=600), MINUTE) is None
    assert [shares.spend(WEBSITE, MINUTE) for _ in range(3)] == [Share(MINUTE, 1), Share(MINUTE, 0), None]


def test_it_is_good_for_its_minute_and_for_a_clock_that_is_one_behind(shares):
    shares.add(WEBSITE, MINUTE, 9)
    assert shares.spend(WEBSITE, MINUTE - 2) is shares.spend(WEBSITE, MINUTE + 1) is None
    assert [shares.spend(WEBSITE, MINUTE - 1), shares.spend(WEBSITE, MINUTE)] == [(MINUTE, 8), (MINUTE, 7)]


def test_more_of_the_same_minute_is_added_and_another_begins_anew(shares):
    assert [shares.add(WEBSITE, MINUTE, 3), shares.add(WEBSITE, MINUTE, 3)] == [3, 6]
    assert shares.add(WEBSITE, MINUTE + 1, 2) == 2
    assert (shares.has_room(WEBSITE, MINUTE), shares.add(WEBSITE, MINUTE, 9)) == (False, 0)  # came late
    assert shares.spend(WEBSITE, MINUTE + 1) == (MINUTE + 1, 1)
    assert shares.add(WEBSITE, MINUTE - 60, 4) == 4  # a clock was put back


def test_a_place_is_its_keys_until_the_minute_is_over_or_all_is_gone(shares):
    other = Holder(WEBSITE.key + 1024, mark=9, limit=300)
    shares.add(WEBSITE, MINUTE, 1)
    assert (shares.has_room(other, MINUTE), shares.add(other, MINUTE, 3)) == (False, 0)
    assert shares.has_room(other, MINUTE + 1)
    shares.spend(WEBSITE, MINUTE)
    assert (shares.has_room(other, MINUTE), shares.add(other, MINUTE, 3)) == (True, 3)
    assert shares.spend(WEBSITE, MINUTE) is None


def test_processes_and_threads_count_out_the_same_share(shares):
    shares.add(WEBSITE, MINUTE, 3 * WORKERS)
    given = run_together(lambda *_: shares.spend(WEBSITE, MINUTE), 4)
    left = sorted(share.left for _, _, share in given if share is not None)
    assert left == list(range(3 * WORKERS))


def test_without_the_lock_some_would_be_given_twice(shares, monkeypatch):
    write = shares._write

    def slowly(*what):
        os.sched_yield()
        write(*what)

    monkeypatch.setattr(shares, "_write", slowly)
    monkeypatch.setattr("accounts.shares.fcntl.lockf", lambda *_: None)
    shares.add(WEBSITE, MINUTE, 100 * WORKERS)
    given = run_together(lambda *_: shares.spend(WEBSITE, MINUTE), 40)
    # A number that another process is writing may be read as 0, and that request then gets nothing.
    left = [share.left for _, _, share in given if share is not None]
    assert len(set(left)) < len(left)


def test_a_process_that_is_killed_while_it_counts_keeps_nobody_waiting(shares):
    shares.add(WEBSITE, MINUTE, 9)
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        with shares._held():
            os.write(tells, b".")
            signal.pause()
    os.read(told, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert shares.spend(WEBSITE, MINUTE) == (MINUTE, 8)
