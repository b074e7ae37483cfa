"""The program under gunicorn, as in production, on a free port of this machine."""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tools.console import ROOT, Stop, last_line

USUAL = ("appointments_site.wsgi",)
START_SECONDS = 30
# Written for answers from 400 on, ours and gunicorn's own: a test that asks for them has thousands.
EXPECTED = ("WARNING django.request", "[WARNING] Invalid request", "Successful connection to the database!")


@dataclass(frozen=True)
class Server:
    address: str
    pid: int
    log: Path

    def complaints(self) -> list[str]:
        """What it logged beyond its start and answers that were meant; tracebacks with it."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if not any(text in line for text in EXPECTED)]


@contextmanager
def serving(
    python: str | Path, env: Mapping[str, str], *, workers: int, command: Sequence[str] = USUAL
) -> Iterator[Server]:
    """gunicorn in this environment, until the block ends; `command`: what to serve, and how else."""
    port = _free_port()
    own = {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": str(workers)}
    own["PYTHONWARNINGS"] = "ignore:No directory at"  # no static files are collected for this
    whole = [str(python), "-m", "gunicorn", *command, "--log-level=warning"]
    with tempfile.TemporaryDirectory(prefix="clinic-server-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                whole, cwd=ROOT, env={**env, **own}, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        try:
            server = Server(f"http://127.0.0.1:{port}", process.pid, log)
            _wait_until_it_answers(server, process)
            yield server
        finally:
            _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{server.address}/healthz", timeout=5):  # noqa: S310  (an http address of our own)
                return
        except OSError:
            time.sleep(0.05)
    raise Stop(f"gunicorn does not answer: {last_line(server.log.read_text(errors='replace'))}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
