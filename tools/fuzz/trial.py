"""One trial: a demo clinic under gunicorn, a run of Schemathesis with a key of each scope, then an audit."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests import environment
from tools import server, venv
from tools.console import ROOT, Stop, last_line, run, say
from tools.fuzz import report
from tools.fuzz.known import Asking, known
from tools.server import Server
from tools.steps import FAILED, OK, Result, Step, side_by_side

NAME: Final = "API as documented"
FUZZER: Final = venv.Environment(".venv-schemathesis")
CONFIG: Final = Path(__file__).with_name("schemathesis.toml")
REQUIREMENTS: Final = "requirements-schemathesis.txt"
EXAMPLES, SEED = 15, 5  # of each operation in each phase; more of them: make fuzz ARGS="--examples 500"
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
# What tools/fuzz/faulty.py breaks, and the check that has to see it.
PLANTED: Final = {
    ("GET /api/v1/doctors", "negative_data_rejection"),
    ("GET /api/v1/specialties/{uuid}", "not_a_server_error"),
    ("GET /api/v1/visit-types/{uuid}", "response_schema_conformance"),
}


def prepare() -> None:
    """Install what a trial needs on top of `.venv`; raises `Stop` where that cannot be had."""
    FUZZER.prepare(REQUIREMENTS)


def held(database_url: str = "", *, examples: int = EXAMPLES, seed: int = SEED) -> Result:
    """Run a trial on this empty database, by default on SQLite; tell what was reached, all of a failure."""
    say(f"\n-- {NAME}")
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="clinic-fuzz-", dir=environment.IN_MEMORY) as folder:
            sound = _held_in(Path(folder), database_url, examples, seed)
    except Stop as stop:
        say(f"    {stop.line}")
        sound = False
    return Result(NAME, OK if sound else FAILED, time.monotonic() - started)


def _held_in(folder: Path, database_url: str, examples: int, seed: int) -> bool:
    env = os.environ | environment.values(str(folder), database_url) | OWN
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    _manage(env, "migrate", "--verbosity=0")
    _manage(env | {"DEBUG": "true"}, "load_demo")
    keys = {scope: _key(env, scope) for scope in PHASES}
    with server.serving(venv.PYTHON, env, workers=WORKERS) as served:
        ask = Asking(f"{served.address}/api/v1/", keys["manage"])
        (folder / "known.json").write_text(json.dumps(dataclasses.asdict(known(ask))))
        sees = _sees_what_is_planted(env, keys["manage"], folder)
        sound = _try(served, keys, folder, report.operations(ask("openapi.json")), examples, seed)
        complaints = served.complaints()
    for complaint in complaints:
        say(f"    {complaint}")
    say(f"    {last_line(_manage(env, 'check_schedule'))}")
    return sees and sound and not complaints


def _key(env: Mapping[str, str], scope: str) -> str:
    return last_line(_manage(env, "create_api_key", f"Trial {scope}", f"--scope={scope}"))


def _sees_what_is_planted(env: Mapping[str, str], key: str, folder: Path) -> bool:
    """The control: the same command, at a program with faults."""
    only = [f"--include-path={operation.split()[1]}" for operation, _check in sorted(PLANTED)]
    bounds = ["--phases=coverage,fuzzing", "--max-examples=5", "--seed=1", "--include-method=GET", *only]
    with server.serving(venv.PYTHON, env, workers=1, command=["tools.fuzz.faulty"]) as served:
        step = _step("planted", served, key, folder, bounds)
        subprocess.run(step.command, cwd=step.cwd, env=step.env, capture_output=True, check=False)
    seen = PLANTED & _reached(step).faults
    say(f"    control      {len(seen)} of {len(PLANTED)} planted faults found")
    return seen == PLANTED


def _try(
    served: Server,
    keys: Mapping[str, str],
    folder: Path,
    wanted: Sequence[report.Operation],
    examples: int,
    seed: int,
) -> bool:
    """Whether every scope's run found no fault and reached what it should."""
    steps = {}
    for number, (scope, phases) in enumerate(PHASES.items()):
        bounds = [f"--phases={phases}", f"--max-examples={examples}", f"--seed={seed + number}"]
        steps[scope] = _step(f"scope {scope}", served, keys[scope], folder, bounds)
    results = side_by_side(list(steps.values()), len(steps))
    sound = all(result.verdict == OK for result in results)
    for scope, step in steps.items():
        reached = _reached(step)
        say(f"    {report.line(scope, reached, wanted)}")
        for sentence in report.shortcomings(reached, wanted, may_do_all=scope == "manage"):
            say(f"      {sentence}")
            sound = False
        sound = sound and not reached.faults
    return sound


def _reached(step: Step) -> report.Reached:
    file = step.cwd / REPORT
    return report.read(file.read_text().splitlines() if file.exists() else [])


def _step(name: str, served: Server, key: str, folder: Path, bounds: Sequence[str]) -> Step:
    """A run of Schemathesis, in a folder of its own: it keeps what failed there, and would ask that again."""
    own = folder / name
    own.mkdir()
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tools.fuzz.hooks",
        "FUZZ_KNOWN": str(folder / "known.json"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(own / "hypothesis"),
    }
    command: list[str | Path] = [
        FUZZER.folder / "bin" / "schemathesis",
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
    return Step(name, command, env, own)


def _manage(env: Mapping[str, str], *command: str) -> str:
    code, output = run([venv.PYTHON, "manage.py", *command], env, quiet=True)
    if code:
        raise Stop(f"manage.py {command[0]} failed:\n{output.rstrip()}", code)
    return output
