"""The program under gunicorn, as in production, on a free port of this machine."""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tools.starting import ROOT, last_line, wait_until_it_answers

USUAL = ("appointments_site.wsgi",)
# Written for answers from 400 on, ours and gunicorn's own: a test that asks for them has thousands.
EXPECTED = (
    "WARNING django.request",
    "INFO django.request",
    "WARNING gunicorn.error [-] Invalid request",
    "Successful connection to the database!",
)


@dataclass(frozen=True)
class Server:
    address: str
    pid: int
    log: Path

    def lines(self) -> list[str]:
        """All that it logged."""
        return self.log.read_text(errors="replace").splitlines()

    def complaints(self) -> list[str]:
        """What it logged beyond its start and answers that were meant; tracebacks with it."""
        return [line for line in self.lines() if not any(text in line for text in EXPECTED)]


@contextmanager
def serving(
    python: str | Path, env: Mapping[str, str], *, workers: int, command: Sequence[str] = USUAL
) -> Iterator[Server]:
    """gunicorn in this environment, until the block ends; `command`: what to serve, and how else.

    Raises `NotStarted` where it does not come up.
    """
    port = free_port()
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
            wait_until_it_answers(
                process, lambda: _answers(server), lambda: last_line(log.read_text(errors="replace"))
            )
            yield server
        finally:
            _end(process)


def free_port() -> int:
    """One that nobody listens on, of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(server: Server) -> bool:
    try:
        with urlopen(f"{server.address}/healthz", timeout=30):  # noqa: S310  (an http address of our own)
            return True
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
