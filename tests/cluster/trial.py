"""The trials of `make cluster`, each with its verdict: a list of what was wrong, empty where nothing was."""

import json
import os
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from tests import environment
from tests.cluster.clients import Client, Log, run
from tests.cluster.nodes import Cluster
from tests.cluster.proxy import Proxy
from tests.forked import Forked
from tools.server import serving
from tools.starting import ROOT

BOOKING, MOVING, MANAGING = 9, 6, 3  # clients
WRITES_BACK = 3.0  # seconds without a write, at most, after the writer's death
FINE = {
    "book": {200, 201, 409, 503},
    "move": {200, 409, 503},
    "hours": {302, 409, 422, 503},
    "sign in": {200, 302},
}
OVERLAPS = """
SELECT COUNT(*) FROM appointments a JOIN appointments b ON a.id < b.id AND a.doctor_id = b.doctor_id
AND a.status NOT IN ('cancelled', 'no_show', 'entered_in_error')
AND b.status NOT IN ('cancelled', 'no_show', 'entered_in_error')
AND a.appointment_datetime < b.appointment_datetime + INTERVAL b.minutes MINUTE
AND b.appointment_datetime < a.appointment_datetime + INTERVAL a.minutes MINUTE
"""
DOUBLED_HOURS = """
SELECT COUNT(*) FROM extra_hours a JOIN extra_hours b ON a.id < b.id AND a.doctor_id = b.doctor_id
AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
"""

_forked = Forked()


@contextmanager
def cluster(size=3):
    """The nodes, what clients have to know of the clinic, and a folder."""
    with tempfile.TemporaryDirectory(prefix="clinic-cluster-", dir=environment.IN_MEMORY) as name:
        folder = Path(name)
        with Cluster(folder, size) as nodes:
            told = manage(nodes[0].url, "-m", "tests.cluster.clinic", whole=True)
            yield nodes, json.loads(told.splitlines()[-1]), folder


def env_of(url):
    values = environment.values("/nonexistent", url)
    values |= {"API_BOOKINGS_A_MINUTE": "1000000", "CONN_MAX_AGE": "60", "CACHE_URL": "locmemcache://"}
    own = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    return own | values


def in_a_fork(url, *command):
    return _forked.run(list(command), cwd=ROOT, env=env_of(url))


def manage(url, *arguments, whole=False):
    """What a command prints; raises where it fails."""
    done = in_a_fork(url, *([] if whole else ["manage.py"]), *arguments)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


def a_writer_dies(seconds):
    """18 clients book, move and change hours; the writer is killed, and later joins again."""
    log = Log()
    with cluster() as (nodes, known, folder), Proxy(folder, nodes) as proxy:
        with serving(sys.executable, env_of(proxy.url), workers=2) as server:
            over = threading.Event()
            everybody = range(BOOKING + MOVING + MANAGING)
            clients = [Client(server.address, known, log, seed, movers=MOVING) for seed in everybody]
            for client in clients[BOOKING + MOVING :]:
                client.sign_in()
            acts = [
                *((client, client.book) for client in clients[:BOOKING]),
                *((client, client.move) for client in clients[BOOKING : BOOKING + MOVING]),
                *((client, client.extra_hours) for client in clients[BOOKING + MOVING :]),
            ]
            threads = run(acts, over.is_set)
            time.sleep(seconds / 3)
            killed = time.monotonic()
            nodes[0].kill()
            time.sleep(seconds / 3)
            nodes[0].start(after_a_crash=True)
            time.sleep(seconds / 3)
            over.set()
            for thread in threads:
                thread.join(60)
            alive = len([thread for thread in threads if thread.is_alive()])
        gap = longest_pause(log.writes, since=killed)
        faults = [f"{alive} clients still wait"] if alive else []
        faults += [] if gap <= WRITES_BACK else [f"no write for {gap:.1f} s (at most {WRITES_BACK:.0f})"]
        faults += unexpected(log) + [fault for node in nodes for fault in lost(node, log)]
        met = conflicts(nodes)
    figures = {
        "answers": {f"{what} {status}": count for (what, status), count in sorted(log.statuses.items())},
        "acknowledged writes": len(log.writes),
        "longest pause of writes": round(gap, 2),
        "longest wait": round(log.longest, 2),
        "conflicts between nodes": met,
    }
    return figures, faults


def longest_pause(writes, *, since):
    """Between one acknowledged write and the next: the first of them may have been on its way already."""
    moments = [since, *sorted(at for at in writes if at > since)]
    if len(moments) == 1:
        return float("inf")
    return max(later - earlier for earlier, later in pairwise(moments))


def conflicts(nodes):
    """How often nodes had to give way to each other: at certification, and while a statement ran."""
    counters = ("wsrep_local_cert_failures", "wsrep_local_bf_aborts")
    return sum(int(node.status(counter) or 0) for node in nodes for counter in counters)


def unexpected(log):
    """Answers that nobody should get."""
    faults = [
        f"{what} was answered with {status or 'a broken connection'}, {count} times"
        for (what, status), count in sorted(log.statuses.items())
        if status not in FINE[what]
    ]
    return faults + log.failures[:5]


def lost(node, log):
    """What a node does not hold of what was acknowledged, and what it holds twice."""
    faults = []
    if (doubled := node.query(f"USE clinic; {OVERLAPS}")) != "0":
        faults.append(f"{node.name}: {doubled} pairs of visits at one time")
    if (doubled := node.query(f"USE clinic; {DOUBLED_HOURS}")) != "0":
        faults.append(f"{node.name}: {doubled} pairs of extra hours at one time")
    rows = node.query("USE clinic; SELECT uuid, version FROM appointments").splitlines()
    versions = {uuid: int(version) for uuid, version in (row.split("\t") for row in rows)}
    gone = [uuid for uuid, (version, _start) in log.booked.items() if versions.get(uuid, 0) < version]
    hours = set(node.query("USE clinic; SELECT uuid FROM extra_hours").splitlines())
    gone += [uuid for uuid in log.hours if uuid not in hours]
    if gone:
        faults.append(f"{node.name}: {len(gone)} acknowledged changes are lost")
    try:
        manage(node.url, "check_schedule")
    except RuntimeError as error:
        faults.append(f"{node.name}: {error}")
    return faults
