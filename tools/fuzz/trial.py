"""One trial: a demo clinic under gunicorn, a run of Schemathesis with a key of each scope, then an audit."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests import environment
from tools import server
from tools.fuzz import report
from tools.fuzz.known import Asking, Unusable, known
from tools.server import Server
from tools.starting import ROOT, last_line

FUZZER: Final = ROOT / ".venv-schemathesis" / "bin" / "schemathesis"
CONFIG: Final = Path(__file__).with_name("schemathesis.toml")
EXAMPLES, SEED = 8, 5  # of each operation in each phase; more of them: make fuzz ARGS="--examples 500"
AGAIN: Final = 10  # times as many, of an operation that never succeeded
WORKERS: Final = 2
ENOUGH: Final = "1000000"  # requests a minute
# As in production, without TLS in front.
OWN: Final = {
    "API_BOOKINGS_A_MINUTE": ENOUGH,
    "API_MANAGE_A_MINUTE": ENOUGH,
    "API_READS_A_MINUTE": ENOUGH,
    "CONN_MAX_AGE": "60",
}
REPORT: Final = "report.ndjson"
IN_SHAPES: Final = "examples,coverage"
AT_RANDOM: Final = "fuzzing,stateful"
# Each shape once, with the key that may do all; at random with every key, each with other requests.
PHASES: Final = {"manage": f"{IN_SHAPES},{AT_RANDOM}", "book": AT_RANDOM, "read": AT_RANDOM}
# In one process, which reads the program once; the last line of each key's command is its secret.
DEMO: Final = """
from io import StringIO
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_demo", stdout=StringIO())
for scope in {scopes}:
    said = StringIO()
    call_command("create_api_key", f"Trial {{scope}}", scope, stdout=said)
    print(said.getvalue().splitlines()[-1])
