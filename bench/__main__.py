"""`make bench`: fill a database of each kind and size, measure, print a table, write bench/latest.json.

make bench                              1, 10, 100 thousand and 1 million, on both databases
make bench ARGS="--sizes 10000"         only the small one
make bench ARGS="--database sqlite"     only one kind
make bench ARGS="--only search"         only rows with this in their name
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench import report
from tests import environment
from tools import mariadb
from tools.starting import ROOT, NotStarted

KINDS: Final = ["sqlite", "mariadb"]
SIZES: Final = [1_000, 10_000, 100_000, 1_000_000]
# At these sizes only the rows with this in their name.
ROWS_AT: Final = {1_000: "over HTTP", 100_000: "over HTTP"}
LATEST: Final = ROOT / "bench" / "latest.json"
# A small server's settings; commits are as durable as MariaDB makes them by default.
SERVER: Final = ("--innodb-buffer-pool-size=512M", "--innodb-log-file-size=512M")


def main() -> None:
    asked = _parse()
    # Databases of a million rows are removed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    runs = []
    with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder:
        for database in asked.database:
            for size in asked.sizes:
                print(f"{database}, {size:,} appointments", flush=True)
                runs.append(_measured(database, size, Path(folder), asked))
    report.compare(runs)
    print()
    print(report.table(runs))
    held, bars = report.held(runs)
    print(f"\n{held} of {bars} bars held.")
    if not asked.only and asked.database == KINDS and asked.sizes == SIZES:
        machine = {"python": platform.python_version(), "cores": os.cpu_count()}
        LATEST.write_text(json.dumps({"machine": machine, "runs": runs}, indent=1, ensure_ascii=False) + "\n")
        print(f"Written to {LATEST.relative_to(ROOT)}")


def _measured(database: str, size: int, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    out = folder / "measured.json"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "bench.inside",
        f"--size={size}",
        f"--out={out}",
        f"--only={asked.only or ROWS_AT.get(size, '')}",
    ]
    command += [f"--seconds={asked.seconds}", f"--rounds={asked.rounds}"]
    with _empty(database, folder) as url, tempfile.TemporaryDirectory(dir=folder) as data:
        code = _code(command, os.environ | environment.values(data, url))
    if code:
        sys.exit(f"The measurement on {database} ended with exit code {code}.")
    measured: dict[str, Any] = json.loads(out.read_text())
    return measured


def _code(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """With which code it leaves. Where this ends before it, it is told, and stops what it has started."""
    with subprocess.Popen(command, cwd=ROOT, env=environment) as inside:
        try:
            return inside.wait()
        finally:
            inside.terminate()


@contextmanager
def _empty(database: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database; for SQLite none: it takes a file in a folder of its own."""
    if database == "sqlite":
        yield ""
        return
    with mariadb.running(durable=True, options=SERVER, parent=str(folder)) as url:
        yield url


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Ratios to what the database costs.")
    parser.add_argument("--database", choices=KINDS, action="append", help="only this one")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--only", default="", metavar="TEXT", help="only rows with this in their name")
    parser.add_argument("--rounds", type=int, default=200, help="of each row, at most")
    parser.add_argument("--seconds", type=float, default=12, help="for each row, at most")
    asked = parser.parse_args()
    asked.database = asked.database or KINDS
    return asked


if __name__ == "__main__":
    try:
        main()
    except NotStarted as error:
        sys.exit(str(error))
