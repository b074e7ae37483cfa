"""Clients that ask all at once, each on a connection that it keeps, as browsers and programs do."""

from __future__ import annotations

import gzip
import http.client
import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from bench import processor
from bench.entry import Entry
from bench.site import HOST

PATIENCE: Final = 60  # seconds that a client waits for an answer


class Client:
    """One browser or program. `cookies` and `headers` are those that it comes with."""

    def __init__(self, entry: Entry, *, cookies: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self.connection = _Connection(entry)
        self.cookies = dict(cookies)
        self.headers = {"Accept-Encoding": "gzip", **entry.headers, **headers}
        self.answers = 0
        self.taken = 0  # of the answers: 409
        self.wrong: list[int] = []  # statuses of those that were neither expected nor 409; 0: no answer
        self.wait = 0.0  # milliseconds until the last answer was there
        self.size = 0  # bytes of the largest body, as it travelled

    def ask(
        self,
        address: str,
        body: bytes | None = None,
        *,
        expected: int,
        headers: Mapping[str, str] | None = None,
    ) -> str | None:
        """A GET, or a POST of the body; gives what was answered, or None where that is not the expected."""
        began = time.perf_counter()
        status, said = self._ask(address, body, headers or {})
        self.wait = (time.perf_counter() - began) * 1000
        self.answers += 1
        if status == expected:
            return said
        if status == HTTPStatus.CONFLICT:
            self.taken += 1
        else:
            self.wrong.append(status)
        return None

    def close(self) -> None:
        self.connection.close()

    def _ask(self, address: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        whole = {**self.headers, **headers, **({"Cookie": cookies} if cookies else {})}
        try:
            self.connection.request("GET" if body is None else "POST", address, body, whole)
            answer = self.connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, ""
        self.size = max(self.size, len(said))
        for given in answer.headers.get_all("Set-Cookie", []):
            name, _, value = given.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers["Content-Encoding"] == "gzip":
            said = gzip.decompress(said)
        return answer.status, said.decode()


class _Connection(http.client.HTTPConnection):
    """Made when something is asked, and again where it was closed."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(HOST)
        self.entry = entry

    def connect(self) -> None:
        self.sock = self.entry.connect()
        self.sock.settimeout(PATIENCE)


Operation = Callable[[Client], bool]  # whether it was done


@dataclass(frozen=True)
class Operated:
    """One operation of one client. In milliseconds: all of it, and its last request."""

    is_done: bool
    whole: float
    last: float


@dataclass
class Load:
    """What came of so many clients. Milliseconds; `costs` and `floors` are processor time of an operation."""

    clients: int
    operated: list[Operated] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    own: float = 0.0  # seconds of processor time that the clients took
    seconds: float = 0.0
    answers: int = 0
    taken: int = 0
    wrong: list[int] = field(default_factory=list)
    size: int = 0  # bytes of the largest body, as it travelled

    def within(self, percent: int) -> float:
        """Milliseconds within which so many of a hundred operations are done."""
        return _percentile([each.whole for each in self.operated if each.is_done], percent)

    def last_within(self, percent: int) -> float:
        return _percentile([each.last for each in self.operated if each.is_done], percent)

    @property
    def errors(self) -> float:
        """Of a hundred answers, how many were neither what was expected nor 409."""
        return 100 * len(self.wrong) / self.answers

    def as_json(self) -> dict[str, Any]:
        return {
            "clients": self.clients,
            "processor_ms": round(sum(self.costs) / len(self.costs), 3),
            **{f"p{percent}_ms": round(self.within(percent), 2) for percent in (50, 95, 99)},
            "last_p95_ms": round(self.last_within(95), 2),
            "a_second": round(sum(each.is_done for each in self.operated) / self.seconds, 1),
            "processor_ms_of_the_client": round(self.own * 1000 / len(self.operated), 3),
            "operations": len(self.operated),
            "answers": self.answers,
            "bytes": self.size,
            "taken": self.taken,
            "errors_percent": round(self.errors, 3),
            "wrong_statuses": sorted(set(self.wrong)),
        }


def load(
    entry: Entry,
    clients: Sequence[Client],
    operation: Operation,
    others: Sequence[Client],
    floor: Operation | None,
    *,
    rounds: int,
    seconds: float,
) -> Load:
    """As much as these clients do in so many seconds, a fifth of it for the floor, by the others."""
    came = Load(len(clients))
    for_floor = seconds / 5 / rounds if floor else 0.0
    for _ in range(rounds):
        began, own = time.perf_counter(), time.process_time()
        cost, operated = _costed(entry, clients, operation, seconds / rounds - for_floor)
        came.seconds += time.perf_counter() - began
        came.own += time.process_time() - own
        came.operated += operated
        came.costs.append(cost)
        if floor:
            came.floors.append(_costed(entry, others, floor, for_floor)[0])
    for client in clients:
        came.answers += client.answers
        came.taken += client.taken
        came.wrong += client.wrong
        came.size = max(came.size, client.size)
    assert any(each.is_done for each in came.operated), f"nothing was done: {came.wrong}"  # noqa: S101
    return came


def together(clients: Sequence[Client], operation: Operation, seconds: float) -> list[Operated]:
    """What each of the clients does at the same time, again and again, once at least."""
    until = time.perf_counter() + seconds

    def go_on(client: Client) -> list[Operated]:
        operated: list[Operated] = []
        before = time.perf_counter()
        while not operated or before < until:
            is_done = operation(client)
            after = time.perf_counter()
            operated.append(Operated(is_done, (after - before) * 1000, client.wait))
            before = after
        return operated

    with ThreadPoolExecutor(len(clients)) as threads:
        return [each for operated in threads.map(go_on, clients) for each in operated]


def _costed(
    entry: Entry, clients: Sequence[Client], operation: Operation, seconds: float
) -> tuple[float, list[Operated]]:
    """Milliseconds of processor time of an operation, of all that serves, and what was done."""
    before = processor.spent(entry.processes())
    operated = together(clients, operation, seconds)
    return (processor.spent(entry.processes()) - before) * 1000 / len(operated), operated


def _percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values that so many of a hundred do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]
