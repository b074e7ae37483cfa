"""Rows about pages under gunicorn, as in production: processor time of its workers and of the database."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.models import User
from bench.rows import Bench, Result, row
from bench.timing import Spread
from scheduling.clock import clinic_zone
from scheduling.models import Doctor
from scheduling.queries import tokens
from scheduling.times import clinic_day
from tests import crowd
from tools.starting import ROOT, wait_until_it_answers

ROUNDS: Final = 7
REQUESTS: Final = 20  # in each round
TO_TRY: Final = 4  # where it is only tried whether the row can be measured
WARM_UP: Final = 60  # every thread of every worker has been asked before
TICKS: Final = os.sysconf("SC_CLK_TCK")
HOST: Final = "localhost"
PRODUCTION: Final = {
    "BEHIND_TLS_PROXY": "true",
    "SECURE_SSL_REDIRECT": "true",
    "CONN_MAX_AGE": "60",
    "PYTHONWARNINGS": "ignore:No directory at",  # no files are collected for a measurement
}
PLAINEST: Final = "/healthz"
FLOOR: Final = "the processor time of the plainest page"


class Site:
    """gunicorn on a socket of its own, asked as a proxy asks it: a connection for each request."""

    def __init__(self, path: Path, server: subprocess.Popen[bytes], headers: Mapping[str, str]) -> None:
        self.path = path
        self.server = server
        self.headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip", **headers}

    def ask(self, address: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body, as it travels, of a GET, or of a POST of the body."""
        asked = http.client.HTTPConnection(HOST)
        asked.sock = socket.socket(socket.AF_UNIX)
        try:
            asked.sock.connect(str(self.path))
            asked.request("GET" if body is None else "POST", address, body, self.headers)
            answer = asked.getresponse()
            return answer.status, answer.read()
        finally:
            asked.close()

    def cost(self, ask: Callable[[], object], requests: int) -> float:
        """Milliseconds of processor time that a request takes, of all workers and of the database."""
        processes = [*_family(self.server.pid), *_database()]
        before = sum(map(_spent, processes))
        for _ in range(requests):
            ask()
        return (sum(map(_spent, processes)) - before) * 1000 / requests


def at_a_desk() -> dict[str, str]:
    """The headers of a receptionist's browser."""
    user, _ = User.objects.get_or_create(username="bench-desk")
    user.groups.add(Group.objects.get(name=roles.RECEPTIONIST))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}


@contextmanager
def site(headers: Mapping[str, str], **settings: str) -> Iterator[Site]:
    """`settings` are more variables of the environment."""
    with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder:
        path = Path(folder) / "socket"
        environment = os.environ | PRODUCTION | {"BIND": f"unix:{path}", **settings}
        environment["DATABASE_URL"] = _database_url()
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        command = [sys.executable, "-m", "gunicorn", "appointments_site.wsgi", "--log-level=warning"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            started = Site(path, server, headers)
            wait_until_it_answers(server, partial(_answers, started), lambda: "see above")
            yield started
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def _answers(started: Site) -> bool:
    try:
        return started.ask(PLAINEST)[0] == 200
    except OSError:
        return False


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _database() -> Iterable[int]:
    """The server's process, where there is one: its number lies beside the socket."""
    if connection.vendor == "sqlite":
        return []
    lies_in = Path(connection.settings_dict["OPTIONS"]["unix_socket"]).parent
    return [int((lies_in / "pid").read_text())]


def _database_url() -> str:
    """Of the database that was filled: in a test it is another one than the environment says."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _spent(pid: int) -> float:
    """Seconds that a process has spent on a processor, in its own code and in the kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def crowded_day(bench: Bench) -> Iterator[date]:
    """Tomorrow, at a clinic of 25 doctors: 400 visits in all states, free starts, buffers and time off."""
    now = timezone.now()
    day = clinic_day.day_of(now, clinic_zone()) + timedelta(days=1)
    others = Doctor.objects.filter(pk__lte=bench.shape.doctors)
    if not Doctor.objects.exclude(pk__in=others).exists():
        crowd.fill(day, now=now, doctors=bench.shape.board_doctors, visits=16 * bench.shape.board_doctors)
    others.update(is_active=False)
    try:
        yield day
    finally:
        others.update(is_active=True)


def served(name: str, bench: Bench, address: str, status: int) -> Result:
    """Every round asks so many times, then as many times for the plainest page: that is the floor."""
    with site(at_a_desk()) as at:
        result, body = measured_at(at, name, bench, partial(at.ask, address), status)
    result.detail = {"bytes_as_they_travel": len(body)}
    return result


def measured_at(
    at: Site, name: str, bench: Bench, ask: Callable[[], tuple[int, bytes]], status: int
) -> tuple[Result, bytes]:
    """The row, and what was answered last before it was measured."""
    plainest = partial(at.ask, PLAINEST)
    rounds = min(bench.rounds, ROUNDS)
    requests, warm_up = (REQUESTS, WARM_UP) if rounds == ROUNDS else (TO_TRY, 1)
    for _ in range(warm_up):
        answered, body = ask()
        assert answered == status, answered  # noqa: S101
        plainest()
    costs = [(at.cost(ask, requests), at.cost(plainest, requests * 5)) for _ in range(rounds)]
    work, floor = (Spread.of(list(each)) for each in zip(*costs, strict=True))
    return Result(name, work, floor, FLOOR), body


@row("crowded board under gunicorn, processor time")
def board(bench: Bench) -> Result:
    with crowded_day(bench) as day:
        result = served(
            "crowded board under gunicorn, processor time", bench, reverse("desk:day", args=[day]), 200
        )
    result.at_most(100, "ms", result.work.median)
    return result.at_most(60_000, "bytes", result.detail["bytes_as_they_travel"])


@row("crowded board under gunicorn, nothing changed")
def nothing_changed(bench: Bench) -> Result:
    with crowded_day(bench) as day:
        token = tokens.token(clinic_day.whole_day(day, bench.zone), timezone.now())
        address = f"{reverse('desk:day-changes', args=[day])}?token={token}"
        return served("crowded board under gunicorn, nothing changed", bench, address, 204)
