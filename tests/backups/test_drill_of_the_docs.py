"""The drill of docs/backups.md, as it stands there, with the settings of an installed clinic."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

from tests.starting import PRODUCTION, ROOT

pytestmark = pytest.mark.once
BLOCK = re.compile(r"## The drill\n.*?```\n(.*?)```", re.DOTALL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_it_shows_the_restored_clinic_and_leaves_nothing_behind(backup, tmp_path):
    port, text = free_port(), BLOCK.search((ROOT / "docs" / "backups.md").read_text()).group(1)
    script, count = re.subn(r"/srv/backups/\S+\.zip", str(backup), text)
    assert count == 1
    script = script.replace("127.0.0.1:8001", f"127.0.0.1:{port} --noreload")
    # The person who has looked ends the server by Ctrl-C, and goes on.
    script = "trap : INT\n" + re.sub(r"\bpython\b", sys.executable, script)
    env = os.environ | PRODUCTION | {"TMPDIR": str(tmp_path)}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            ["bash", "-e", "-c", script], cwd=ROOT, env=env, stdout=said, stderr=said, start_new_session=True
        )
        try:
            assert "Sign in" in page(f"http://127.0.0.1:{port}/sign-in/")
            (database,) = tmp_path.glob("*/drill.sqlite3")
            assert database.stat().st_mode & 0o077 == 0
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(30)
    assert "as the backup says" in (tmp_path / "said").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["said"]


def page(address):
    until = time.monotonic() + 60
    while True:
        try:
            with urlopen(address, timeout=30) as answer:
                return answer.read().decode()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.2)
