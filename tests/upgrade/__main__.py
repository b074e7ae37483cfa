"""Run the code of the release before on a database that this one has migrated: its own clients book, move and
change hours through its own server. Exits with 1 after a fault. Needs the repository's history."""

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests import environment
from tests.cluster.trial import env_of, manage
from tests.outages import databases
from tests.upgrade.released import COMMIT, VERSION
from tests.verdicts import told
from tools.starting import ROOT

# Run in the old tree: nothing of this one is read.
TRIAL = """
import json, sys, threading, time
from tests.cluster.clients import Client, Log, run
from tests.cluster.trial import env_of, manage
from tools.server import serving
url, known, seconds = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3])
log, over = Log(), threading.Event()
with serving(sys.executable, env_of(url), workers=2) as server:
    clients = [Client(server.address, known, log, seed, movers=2) for seed in range(6)]
    for client in clients[4:]:
        client.sign_in()
    acts = [client.book for client in clients[:2]] + [client.move for client in clients[2:4]]
    acts += [client.extra_hours for client in clients[4:]]
    threads = run(list(zip(clients, acts)), over.is_set)
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join(60)
    complaints = server.complaints()
answers = {f"{what} {status}": count for (what, status), count in sorted(log.statuses.items())}
print(json.dumps({"answers": answers, "failures": log.failures, "complaints": complaints[:20]}))
"""
FINE = {"200", "201", "302", "409", "422"}


def tried(kind, seconds):
    """What the old code answered, on the tables as this code's migrations leave them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=environment.IN_MEMORY)))
        if kind == "sqlite":
            database = databases.SQLite(folder)
        else:
            database = stack.enter_context(databases.mariadb_in(folder))
        known = manage(database.url, "-m", "tests.cluster.clinic", whole=True).splitlines()[-1]
        old = folder / "old"
        packed = subprocess.run(["git", "archive", COMMIT], cwd=ROOT, check=True, capture_output=True)
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(old, filter="data")
        command = [sys.executable, "-c", TRIAL, database.url, known, str(seconds)]
        env = env_of(database.url)
        done = subprocess.run(command, cwd=old, env=env, check=False, capture_output=True, text=True)
        schedule = subprocess.run(
            [sys.executable, "manage.py", "check_schedule"],
            cwd=old, env=env, check=False, capture_output=True, text=True,
        )  # fmt: skip
        return done, schedule


def judged(done, schedule):
    """(figures, faults) of what the old code did."""
    if done.returncode:
        return {}, [done.stderr[-2000:]]
    figures = json.loads(done.stdout)
    statuses = {answer.rpartition(" ")[2] for answer in figures["answers"]}
    faults = sorted(statuses - FINE) + figures["failures"] + figures["complaints"]
    return figures, faults + ([schedule.stderr[-500:]] if schedule.returncode else [])


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="how long on each database (10)")
    asked = parser.parse_args()
    failed = False
    for kind in ("sqlite", "mariadb"):
        failed |= told(f"{VERSION} on this version's tables, {kind}", *judged(*tried(kind, asked.seconds)))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
