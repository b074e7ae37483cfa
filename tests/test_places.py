"""Workers of gunicorn that count together: what one of them answers is of all, and of those before them."""

import os
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from appointments_site import places
from tools.server import serving

pytestmark = pytest.mark.once
TOKEN = "kCq5mVzR8sWn2tYb7xLp"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(places.FOLDER, str(tmp_path / "numbers"))
    monkeypatch.setattr(places, "_taken", set())
    return tmp_path / "numbers"


def test_a_folder_that_is_named_is_made_and_emptied_of_numbers_alone(folder):
    make_folder = places.make_folder.__wrapped__
    make_folder()
    for name in ("counter_place0.db", "notes.txt"):
        (folder / name).write_text("x")
    make_folder()
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_worker_takes_the_first_free_place(folder):
    folder.mkdir()
    workers = [SimpleNamespace() for _ in range(4)]
    for worker in workers[:3]:
        places.pre_fork(None, worker)
    gauge = folder / "gauge_livemax_place1.db"
    gauge.write_text("x")
    places.child_exit(None, workers[1])
    assert not gauge.exists()  # what it said of itself ends with it
    places.pre_fork(None, workers[3])
    assert [worker.place for worker in workers] == [0, 1, 2, 1]


@pytest.fixture
def server(tmp_path):
    env = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3", "METRICS_TOKEN": TOKEN}
    env[places.FOLDER] = str(tmp_path / "numbers")
    with serving(sys.executable, env, workers=2) as started:
        yield started


def numbers(server):
    with urlopen(Request(f"{server.address}/metrics", headers=BEARER)) as answer:
        return answer.read().decode()


def missed(server):
    found = re.search(
        r'clinic_requests_total\{method="GET",page="none",status="404"\} (\S+)', numbers(server)
    )
    return float(found[1]) if found else 0


def ask_for_nothing(server, times):
    for _ in range(times):
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{server.address}/nowhere/")
        refused.value.close()


def ask_until_both_have_counted(server, folder):
    """How often it was asked. One after the other, one worker may answer all: the other has no files then."""
    asked = 0

    def both():
        nonlocal asked
        with ThreadPoolExecutor(4) as clients:
            list(clients.map(lambda _: ask_for_nothing(server, 5), range(4)))
        asked += 20
        return all((folder / f"counter_place{place}.db").exists() for place in range(2))

    until(both)
    return asked


def workers_of(server):
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def end_all_workers(server):
    before = workers_of(server)
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGTERM)
    until(lambda: len(set(workers_of(server)) - set(before)) == 2)


def until(there):
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_settings_that_are_loaded_anew_empty_nothing(server):
    ask_for_nothing(server, 5)
    before = set(workers_of(server))
    os.kill(server.pid, signal.SIGHUP)
    until(lambda: len(now := set(workers_of(server))) == 2 and not now & before)
    ask_for_nothing(server, 5)
    assert missed(server) == 10
    assert not any("Traceback" in line for line in server.lines())


def test_workers_count_together_and_go_on_where_one_ended(server, tmp_path):
    asked = ask_until_both_have_counted(server, tmp_path / "numbers")
    assert [missed(server) for _ in range(5)] == [asked] * 5  # whichever worker is asked
    names = {path.name for path in (tmp_path / "numbers").iterdir()}
    end_all_workers(server)
    ask_for_nothing(server, 10)
    assert missed(server) == asked + 10
    assert {path.name for path in (tmp_path / "numbers").iterdir()} == names
    assert not any("Traceback" in line for line in server.lines())
