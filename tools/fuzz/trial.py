"""One trial: a demo clinic under gunicorn, a run of Schemathesis with a key of each scope, then an audit."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests import environment
from tools import server, venv
from tools.console import ROOT, Stop, last_line, run, say
from tools.fuzz import report
from tools.fuzz.values import Known
from tools.server import Server
from tools.steps import FAILED, OK, Result, Step, side_by_side

NAME: Final = "API as documented"
FUZZER: Final = venv.Environment(".venv-schemathesis")
CONFIG: Final = Path(__file__).with_name("schemathesis.toml")
REQUIREMENTS: Final = "requirements-schemathesis.txt"
EXAMPLES, SEED = 20, 5  # of each operation in each phase; more of them: make fuzz ARGS="--examples 500"
WORKERS: Final = 2
ENOUGH: Final = "1000000"  # requests a minute
# As in production, without TLS in front.
OWN: Final = {
    "API_BOOKINGS_A_MINUTE": ENOUGH,
    "API_MANAGE_A_MINUTE": ENOUGH,
    "API_READS_A_MINUTE": ENOUGH,
    "CONN_MAX_AGE": "60",
}
FEW, LONG = 20, 60  # of each kind; minutes, for any visit of the demo clinic
REPORT: Final = "report.ndjson"
IN_SHAPES: Final = "examples,coverage"
AT_RANDOM: Final = "fuzzing,stateful"
# Each shape once, with the key that may do all; at random with every key, each with other requests.
PHASES: Final = {"manage": f"{IN_SHAPES},{AT_RANDOM}", "book": AT_RANDOM, "read": AT_RANDOM}


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
        sound = _try(served, keys, folder, examples, seed)
        complaints = served.complaints()
    for complaint in complaints:
        say(f"    {complaint}")
    say(f"    {last_line(_manage(env, 'check_schedule'))}")
    return sound and not complaints


def _key(env: Mapping[str, str], scope: str) -> str:
    return last_line(_manage(env, "create_api_key", f"Trial {scope}", f"--scope={scope}"))


def _try(served: Server, keys: Mapping[str, str], folder: Path, examples: int, seed: int) -> bool:
    """Whether every scope's run found no fault and reached what it should."""
    ask = _Asking(f"{served.address}/api/v1/", keys["manage"])
    wanted = report.operations(ask("openapi.json"))
    known = folder / "known.json"
    known.write_text(json.dumps(dataclasses.asdict(_known(ask))))
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tools.fuzz.hooks",
        "FUZZ_KNOWN": str(known),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }
    steps = []
    for number, (scope, phases) in enumerate(PHASES.items()):
        bounds = [f"--phases={phases}", f"--max-examples={examples}", f"--seed={seed + number}"]
        own = folder / scope  # it keeps what failed where it runs, and would ask that again
        own.mkdir()
        steps.append(Step(f"scope {scope}", _command(served, keys[scope], bounds), env, own))
    results = side_by_side(steps, len(steps))
    sound = all(result.verdict == OK for result in results)
    for scope in PHASES:
        reached = report.read(_lines(folder / scope / REPORT))
        say(f"    {report.line(scope, reached, wanted)}")
        for sentence in report.shortcomings(reached, wanted, may_do_all=scope == "manage"):
            say(f"      {sentence}")
            sound = False
        sound = sound and not reached.faults
    return sound


def _lines(file: Path) -> Sequence[str]:
    return file.read_text().splitlines() if file.exists() else []


def _command(served: Server, key: str, bounds: Sequence[str]) -> list[str | Path]:
    return [
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


class _Asking:
    """GET of an address below the API's, as JSON."""

    def __init__(self, address: str, key: str) -> None:
        self.address = address
        self.headers = {"Authorization": f"Bearer {key}"}

    def __call__(self, what: str) -> Any:
        request = Request(self.address + what, headers=self.headers)  # noqa: S310  (http, of our own)
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            raise Stop(f"GET {what} answered {error.code} to a new key: {error.read().decode()}") from error


def _known(ask: _Asking) -> Known:
    """What the demo clinic has. Raises `Stop` where it has nothing of a kind."""
    kinds = {"specialty": "specialties", "visit_type": "visit-types"}
    kinds |= {kind: f"{kind}s" for kind in ("doctor", "patient", "appointment")}
    items = {kind: ask(f"{name}?limit={FEW}")["items"] for kind, name in kinds.items()}
    openings = []
    for doctor in items["doctor"]:
        openings += ask(f"openings?limit=100&days=14&minutes={LONG}&doctor={doctor['uuid']}")["items"]
    # The first appointments are long past; of those to come, most can still be moved.
    for day in sorted({opening["appointment_datetime"][: len("2026-03-31")] for opening in openings})[1:]:
        items["appointment"] += ask(f"appointments?limit=100&day={day}")["items"]
    rows = {kind: [item["uuid"] for item in of_kind] for kind, of_kind in items.items()}
    free = [(opening["doctor_uuid"], opening["appointment_datetime"]) for opening in openings]
    known = Known(rows, free, [patient["patient_name"] for patient in items["patient"]])
    if not (all(rows.values()) and free and known.words):
        raise Stop("The demo clinic has nothing that requests could name.")
    return known


def _manage(env: Mapping[str, str], *command: str) -> str:
    code, output = run([venv.PYTHON, "manage.py", *command], env, quiet=True)
    if code:
        raise Stop(f"manage.py {command[0]} failed:\n{output.rstrip()}", code)
    return output
