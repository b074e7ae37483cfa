"""The private MariaDB lives as long as the script that asked for it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import mariadb
from tools.starting import ROOT, NotStarted

pytestmark = pytest.mark.mariadb


def folder_of(url):
    return Path(url.partition("unix_socket=")[2]).parent


def ask(url, question):
    client = ["mariadb", "--no-defaults", f"--socket={folder_of(url)}/socket", "--user=root"]
    return subprocess.run([*client, "-N", "-e", question], capture_output=True, text=True, check=True).stdout


def test_it_answers_with_an_empty_database_and_leaves_nothing_behind(tmp_path):
    with mariadb.running(parent=str(tmp_path)) as url:
        assert url.startswith("mysql://root@localhost/clinic?unix_socket=")
        assert ask(url, "SHOW TABLES IN clinic") == ""
        assert ask(url, "SELECT @@skip_networking, @@innodb_flush_log_at_trx_commit") == "1\t0\n"
        assert folder_of(url).is_dir()
    assert not folder_of(url).exists()


def test_temporary_tables_of_another_server_stay(tmp_path, monkeypatch):
    """One that starts takes all in its temporary folder for what it left there itself, and removes it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "#sql-temptable-1-1-1.MAI").write_text("of another server")
    with mariadb.running(parent=str(tmp_path)) as url:
        assert ask(url, "SELECT @@tmpdir") == f"{folder_of(url)}/tmp\n"
    assert (tmp_path / "#sql-temptable-1-1-1.MAI").exists()


def test_a_durable_one_commits_to_the_disk():
    with mariadb.running(durable=True, options=["--max-connections=17"]) as url:
        question = "SELECT @@innodb_flush_log_at_trx_commit, @@innodb_doublewrite, @@max_connections"
        assert ask(url, question) == "1\t1\t17\n"


def test_a_server_that_cannot_start_says_why_in_one_line():
    with (
        pytest.raises(NotStarted, match=r"MariaDB: It did not start: .*no-such-option"),
        mariadb.running(options=["--no-such-option"]),
    ):
        pass


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_however_its_script_ends_the_server_goes(end):
    script = subprocess.Popen(
        [sys.executable, "-m", "tools.mariadb"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with script:
        folder = folder_of(script.stdout.readline().strip())
        keeper_and_server = _processes_naming(folder)
        assert keeper_and_server
        script.send_signal(end)
    _wait(lambda: not folder.exists())
    assert not folder.exists()
    assert _processes_naming(folder) == []


def _processes_naming(folder):
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if os.fsencode(folder) in process.read_bytes():
                found.append(process.parent.name)
        except OSError:
            continue
    return found


def _wait(condition, seconds=300):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
