"""`make`: what each command calls, on a machine of its own."""

import re
import socket

import pytest

from tests.tools.machine import PYTHON, ROOT

SERVED = [
    "manage.py migrate --verbosity=0",
    "manage.py load_demo --if-empty",
    "manage.py runserver 127.0.0.1:{}",
]
JOBS = "manage.py run_jobs --watch --until-input-ends"  # beside the server, a little before or after it


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def calls(port):
    return [call.format(port) for call in SERVED]


def in_order(done):
    assert done.notes.count(JOBS) == 1
    return [call for call in done.notes if call != JOBS]


def test_run_makes_everything_and_serves(machine, port):
    first = machine.make("run", PORT=str(port))
    assert in_order(first) == ["venv .venv", "pip -r requirements.txt", *calls(port)]
    assert in_order(machine.make("run", f"PORT={port}")) == calls(port)
    assert "Wrote .env" in first.stdout


def test_run_writes_a_secret_of_its_own_once_and_for_its_owner_only(machine, port):
    machine.make("run", PORT=str(port))
    file = machine.root / ".env"
    text = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert re.search(r"^DEBUG=true\nSECRET_KEY=[\w-]{60,}$", text, re.MULTILINE)
    machine.make("run", PORT=str(port))
    assert file.read_text() == text


def test_run_on_mysql_installs_the_driver_and_creates_the_database(machine, port):
    for name in ("gcc", "pkg-config"):
        machine.program(name, "#!/bin/sh\n")
    done = machine.make("run", PORT=str(port), ASKED="mysql")
    there = ["pip -r requirements-mysql.txt", "manage.py create_database"]
    assert [call for call in in_order(done) if call not in calls(port)][2:] == there
    assert "manage.py load_demo --if-empty" not in done.notes  # DEBUG is off


def test_run_says_what_the_driver_needs(machine, port):
    done = machine.make("run", PORT=str(port), ASKED="mysql")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("Missing to build the MySQL client: ")
    assert calls(port)[0] not in done.notes


def test_run_stops_at_the_first_step_that_fails(machine, port):
    done = machine.make("run", PORT=str(port), CODE="3")
    assert done.returncode != 0
    assert done.notes[2:] == calls(port)[:1]


def test_a_port_in_use_is_told_before_anything_else(machine):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = machine.make("run", PORT=str(port))
    assert (done.returncode, done.notes) == (2, [])
    assert done.stderr.splitlines()[0] == f"Port {port} is taken. Another one: PORT=8123 make run"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80 80", "080", "8000x", "٨٠٠٠", "'; exit 0"])
def test_a_port_that_is_none_is_told_before_anything_else(machine, port):
    done = machine.make("run", PORT=port)
    assert (done.returncode, done.notes) == (2, [])
    assert done.stderr.splitlines()[0] == f"PORT must be a number from 1 to 65535, not '{port}'."


def test_no_port_is_8000(machine):
    # Unless that one is taken here, which is told as such.
    done = machine.make("run", PORT="")
    assert done.stderr.startswith("Port 8000 is taken.") or in_order(done)[2:] == calls(8000)


def test_arguments_reach_pytest_and_a_shell_set_up_for_something_else_does_not(machine):
    elsewhere = {"PYTEST_ADDOPTS": "--lf", "PYTHONPATH": "x", "PYTHONWARNINGS": "x", "TEST_DATABASE_URL": "x"}
    elsewhere["PYTHONDONTWRITEBYTECODE"] = "1"
    machine.program("python3", PYTHON.replace('echo "$*" >>', 'echo "$*${' + "}${".join(elsewhere) + '}" >>'))
    done = machine.make("fast", "ARGS=-k 'a or b' -n0", **elsewhere)
    assert done.notes[-1].endswith(" --dist=worksteal --fast -k a or b -n0")


def test_the_private_mariadb_is_asked_for_only_where_it_is_used(machine):
    refused = "Missing for a private MariaDB"
    for name in ("gcc", "pkg-config"):
        machine.program(name, "#!/bin/sh\n")
    assert refused in machine.make("bench").stderr
    assert refused in machine.make("fuzz", "ARGS=--database mariadb").stderr
    assert machine.make("bench", "ARGS=--database sqlite").notes == ["-m bench --database sqlite"]


def test_the_deployment_check_sees_what_a_clinic_would_set_and_no_more(machine):
    said = machine.make("-n", "lint-deployment", SECURE_SSL_REDIRECT="false").stdout.splitlines()[-1]
    set_here = re.findall(r" ([A-Z_]+)=", said)
    assert said.startswith("env -i ")
    assert set(set_here) == {
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "DEBUG",
        "DJANGO_SETTINGS_MODULE",
        "HOME",
        "PATH",
        "SECRET_KEY",
    }


def test_help_lists_every_command(machine):
    listed = re.findall(r"make (\w+)", machine.make("help").stdout)
    assert listed == [
        "help",
        "run",
        "test",
        "fast",
        "lint",
        "fuzz",
        "cluster",
        "messages",
        "pictures",
        "bench",
    ]


def test_what_runs_before_a_commit_is_what_lint_runs():
    makefile = (ROOT / "Makefile").read_text()
    parts = re.search(r"^LINT := (.*)$", makefile.replace("\\\n", ""), re.MULTILINE)[1].split()
    hooks = re.findall(r"entry: make (\S+)", (ROOT / ".pre-commit-config.yaml").read_text())
    assert sorted(hooks) == sorted(parts)
    assert all(re.search(rf"^{part}: ;", makefile, re.MULTILINE) for part in parts)


def test_every_package_is_pinned_exactly():
    for file in ROOT.glob("requirements*.txt"):
        lines = [line.partition("#")[0].strip() for line in file.read_text().splitlines()]
        loose = [line for line in lines if line and "==" not in line and not line.startswith("-r ")]
        assert loose == [], file.name
