"""Bring the database down in every way while 20 clients book; exits with 1 after a fault."""

import argparse
import sys

from tests.outages import databases as how
from tests.outages.trial import Outage, tried

OUTAGES = {
    "server stopped": Outage("mariadb", how.stopped, "away"),
    "server hung (SIGSTOP)": Outage("mariadb", how.hung, "hung"),
    "FLUSH TABLES WITH READ LOCK": Outage("mariadb", how.all_read_locked, "locked"),
    "one table locked": Outage("mariadb", how.table_locked),
    "server read-only": Outage("mariadb", how.server_read_only, "read_only"),
    "server's disk full": Outage("mariadb", how.disk_full, room=how.ROOM["mariadb"]),
    "server killed": Outage("mariadb", how.killed, "away"),
    "workers killed": Outage("mariadb", None, renews=True),
    "SQLite locked": Outage("sqlite", how.file_locked, "locked"),
    "SQLite's disk full": Outage("sqlite", how.disk_full, "full", room=how.ROOM["sqlite"]),
    "SQLite read-only": Outage("sqlite", how.file_read_only, "read_only", plain=True),
    "workers killed, on SQLite": Outage("sqlite", None, renews=True),
}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.outages", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="how long each outage lasts (30)")
    parser.add_argument("--only", default="", help="a part of the name of the outage")
    parser.add_argument("--verbose", action="store_true", help="print all answers and the server's log")
    asked = parser.parse_args()
    failed = False
    print(f"{'':30} longest /healthz  back  acknowledged  /readyz, lines in the log")
    for name, outage in OUTAGES.items():
        if asked.only not in name:
            continue
        try:
            figures, faults = tried(outage, asked.seconds)
        except how.Skipped as why:
            print(f"{name:30} skipped: {why}")
            continue
        print(
            f"{name:30} {figures['longest']:5.1f} s {figures['healthz']:6.2f} s {figures['back']:5.1f} s"
            f" {figures['acknowledged']:6} ({figures['meanwhile']:4})  {', '.join(figures['words'])},"
            f" {len(figures['log'])}",
            flush=True,
        )
        if asked.verbose:
            print(figures["answers"], figures["slow"], figures["slowest"], *figures["log"][:40], sep="\n   ")
        for fault in faults:
            print(f"   FAULT {fault}", flush=True)
        failed |= bool(faults)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
