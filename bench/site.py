"""The program under gunicorn, as in production, over the database that was filled."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import api_keys, roles
from accounts.models import Scope, User
from bench import processor
from tools.starting import ROOT, last_line, wait_until_it_answers

HOST: Final = "clinic.example"  # the site's name in deploy/
PRODUCTION: Final = {
    "ALLOWED_HOSTS": HOST,
    "BEHIND_TLS_PROXY": "true",
    "TRUSTED_PROXIES": "1",
    "SECURE_SSL_REDIRECT": "true",
    "CONN_MAX_AGE": "60",
    "PYTHONWARNINGS": "ignore:No directory at",  # no files are collected for a measurement
    # One key asks here for all programs of a clinic.
    "API_BOOKINGS_A_MINUTE": "1000000",
    "API_READS_A_MINUTE": "1000000",
}
OF_A_PROXY: Final = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
EXPECTED: Final = "INFO django.request"
PLAINEST: Final = "/healthz"


class Site:
    """gunicorn on a socket of its own, asked as a proxy asks it: a connection for each request."""

    def __init__(self, path: Path, server: subprocess.Popen[bytes], headers: Mapping[str, str]) -> None:
        self.path = path
        self.server = server
        self.headers = {**OF_A_PROXY, "Accept-Encoding": "gzip", **headers}

    def connect(self) -> socket.socket:
        connected = socket.socket(socket.AF_UNIX)
        try:
            connected.connect(str(self.path))
        except OSError:
            connected.close()
            raise
        return connected

    def ask(self, address: str) -> tuple[int, bytes]:
        """Status and body, as it travels, of a GET."""
        asked = http.client.HTTPConnection(HOST)
        try:
            asked.sock = self.connect()
            asked.request("GET", address, headers=self.headers)
            answer = asked.getresponse()
            return answer.status, answer.read()
        finally:
            asked.close()

    def processes(self) -> list[int]:
        """Of gunicorn and of the database."""
        return [*processor.family(self.server.pid), *processor.database()]

    def cost(self, ask: Callable[[], object], requests: int) -> float:
        """Milliseconds of processor time that a request takes, of all workers and of the database."""
        before = processor.spent(self.processes())
        for _ in range(requests):
            ask()
        return (processor.spent(self.processes()) - before) * 1000 / requests


def at_a_desk() -> dict[str, str]:
    """The cookies of a receptionist's browser, who signs in for it."""
    user, _ = User.objects.get_or_create(username="bench-desk")
    user.groups.add(Group.objects.get(name=roles.RECEPTIONIST))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {name: morsel.value for name, morsel in client.cookies.items()}


def of_a_program() -> dict[str, str]:
    """The headers of a program with a new key, which may read and book."""
    _key, secret = api_keys.issue(f"bench {uuid4()}", Scope.BOOK, expires_at=None, now=timezone.now())
    return {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}


@contextmanager
def site(headers: Mapping[str, str]) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder:
        Path(folder).chmod(0o711)  # nginx has an account of its own
        path = Path(folder) / "socket"
        environment = os.environ | PRODUCTION | {"BIND": f"unix:{path}", "DATABASE_URL": _database_url()}
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        command = [sys.executable, "-m", "gunicorn", "appointments_site.wsgi", "--log-level=warning"]
        log = Path(folder) / "log"
        with log.open("wb") as out:
            server = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=out
            )
        try:
            started = Site(path, server, headers)
            wait_until_it_answers(server, partial(_answers, started), lambda: last_line(log.read_text()))
            yield started
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
            _say(log)


def _say(log: Path) -> None:
    """What was logged, but for refusals: clients want a time that another has just got."""
    for line in log.read_text().splitlines():
        if EXPECTED not in line:
            print(line, file=sys.stderr, flush=True)


def _answers(started: Site) -> bool:
    try:
        return started.ask(PLAINEST)[0] == 200
    except OSError:
        return False


def _database_url() -> str:
    """Of the database that was filled: in a test it is another one than the environment says."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
