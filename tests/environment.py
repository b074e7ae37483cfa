"""Pytest plugin: the same environment for every run, whatever a developer's shell or `.env` says.

Named in `addopts`, so that it is in place before Django's settings are read. What starts the program for a
trial or a measurement (`tools/`, `bench/`) takes its values from here too.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# Every variable that settings.py reads, so that none comes from elsewhere (tests/tools checks this).
FIXED = {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "API_BOOKINGS_A_MINUTE": "300",
    "API_MANAGE_A_MINUTE": "6000",
    "API_READS_A_MINUTE": "600",
    "BEHIND_TLS_PROXY": "false",
    "CACHE_URL": "locmemcache://",
    "CLINIC_ADDRESS": "",
    "CLINIC_MAP_URL": "",
    "CLINIC_NAME": "Clínica San Telmo",
    "CLINIC_PHONE": "",
    "CLINIC_PHONE_REGION": "ES",
    "CLINIC_TIME_ZONE": "Europe/Madrid",
    "CONN_MAX_AGE": "0",  # no connection outlives its request, so the database can be dropped
    "CSRF_TRUSTED_ORIGINS": "",
    "DEBUG": "false",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright keeps an event loop in the tests' own thread
    "DJANGO_SETTINGS_MODULE": "appointments_site.settings",
    "BACKUP_FOLDER": "",
    "BACKUP_KEEP": "14",
    "DAY_SHEET_FOLDER": "",
    "EMAIL_TIMEOUT": "20",
    "EMAIL_URL": "memorymail://",
    "NOTICE_CHANNELS": "",  # on where a test says so: `messages` in conftest
    "PUBLIC_URL": "https://book.clinic.example",
    "MAIL_FROM": "appointments@clinic.example",
    "HASHED_STATIC_FILES": "false",
    "LANGUAGE_CODE": "en",
    "LOG_FORMAT": "line",
    "METRICS_TOKEN": "",
    "REQUEST_DEADLINE": "10",
    "SECRET_KEY": "for-tests-only-8Jt2mQfVb0xYw4sLr6nKd9cHzPaE7uGi3oTk1XyBvNqMl5Wj",
    "SECRET_KEY_FALLBACKS": "",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": "false",
    "SECURE_HSTS_PRELOAD": "false",
    "SECURE_HSTS_SECONDS": "31536000",
    "SECURE_SSL_REDIRECT": "false",
    "SENTRY_DSN": "",
    "SESSION_IDLE_MINUTES": "30",
    "SIGN_IN_TRIES_PER_ADDRESS": "50",
    "TRUSTED_PROXIES": "",
}


# Whole folders and modules whose tests run as if each were marked `once`: they ask nothing of the database
# that another one could answer otherwise. Why that is known stands beside each.
ONCE = {
    "tests/accounts": "who signs in, and what of a session is kept: plain rows",
    "tests/admin": "pages of the back office: test_walk.py opens and sends them on each database",
    "tests/browser": "what scripts and style sheets do; what is sent by them, test_walk.py sends as well",
    "tests/deployment": "files, and scripts over them",
    "tests/forms": "text to values",
    "tests/management": "commands over the engine, which is tested on each",
    "tests/legacy/test_mapping.py": "pure",
    "tests/legacy/test_plan.py": "pure",
    "tests/matching": "pure",
    "tests/notices/test_calendar.py": "a visit to text",
    "tests/templatetags": "values to text",
    "tests/times": "pure",
    "tests/tools": "scripts",
    "tests/views": "pages over what is tested on each database; test_walk.py goes to all of them",
    "tests/test_access.py": "marks of views; test_walk.py opens what they mark",
    "tests/test_error_reports.py": "events",
    "tests/test_logs.py": "lines",
    "tests/test_request_ids.py": "headers and lines",
    "tests/test_settings.py": "no database is asked",
    "tests/test_static_files.py": "files",
    "tests/test_styles.py": "files",
    "tests/test_templates.py": "files",
    "tests/test_themes.py": "files",
}
# And what of these runs on each database all the same.
ON_EACH = {
    "tests/accounts/test_api_key_limit.py": "a count that many raise at once",
    "tests/accounts/test_api_keys.py": "constraints, and names that a collation takes for the same",
    "tests/accounts/test_lockout.py": "counts that the database adds up",
    "tests/accounts/test_roles.py": "migrations, to and fro",
    "tests/accounts/test_sessions.py": "keys that a collation takes for the same, and when a session ends",
    "tests/accounts/test_shares_of_a_key.py": "counts that servers take from each other",
    "tests/admin/test_lists.py": "searches under a collation, for any character",
    "tests/deployment/test_grants.py": "what the accounts of a real server may",
    "tests/management/test_load_demo.py": "weeks of a clinic, written by the engine",
    "tests/tools/test_mariadb.py": "the private server itself",
    "tests/views/test_walk.py": "every page and every form",
}

# What the loop that everybody waits for leaves out (`make fast`). `make test` runs it all.
SLOW = {
    "tests/admin/test_identity.py": "every page of the back office",
    "tests/api/test_limits.py": "requests by the hundred",
    "tests/api/test_race_of_records.py": "many processes",
    "tests/api/test_race_over_http.py": "servers",
    "tests/bench": "a measurement is run",
    "tests/booking/test_kills.py": "processes that are killed",
    "tests/booking/test_race.py": "many processes",
    "tests/booking/test_race_of_changes.py": "many processes",
    "tests/booking/test_race_of_hours.py": "many processes",
    "tests/booking/test_race_of_merges.py": "many processes",
    "tests/browser": "a browser",
    "tests/booking/test_state_machine.py": "thousands of made-up steps",
    "tests/deployment/test_grants.py": "a server",
    "tests/deployment/test_lint.py": "systemd's and nginx's own programs, which `make lint` installs",
    "tests/queries/test_patients.py": "plans of large tables",
    "tests/outages": "servers, and databases that are brought down",
    "tests/random_requests": "thousands of requests",
    "tests/legacy/test_killed.py": "processes that are killed",
    "tests/management/test_load_demo.py": "weeks of a clinic",
    "tests/test_access.py": "every page, by each role",
    "tests/test_settings.py": "the site is started",
    "tests/test_startup.py": "the site is started",
    "tests/tools": "scripts of a machine of their own",
    "tests/views/desk/test_bad_input.py": "forms by the hundred",
    "tests/views/desk/test_rights.py": "every page, with rights that are taken",
    "tests/views/desk/test_spanish.py": "every page, in both languages",
    "tests/views/test_walk.py": "every page and every form",
}

# Where there is one, a folder in memory: what tests write is not worth waiting for a disk.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def values(folder: str, database_url: str = "") -> dict[str, str]:
    """The variables to set; SQLite files go into `folder`."""
    return FIXED | {
        "DATABASE_URL": database_url or f"sqlite:///{folder}/appointments.sqlite3",
        "TEST_DATABASE_FILE": f"{folder}/test.sqlite3",
    }


def on_mariadb() -> bool:
    return os.environ["DATABASE_URL"].startswith("mysql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--without-browser", action="store_true", help="Leave out the tests that need a browser."
    )
    parser.addoption("--fast", action="store_true", help="Leave out what takes long, too.")
    _fix_environment()
    gc.disable()  # until everything is read


def pytest_collection_finish() -> None:
    """What was read so far stays: looking through it for garbage took a fifth of the time of tests."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


