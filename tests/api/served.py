"""The test's own database under real gunicorn, and many clients that ask it at the same moment."""

import http.client
import json
import os
import sys
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import connection

from tools.server import serving

WORKERS = 4
EACH = 13  # connections that a worker takes at one time
PATIENCE = 300  # seconds; whoever hangs fails the test instead of stopping it


@dataclass(frozen=True)
class Answer:
    """`worker`: the process that gave it; `began` and `ended`: seconds on the machine's one clock."""

    status: int
    headers: dict
    body: dict
    worker: int
    began: float
    ended: float


def served(**env):
    """gunicorn on the database of the tests; a test has to have committed what is to be seen."""
    env = os.environ | {"DATABASE_URL": _database_url()} | env
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    # One worker alone would take most of the connections that come at once, before the others look.
    command = ["tests.api.witness", f"--worker-connections={EACH}"]
    return serving(sys.executable, env, workers=WORKERS, command=command)


def _database_url():
    """Of the database that the tests made: it has another name than the environment says."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def ask(server, secret, method, address, body=None, **more):
    """One request on a connection of its own."""
    client = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", **more}
    try:
        client.request(method, f"/api/v1/{address}", json.dumps(body, default=str), headers)
        answer = client.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        worker, began, ended = told.pop("x-witness").split()
        return Answer(answer.status, told, json.load(answer), int(worker), float(began), float(ended))
    finally:
        client.close()


def at_once(server, secret, method, address, bodies, **more):
    """Send one request for each body, all released at the same moment; answers in the order of the bodies.

    The server must have nothing to complain of meanwhile.
    """
    told = len(server.complaints())
    barrier = threading.Barrier(len(bodies))
    answers, failures = [None] * len(bodies), []

    def client(number, body):
        try:
            barrier.wait(PATIENCE)
            answers[number] = ask(server, secret, method, address, body, **more)
        except Exception as error:
            failures.append(repr(error))

    threads = [threading.Thread(target=client, args=each, daemon=True) for each in enumerate(bodies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not failures, failures
    assert None not in answers, "not everybody was answered in time"
    assert server.complaints()[told:] == []
    return answers


def met(answers):
    """Pairs of answers that different processes worked on at the same time."""
    return [
        (a, b)
        for place, a in enumerate(answers)
        for b in answers[place + 1 :]
        if a.worker != b.worker and a.began < b.ended and b.began < a.ended
    ]
