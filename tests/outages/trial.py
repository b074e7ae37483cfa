"""One outage: 20 clients book under gunicorn with its real configuration while it begins, lasts and ends."""

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests import environment
from tests.cluster.clients import Log, run
from tests.cluster.trial import env_of, manage
from tests.outages import databases
from tests.outages.clients import Desk, Program, Watch
from tools.server import serving

PROGRAMS, DESKS = 10, 10
WORKERS = 5  # as gunicorn.conf.py has it on two cores
LONGEST = 15.0  # seconds of any request
ALIVE = 1.0  # of /healthz
BACK = 5.0  # from the end of the outage to the first booking
BEFORE, AFTER = 2.0, 6.0  # seconds
FINE = {200, 201, 302, 409, 422, 503}
PLAIN = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]


@dataclass(frozen=True)
class Outage:
    """`room`: it needs a small disk. `kills`: connections may break, `renews`: workers may be replaced."""

    kind: str
    cause: object
    word: str = ""
    room: str = ""
    kills: bool = False
    renews: bool = False
    plain: bool = False


def tried(outage, seconds, *, after=AFTER, clients=PROGRAMS + DESKS, patience=1):
    """(figures, faults); raises `Skipped` where it cannot be tried. `patience`: how many times the seconds
    of each bar are given, on a machine that does other things."""
    with ExitStack() as stack:
        parent = environment.IN_MEMORY if outage.kind == "sqlite" or outage.room else None
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-outage-", dir=parent))
        if outage.room:
            folder = stack.enter_context(databases.small_disk(folder, outage.room))
        if outage.kind == "sqlite":
            database = databases.SQLite(folder)
        else:
            database = stack.enter_context(databases.mariadb_in(folder))
        known = json.loads(manage(database.url, "-m", "tests.cluster.clinic", whole=True).splitlines()[-1])
        env = env_of(database.url) | {"CONN_MAX_AGE": "0" if outage.plain else "60"}
        python = _plain(Path(folder)) if outage.plain else sys.executable
        with serving(python, env, workers=WORKERS) as server:
            return _watched(outage, seconds, after, clients, database, server, known, patience)


def _watched(outage, seconds, after, count, database, server, known, patience):
    log = Log()
    half = count // 2
    clients = [Program(server.address, known, log, seed) for seed in range(count - half)]
    clients += [Desk(server.address, known, log, seed) for seed in range(count - half, count)]
    for client in clients[count - half :]:
        client.sign_in()
    before, over = workers_of(server.pid), threading.Event()
    watch = Watch(server.address, log)
    threads = run([(client, client.act) for client in clients], over.is_set)
    time.sleep(BEFORE)
    begun = time.monotonic()
    with _cause(outage, database, server):
        watch.lasts.set()
        time.sleep(seconds)
        watch.lasts.clear()
        ended = time.monotonic()
    time.sleep(after)
    over.set()
    for thread in threads:
        thread.join(60)
    watch.end()
    figures = {
        "back": min((at - ended for at in log.writes if at > ended), default=float("inf")),
        "longest": log.longest,
        "healthz": watch.longest,
        "words": sorted(watch.words),
        "answers": {f"{what} {status}": n for (what, status), n in sorted(log.statuses.items())},
        "acknowledged": len(log.booked),
        "meanwhile": len([at for at in log.writes if begun < at < ended]),
        "log": server.complaints(),
        "slowest": dict(log.slowest),
        "slow": watch.slow,  # when /healthz took long: seconds from the beginning, and for how many
    }
    faults = (
        [f"{sum(t.is_alive() for t in threads)} clients still wait"]
        if any(thread.is_alive() for thread in threads)
        else []
    )
    faults += _too_slow(outage, figures, patience) + _faults(outage, figures, log)
    if not outage.renews and workers_of(server.pid) != before:
        faults.append("a process was lost")
    return figures, faults + stored(database, log)


@contextmanager
def _cause(outage, database, server):
    if outage.cause is not None:
        with outage.cause(database):
            yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_kill_workers, args=(server.pid, over), daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


def _kill_workers(master, over):
    while not over.wait(0.7):
        with suppress(OSError, IndexError):
            os.kill(random.choice(workers_of(master)), signal.SIGKILL)


def _too_slow(outage, figures, patience):
    faults = []
    if figures["longest"] > LONGEST * patience:
        faults.append(f"a request waited for {figures['longest']:.1f} s")
    if figures["healthz"] > ALIVE * patience and not outage.renews:
        faults.append(f"/healthz took {figures['healthz']:.1f} s")
    if figures["back"] > BACK * patience:
        faults.append(f"the first booking came {figures['back']:.1f} s after the end")
    return faults


def _faults(outage, figures, log):
    faults = []
    if outage.word and outage.word not in figures["words"]:
        faults.append(f"/readyz said {figures['words']}, never {outage.word}")
    for (what, status), count in sorted(log.statuses.items()):
        broken = status == 0 and outage.renews
        if what != "readyz" and status not in FINE and not broken:
            faults.append(f"{what} was answered with {status or 'a broken connection'}, {count} times")
    if any("Traceback" in line for line in figures["log"]):
        faults.append("a traceback in the log")
    return faults


def stored(database, log):
    """What is not as it was acknowledged."""
    found = json.loads(manage(database.url, "-m", "tests.outages.verdict", whole=True).splitlines()[-1])
    faults = []
    if lost := set(log.booked) - set(found["uuids"]):
        faults.append(f"{len(lost)} acknowledged bookings are lost")
    if found["doubled"]:
        faults.append(f"{found['doubled']} visits at one time")
    try:
        manage(database.url, "check_schedule")
    except RuntimeError as error:
        faults.append(str(error))
    return faults


def workers_of(master):
    return sorted(map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split()))


def _plain(folder):
    """Python for a process that root's power over files was taken from."""
    script = folder.parent / f"{folder.name}-python"
    script.write_text(f'#!/bin/sh\nexec {" ".join(PLAIN)} {sys.executable} "$@"\n')
    script.chmod(0o755)
    return script
