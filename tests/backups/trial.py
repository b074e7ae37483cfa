"""The drill: a backup while clients book, restored elsewhere, and compared with what was acknowledged."""

import json
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests import environment
from tests.backups.elsewhere import create, stored
from tests.cluster.clients import Log, run
from tests.cluster.trial import env_of, manage
from tests.outages import databases
from tests.outages.clients import Desk, Program
from tools.server import serving

WORKERS = 3


def drilled(kind, *, seconds, clients=10, backups=1):
    """(figures, faults). `kind`: sqlite or mariadb; `seconds` of booking before, and after each backup."""
    with ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="clinic-drill-", dir=environment.IN_MEMORY)
        )
        if kind == "sqlite":
            database = databases.SQLite(folder)
            elsewhere = f"sqlite:///{folder}/elsewhere.sqlite3"
        else:
            database = stack.enter_context(databases.mariadb_in(folder))
            create(str(database.socket), "elsewhere")
            database.say("GRANT ALL ON `elsewhere`.* TO site@localhost")
            elsewhere = database.url.replace("/clinic?", "/elsewhere?")
        known = json.loads(manage(database.url, "-m", "tests.cluster.clinic", whole=True).splitlines()[-1])
        log = Log()
        with serving(sys.executable, env_of(database.url), workers=WORKERS) as server:
            numbers = {"seconds": seconds, "clients": clients, "backups": backups}
            made = _backed_up(database, server, known, Path(folder), log, **numbers)
        figures = {"answers": {f"{what} {status}": n for (what, status), n in sorted(log.statuses.items())}}
        faults = list(log.failures)
        for number, backup in enumerate(made):
            begun = time.monotonic()
            manage(elsewhere, "restore", str(backup.path), *(["--replace", "--no-input"] if number else []))
            found = stored(elsewhere)
            faults += compared(backup, found, log)
            figures[backup.path.name] = {
                "seconds": round(backup.ended - backup.begun, 1),
                "seconds to restore": round(time.monotonic() - begun, 1),
                "bytes": backup.path.stat().st_size,
                "acknowledged before it, in it, in all": (
                    len(backup.before),
                    len(found["uuids"]),
                    len(log.booked),
                ),
            }
        return figures, faults


@dataclass
class Made:
    """A backup that was made while clients booked."""

    path: Path
    begun: float
    ended: float  # seconds, as the log has them
    before: set  # the uuids that were acknowledged before it began


def _backed_up(database, server, known, folder, log, *, seconds, clients, backups):
    """Clients book all the while."""
    made, over, half = [], threading.Event(), clients // 2
    programs = [Program(server.address, known, log, seed) for seed in range(clients - half)]
    desks = [Desk(server.address, known, log, seed) for seed in range(clients - half, clients)]
    for client in desks:
        client.sign_in()
    threads = run([(client, client.act) for client in programs + desks], over.is_set)
    for number in range(backups):
        time.sleep(seconds)
        path, begun, before = folder / f"backup-{number}.zip", time.monotonic(), set(log.booked)
        manage(database.url, "backup", str(path))
        made.append(Made(path, begun, time.monotonic(), before))
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join(60)
    return made


def compared(backup, found, log):
    """What is wrong with what was restored: of what was acknowledged before the backup began all is in it,
    and of what was asked for after it had ended nothing."""
    faults, restored = [], set(found["uuids"])
    later = {uuid for uuid, at in log.asked.items() if at > backup.ended}
    if lost := backup.before - restored:
        faults.append(f"{len(lost)} bookings that were acknowledged before it began are not in the backup")
    if strange := restored & later:
        faults.append(f"{len(strange)} bookings that were asked for after it ended are in the backup")
    if found["doubled"]:
        faults.append(f"{found['doubled']} visits at one time in the backup")
    if not backup.before or not later & set(log.booked):
        faults.append("nobody booked before it, or after it")
    return faults
