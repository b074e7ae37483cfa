"""Who books while it happens, at the desk and through the API; and who watches the server meanwhile."""

import threading
import time
from zoneinfo import ZoneInfo

from tests.cluster.clients import Client

ZONE = ZoneInfo("Europe/Madrid")


class Program(Client):
    """Books through the API, and reads."""

    def act(self):
        body = self.some_booking()
        status, answer = self.api("book", "POST", "appointments", body)
        if status == 503:  # as a program should: the same again, once
            time.sleep(0.3)
            status, answer = self.api("book", "POST", "appointments", body)
        if status in (200, 201):
            self._remember(answer)
            self.log.acknowledged()
        self.api("read", "GET", "doctors")
        time.sleep(0.2)


class Desk(Client):
    """Signed in at the desk: looks at the day, and books."""

    def act(self):
        uuid, start = self.new_uuid(), self.some_start().astimezone(ZONE)
        form = {
            "uuid": uuid,
            "patient": self.random.choice(self.known["patients"]),
            "visit_type": self.known["visit_type"],
            "doctor": self.random.choice(self.known["doctors"]),
            "day": start.date().isoformat(),
            "time": f"{start:%H:%M}",
            "status": "confirmed",
        }
        status, told, _text = self.page("book at the desk", "/desk/book/", form)
        if status == 302 and "sign-in" not in told.get("location", ""):
            with self.log.lock:
                self.log.booked[uuid] = (1, start.isoformat())
            self.log.acknowledged()
        self.page("look at the desk", f"/desk/day/{start.date().isoformat()}/")
        time.sleep(0.2)


class Watch:
    """Asks /healthz and /readyz all the time."""

    def __init__(self, address, log):
        self.client, self.longest, self.words = Client(address, {}, log), 0.0, set()
        self.statuses, self.slow, self.began = set(), [], time.monotonic()
        self.over = threading.Event()
        self.lasts = threading.Event()  # the outage
        self.threads = [threading.Thread(target=act, daemon=True) for act in (self._alive, self._ready)]
        for thread in self.threads:
            thread.start()

    def _alive(self):
        while not self.over.wait(0.1):
            begun = time.monotonic()
            status, _told, _text = self.client.send("healthz", "GET", "/healthz")
            took = time.monotonic() - begun
            self.longest = max(self.longest, took)
            if took > 0.5:
                self.slow.append((round(begun - self.began, 1), round(took, 2)))
            self.statuses.add(status)

    def _ready(self):
        while not self.over.wait(0.5):
            during = self.lasts.is_set()
            _status, _told, text = self.client.send("readyz", "GET", "/readyz")
            if during and self.lasts.is_set():
                self.words.add(text.strip()[:20])

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(30)
