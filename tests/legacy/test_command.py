"""The command line."""

import csv
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from scheduling.legacy import state


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"undo": True}, {"drop_originals": True}])
def test_sqlite_is_refused_in_one_line(options, monkeypatch):
    sqlite = SimpleNamespace(vendor="sqlite", display_name="SQLite")  # also in the run on MariaDB
    monkeypatch.setattr(state, "connection", sqlite)
    with pytest.raises(CommandError) as refused:
        call_command("adopt_legacy", **options)
    assert str(refused.value) == (
        "adopt_legacy works on the old MySQL or MariaDB database itself, and this is SQLite: "
        "set DATABASE_URL to mysql://..."
    )


@pytest.mark.parametrize("minutes", ["4", "721"])
def test_a_length_that_no_visit_has_is_refused(minutes):
    with pytest.raises(CommandError, match="--minutes must be from 5 to 720"):
        call_command("adopt_legacy", "--minutes", minutes)


def test_a_report_that_can_not_be_written_stops_the_run_first(tmp_path):
    with pytest.raises(CommandError, match="The report can't be written: No such file"):
        call_command("adopt_legacy", "--report", str(tmp_path / "nowhere" / "report.csv"))


def manage(database, *arguments, answer=""):
    values = connection.settings_dict
    where = f"{values['HOST'] or 'localhost'}:{values['PORT'] or 3306}"
    socket = values["OPTIONS"].get("unix_socket")
    url = f"mysql://{values['USER']}:{values['PASSWORD']}@{where}/{database.name}"
    return subprocess.run(
        [sys.executable, "manage.py", "adopt_legacy", *arguments],
        check=False,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": f"{url}?unix_socket={socket}" if socket else url},
        input=answer,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.mariadb
def test_the_operators_whole_way(old, tmp_path):
    real = manage(old, "--minutes", "20", "--report", str(tmp_path / "report.csv"))
    assert (real.returncode, real.stderr) == (0, "")
    assert "Appointments: 135 of 20 minutes" in real.stdout
    # How many decisions there are depends on the day: only visits to come can overlap.
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        written = len(list(csv.reader(file))) - 1
    assert written > 500
    assert f"Report: {written} lines written" in real.stdout
    assert real.stdout.index("Next:") < real.stdout.index("working hours")
    # A second run, with the default length, keeps to what was adopted.
    assert "Appointments: 135 of 20 minutes" in manage(old).stdout
    refused = manage(old, "--drop-originals", answer="yes\n")
    assert (refused.returncode, refused.stderr) == (1, "CommandError: Nothing was dropped.\n")
    assert manage(old, "--drop-originals", answer=f"{old.name}\n").returncode == 0
    assert "legacy_patients" not in old.tables()


@pytest.mark.mariadb
def test_a_difference_is_told_without_a_traceback(old):
    old.execute("UPDATE alembic_version SET version_num = 'abc'")
    stopped = manage(old)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("CommandError: Nothing was touched")
    assert "Traceback" not in stopped.stderr