"""
# What tools/fuzz/faulty.py breaks, and the check that has to see it.
PLANTED: Final = {
    ("GET /api/v1/doctors", "negative_data_rejection"),
    ("GET /api/v1/specialties/{uuid}", "not_a_server_error"),
    ("GET /api/v1/visit-types/{uuid}", "response_schema_conformance"),
}


@dataclass(frozen=True)
class Run:
    """A run of Schemathesis, in a folder of its own: it keeps what failed there, and would ask that again."""

    name: str
    command: list[str | Path]
    env: Mapping[str, str]
    folder: Path

    def start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "output").open("wb") as out:
            return subprocess.Popen(
                self.command, cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )

    def output(self) -> str:
        return (self.folder / "output").read_text(errors="replace").rstrip()

    def reached(self) -> report.Reached:
        file = self.folder / REPORT
        return report.read(file.read_text().splitlines() if file.exists() else [])


def hold(database_url: str = "", *, examples: int = EXAMPLES, seed: int = SEED) -> bool:
    """Hold a trial on this empty database, by default on SQLite, and tell what was reached, all of a failure.

    True where the program has no fault, and the trial found those that were planted. Raises `NotStarted` and
    `Unusable` where there could be no trial.
    """
    with tempfile.TemporaryDirectory(prefix="clinic-fuzz-", dir=environment.IN_MEMORY) as folder:
        return _held_in(Path(folder), database_url, examples, seed)


def _held_in(folder: Path, database_url: str, examples: int, seed: int) -> bool:
    env = os.environ | environment.values(str(folder), database_url) | OWN
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    keys = _demo(env)
    with server.serving(sys.executable, env, workers=WORKERS) as served:
        ask = Asking(f"{served.address}/api/v1/", keys["manage"])
        (folder / "known.json").write_text(json.dumps(dataclasses.asdict(known(ask))))
        sees = _sees_what_is_planted(env, keys["manage"], folder)
        sound = _try(served, keys, folder, report.operations(ask("openapi.json")), examples, seed)
        complaints = served.complaints()
    for complaint in complaints:
        print(complaint)
    print(last_line(_manage(env, "check_schedule")), flush=True)
    return sees and sound and not complaints


def _demo(env: Mapping[str, str]) -> dict[str, str]:
    """Make the demo clinic in the empty database, and a key of each scope: its secret by its scope."""
    scopes = [f"--scope={scope}" for scope in PHASES]
    said = _manage({**env, "DEBUG": "true"}, "shell", "--no-imports", "--command", DEMO.format(scopes=scopes))
    return dict(zip(PHASES, said.splitlines()[-len(PHASES) :], strict=True))


def _sees_what_is_planted(env: Mapping[str, str], key: str, folder: Path) -> bool:
    """The control: the same command, at a program with faults."""
    only = [f"--include-path={operation.split()[1]}" for operation, _check in sorted(PLANTED)]
    bounds = ["--phases=coverage,fuzzing", "--max-examples=5", "--seed=1", "--include-method=GET", *only]
    with server.serving(sys.executable, env, workers=1, command=["tools.fuzz.faulty"]) as served:
        run = _run("planted", served, key, folder, bounds)
        run.start().wait()
    seen = PLANTED & run.reached().faults
    print(f"control      {len(seen)} of {len(PLANTED)} planted faults found", flush=True)
    return seen == PLANTED


def _try(
    served: Server,
    keys: Mapping[str, str],
    folder: Path,
    wanted: Sequence[report.Operation],
    examples: int,
    seed: int,
) -> bool:
    """Whether every scope's run, side by side, found no fault and reached what it should."""
    runs = {}
    for number, (scope, phases) in enumerate(PHASES.items()):
        bounds = [f"--phases={phases}", f"--max-examples={examples}", f"--seed={seed + number}"]
        runs[scope] = _run(f"scope {scope}", served, keys[scope], folder, bounds)
    started = {scope: run.start() for scope, run in runs.items()}
    try:
        codes = {scope: process.wait() for scope, process in started.items()}
    finally:
        for process in started.values():
            process.terminate()
    sound = True
    for scope, run in runs.items():
        reached, may_do_all = run.reached(), scope == "manage"
        for number, operation in enumerate(report.missed(reached, wanted, may_do_all=may_do_all)):
            bounds = _for_one(operation, examples * AGAIN, seed + number)
            again = _run(f"scope {scope} again {number}", served, keys[scope], folder, bounds)
            codes[scope] |= again.start().wait()
            reached.add(again.reached())
        shortcomings = report.shortcomings(reached, wanted, may_do_all=may_do_all)
        for each in (report.line(scope, reached, wanted), *(f"  {sentence}" for sentence in shortcomings)):
            print(each, flush=True)
        if codes[scope]:
            print(textwrap.indent(run.output(), "    "), flush=True)
        sound = sound and not (codes[scope] or shortcomings or reached.faults)
    return sound


def _for_one(operation: report.Operation, examples: int, seed: int) -> list[str]:
    """The visits of the demo clinic change with the day, and what is valid for one by chance may be none."""
    method, path = operation
    bounds = ["--phases=fuzzing", f"--max-examples={examples}", f"--seed={seed}"]
    return [*bounds, f"--include-path={path}", f"--include-method={method}"]


def _run(name: str, served: Server, key: str, folder: Path, bounds: Sequence[str]) -> Run:
    own = folder / name
    own.mkdir()
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tools.fuzz.hooks",
        "FUZZ_KNOWN": str(folder / "known.json"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(own / "hypothesis"),
    }
    command: list[str | Path] = [
        FUZZER,
        f"--config-file={CONFIG}",
        "run",
        f"{served.address}/api/v1/openapi.json",
        f"--header=Authorization: Bearer {key}",
        "--continue-on-failure",
        # One at a time: Python 3.11 loses count where two threads parse code at once.
        "--workers=1",
        "--generation-database=none",
        "--suppress-health-check=all",
        "--no-color",
        "--report=ndjson",
        f"--report-ndjson-path={REPORT}",
        *bounds,
    ]
    return Run(name, command, env, own)


def _manage(env: Mapping[str, str], *command: str) -> str:
    """What a command of manage.py printed; raises `Unusable`, with what it said, where it failed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unusable(f"manage.py {command[0]} failed:\n{(done.stdout + done.stderr).rstrip()}")
    return done.stdout
