"""`make test`, `make fast` and `make lint`: set up what is missing, check, and say what was checked."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence

from tests import environment
from tools import mariadb, system, venv
from tools.console import Stop, main, say
from tools.dotenv import TRUE
from tools.fuzz import trial
from tools.steps import NOT_RUN, Result, Step, aloud, side_by_side, summary

DEV, MYSQL = "requirements-dev.txt", "requirements-mysql.txt"
ON_SQLITE, ON_MARIADB, IN_BROWSER = "tests on SQLite", "tests on MariaDB", "tests in a browser"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
# Half as many more than cores: a test that waits for a browser or a lock leaves its core idle.
AT_ONCE = min(max(CORES + CORES // 2, 2), 8)


def work() -> int:
    started = time.monotonic()
    what, arguments = sys.argv[1], sys.argv[2:]
    if what == "test":
        results = _everything(arguments)
    else:
        venv.prepare(DEV)
        results = _static() if what == "lint" else [_tests(ON_SQLITE, ["--without-browser", *arguments])]
    return summary(results, time.monotonic() - started, strict=_is_ci())


def _everything(arguments: Sequence[str]) -> list[Result]:
    missing = _set_up()
    browser = ["--without-browser"] if IN_BROWSER in missing else []
    results = _static()
    if trial.NAME not in missing:
        results.append(trial.held())
    results.append(_tests(ON_SQLITE, [*browser, *arguments]))
    if ON_MARIADB not in missing:
        with mariadb.running() as url:
            results.append(_tests(ON_MARIADB, [*browser, *arguments], url))
    return results + [Result(name, NOT_RUN, reason=reason) for name, reason in missing.items()]


def _set_up() -> dict[str, str]:
    """Install what the whole suite needs; gives the parts that can't run, each with its reason."""
    venv.prepare(DEV)
    missing = {}
    try:
        if not venv.holds(MYSQL):
            system.need(system.MYSQL_CLIENT, "to build the MySQL client")
            venv.prepare(MYSQL)
        system.need(system.MARIADB, "for a private MariaDB")
    except Stop as stop:
        missing[ON_MARIADB] = stop.line
    try:
        system.need([*system.BROWSER, *system.CURL], "for browser tests")
    except Stop as stop:
        missing[IN_BROWSER] = stop.line
    try:
        trial.prepare()
    except Stop as stop:
        missing[trial.NAME] = stop.line
    return missing


def _static() -> list[Result]:
    def program(name: str, *arguments: str) -> list[str]:
        return [str(venv.FOLDER / "bin" / name), *arguments]

    manage = [str(venv.PYTHON), "manage.py"]
    with tempfile.TemporaryDirectory(prefix="clinic-lint-") as folder:
        usual, production = _env(folder), _production_env(folder)
        say("-- without a test")
        # The longest first, so that the others run beside it.
        return side_by_side(
            [
                Step("types (mypy)", program("mypy"), usual),
                Step(
                    "lint (ruff check)",
                    program("ruff", "check", "--quiet", "--output-format=concise", "."),
                    usual,
                ),
                Step("format (ruff format)", program("ruff", "format", "--check", "."), usual),
                Step("templates (djangofmt)", program("djangofmt", "--check", "templates"), usual),
                Step("lint of templates (djangofmt)", program("djangofmt", "check", "templates"), usual),
                Step("lint of scripts (oxlint)", program("oxlint", "--deny-warnings", "static/js"), usual),
                Step("format of scripts (oxfmt)", program("oxfmt", "--check", "static/js"), usual),
                Step("import order", program("lint-imports", "--no-logo"), usual),
                Step("migrations complete", [*manage, "makemigrations", "--check", "--dry-run"], usual),
                Step("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
            ],
            AT_ONCE,
        )


def _tests(name: str, arguments: Sequence[str], database_url: str = "") -> Result:
    # `-n` first: ARGS="-n0 --pdb" then wins. Pytest ends with 5, a failure, where it finds no test.
    # Tests last from a millisecond to half a minute: a worker that is done takes some of the other's.
    command = [str(venv.PYTHON), "-m", "pytest", "-n", str(AT_ONCE), "--dist=worksteal", *arguments]
    return aloud(Step(name, command, _outside() | {"TEST_DATABASE_URL": database_url}))


def _outside() -> dict[str, str]:
    """The environment, less what would reach into the checks from a shell set up for something else."""
    unwanted = {"DATABASE_URL", "TEST_DATABASE_URL", "PYTEST_ADDOPTS", "PYTHONWARNINGS", "PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def _env(folder: str) -> dict[str, str]:
    return _outside() | environment.values(folder)


def _production_env(folder: str) -> dict[str, str]:
    """As a clinic would set it: what is not set here is the settings' own default."""
    env = {name: value for name, value in _env(folder).items() if name not in environment.FIXED}
    return env | {
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "clinic.example",
        "DJANGO_SETTINGS_MODULE": "appointments_site.settings",
    }


def _is_ci() -> bool:
    return os.environ.get("CI", "").strip().lower() in TRUE


if __name__ == "__main__":
    main(work)
