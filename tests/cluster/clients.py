"""What the clients do, over HTTP: book, move, change hours; and what they were told."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.cluster.clinic import PASSWORD

PATIENCE = 30  # seconds; a client that waits longer has found a fault
ZONE = ZoneInfo("Europe/Madrid")


@dataclass
class Log:
    """Everything that was answered, and what was acknowledged, by all clients together."""

    statuses: Counter = field(default_factory=Counter)
    longest: float = 0.0
    slowest: dict = field(default_factory=dict)  # what, status -> seconds
    writes: list = field(default_factory=list)  # seconds at which a write was acknowledged
    asked: dict = field(default_factory=dict)  # uuid -> seconds at which it was made up, to be booked
    booked: dict = field(default_factory=dict)  # uuid -> (version, start)
    hours: list = field(default_factory=list)  # uuids of extra hours
    failures: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, what, status, seconds):
        with self.lock:
            self.statuses[what, status] += 1
            self.longest = max(self.longest, seconds)
            self.slowest[what, status] = max(self.slowest.get((what, status), 0), round(seconds, 1))

    def acknowledged(self):
        with self.lock:
            self.writes.append(time.monotonic())


class Client:
    """One connection after another to one server."""

    def __init__(self, address, known, log, seed=0, *, movers=1):
        self.host, self.known, self.log = urlsplit(address).netloc, known, log
        self.random = random.Random(seed)
        self.number, self.movers = seed, movers
        self.cookies = {}

    def send(self, what, method, path, body=None, headers=None):
        """(status, headers, text). A connection that breaks is a fault of its own: status 0."""
        begun = time.monotonic()
        try:
            connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode()
            told = answer.getheaders()
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            status, text, told = 0, repr(error), []
            with self.log.lock:
                self.log.failures.append(f"{what}: {error!r}")
        self.log.answered(what, status, time.monotonic() - begun)
        for name, value in told:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return status, {name.lower(): value for name, value in told}, text

    def api(self, what, method, path, body=None, version=None):
        headers = {"Authorization": f"Bearer {self.known['secret']}", "Content-Type": "application/json"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        status, _told, text = self.send(what, method, f"/api/v1/{path}", json.dumps(body), headers)
        try:
            return status, json.loads(text)
        except ValueError:
            return status, {}

    def page(self, what, path, form=None):
        """A page of the desk, or what a form answers."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is None:
            return self.send(what, "GET", path, headers=headers)
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        token = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self.send(what, "POST", path, urlencode(token | form), headers)

    def sign_in(self):
        self.page("sign in", "/sign-in/")
        form = {"username": "manager", "password": PASSWORD, "next": ""}
        status, _told, _text = self.page("sign in", "/sign-in/", form)
        if status != 302:
            raise RuntimeError(f"signing in was answered with {status}")

    def some_start(self):
        """A start on the half hour within the hours, in the next 30 days."""
        day = datetime.now(ZONE).date() + timedelta(days=self.random.randint(1, 30))
        at = datetime(day.year, day.month, day.day, self.random.randint(8, 19), tzinfo=ZONE)
        return (at + timedelta(minutes=30 * self.random.randint(0, 1))).astimezone(UTC)

    def new_uuid(self):
        uuid = str(uuid4())
        with self.log.lock:
            self.log.asked[uuid] = time.monotonic()
        return uuid

    def some_booking(self):
        """A visit as the API is asked for it, under a uuid of its own."""
        return {
            "uuid": self.new_uuid(),
            "doctor_uuid": self.random.choice(self.known["doctors"]),
            "patient_uuid": self.random.choice(self.known["patients"]),
            "minutes": 30,
            "appointment_datetime": self.some_start().isoformat(),
        }

    def book(self):
        body = self.some_booking()
        status, answer = self.api("book", "POST", "appointments", body)
        while status in (0, 503):  # as a program should: the same again, under the same uuid
            time.sleep(0.2)
            status, answer = self.api("book", "POST", "appointments", body)
        if status in (200, 201):
            self.log.acknowledged()
            self._remember(answer)

    def move(self):
        with self.log.lock:  # each its own visits: another's would be refused as changed meanwhile
            mine = [uuid for uuid in self.log.booked if hash(uuid) % self.movers == self.number % self.movers]
        if not mine:
            time.sleep(0.1)
            return
        uuid = self.random.choice(mine)
        version, _start = self.log.booked[uuid]
        body = {"appointment_datetime": self.some_start().isoformat()}
        status, answer = self.api("move", "POST", f"appointments/{uuid}/move", body, version)
        if status == 200:
            self.log.acknowledged()
            self._remember(answer)

    def extra_hours(self):
        """An early session of one day, of a doctor; refused where there is one."""
        doctor = self.random.choice(self.known["doctors"])
        path = f"/desk/hours/{doctor}/extra/"
        day = datetime.now(ZONE).date() + timedelta(days=self.random.randint(2, 900))
        begin = self.random.choice(["05:00", "05:30", "06:00"])
        form = {"uuid": str(uuid4()), "first": day.isoformat(), "starts": begin, "ends": "07:00"}
        status, _told, _text = self.page("hours", path, form)
        if status == 302:
            self.log.acknowledged()
            with self.log.lock:
                self.log.hours.append(form["uuid"])

    def _remember(self, answer):
        with self.log.lock:
            before = self.log.booked.get(answer["uuid"], (0, ""))
            self.log.booked[answer["uuid"]] = max(before, (answer["version"], answer["appointment_datetime"]))


def run(clients, until):
    """Each of the clients does what it is for, again and again, until `until()` says so."""

    def loop(act, log):
        try:
            while not until():
                act()
        except Exception as error:
            with log.lock:
                log.failures.append(f"a client died: {error!r}")

    threads = [threading.Thread(target=loop, args=(act, client.log), daemon=True) for client, act in clients]
    for thread in threads:
        thread.start()
    return threads
