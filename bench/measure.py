"""Fills one empty database, and measures every row on it."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from bench import (
    booking,
    booking_over_http,
    clinic,
    fill,
    full,
    full_over_http,
    messages,
    over_http,
    programs,
    reading,
    served,
    size,
)
from bench.clinic import Shape
from bench.floor import floor, plain_table
from bench.rows import Bench, Result, in_order
from scheduling.clock import clinic_zone

# These modules are imported for the rows that they register.
SOURCES = (reading, booking, messages, full, served, programs, over_http, booking_over_http, full_over_http)
BYTES = "bytes on disk per appointment"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.inside")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # servers are stopped on the way
    call_command("migrate", verbosity=0)
    told = measure(Shape(asked.size), rounds=asked.rounds, seconds=asked.seconds, only=asked.only)
    asked.out.write_text(json.dumps(told))


def measure(shape: Shape, *, rounds: int, seconds: float, only: str = "") -> dict[str, Any]:
    """Run every row whose name has `only` in it; gives what `report` makes a table of."""
    began, began_cpu = time.perf_counter(), time.process_time()
    fill.staff(shape, clinic_zone())
    before = size.bytes_stored()
    fill.appointments(list(clinic.visits(shape, clinic_zone())))
    filled, of_it_here = time.perf_counter() - began, time.process_time() - began_cpu
    _say(f"  filled in {filled:.0f} s, {of_it_here:.0f} s of it on a processor here")
    on_disk = size.per_appointment(before, size.bytes_stored(), shape.appointments)
    results = [Result(BYTES, on_disk, unit="B")]
    with plain_table(), floor() as opened, ExitStack() as kept:
        bench = Bench(shape, clinic_zone(), opened, kept, rounds=rounds, seconds=seconds)
        for name, function in in_order(SOURCES):
            if only in name:
                results.append(function(bench))
                _say(f"  {name}: {results[-1].work.median:.2f} {results[-1].unit}")
    return {
        "database": engine(),
        "appointments": shape.appointments,
        "doctors": shape.doctors,
        "patients": shape.patients,
        "filled_in_seconds": round(filled, 1),
        "of_these_on_a_processor": round(of_it_here, 1),  # the rest: server, disk, other work of the machine
        "rows": [result.as_json() for result in results],
    }


def engine() -> str:
    """Name, version, and how commits are kept."""
    version = ".".join(str(part) for part in connection.get_database_version())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            (journal,) = cursor.fetchone()
            cursor.execute("PRAGMA synchronous")
            (synchronous,) = cursor.fetchone()
            return f"SQLite {version}, {journal}, synchronous {('off', 'normal', 'full')[synchronous]}"
        cursor.execute("SELECT @@innodb_flush_log_at_trx_commit, @@innodb_buffer_pool_size DIV 1048576")
        flush, pool = cursor.fetchone()
        name = "MariaDB" if getattr(connection, "mysql_is_mariadb", False) else "MySQL"
        return f"{name} {version}, flush at commit {flush}, buffer pool {pool} MB"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