def pytest_report_header() -> str:
    return f"database: {'MariaDB' if on_mariadb() else 'SQLite'}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is not to run is not even read: on MariaDB what runs once, in a hurry what is slow."""
    if collection_path.suffix != ".py":
        return None
    module = collection_path.relative_to(config.rootpath).as_posix()
    unwanted = on_mariadb() and runs_once(module)
    return unwanted or (config.getoption("--fast") and _is_in(module, SLOW)) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unwanted = {"once"} if on_mariadb() else {"mariadb"}
    if config.getoption("--without-browser"):
        unwanted.add("browser")
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in unwanted)]
    if left_out:
        items[:] = [item for item in items if item not in set(left_out)]
        config.hook.pytest_deselected(items=left_out)


def runs_once(module: str) -> bool:
    """Whether the tests of this module, a path from the root, run on one database only."""
    return module not in ON_EACH and _is_in(module, ONCE)


def _is_in(module: str, named: Mapping[str, str]) -> bool:
    """Whether a module, or a folder that it is in, is among these."""
    return not named.keys().isdisjoint(str(path) for path in (Path(module), *Path(module).parents))


def _fix_environment() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # inherited from the process that started this one, and its folder with it
    folder = tempfile.mkdtemp(prefix="clinic-tests-", dir=IN_MEMORY)
    os.environ.update(values(folder, os.environ.get("TEST_DATABASE_URL", "")))
    atexit.register(_remove, folder, os.getpid())


def _remove(folder: str, owner: int) -> None:
    # A forked process runs this too, and must not pull the files from under the others.
    if os.getpid() == owner:
        shutil.rmtree(Path(folder), ignore_errors=True)
