"""Rows about what people and programs ask for over HTTP, many at once: processor time, and their waits."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from django.urls import reverse

from bench.clients import Client, Load, Operation, load, together
from bench.rows import Bench, Result, row
from bench.served import crowded_day
from bench.site import at_a_desk, of_a_program
from bench.timing import Spread
from scheduling.models import Doctor

CLIENTS: Final = (4, 16)  # at once, one number after the other
TO_TRY: Final = (1, 2)  # where it is only tried whether the row can be measured
LONGEST: Final = 10.0  # seconds for each number of clients
WARM_UP: Final = 0.1  # of that time, before it
ROUNDS: Final = 5
FLOOR_IS: Final = "the processor time of an empty page of somebody signed in"
FLOOR: Final = "an empty page over HTTP"
OPENINGS: Final = "openings of a doctor's day over HTTP"
BOARD: Final = "the board of 50 doctors over HTTP"
PATIENTS: Final = "the list of patients over HTTP"
LARGEST_PAGE: Final = 12_000  # bytes, compressed, of a page without a board
LARGEST_BOARD: Final = 60_000

Who = Callable[[Bench], Client]


def receptionist(bench: Bench) -> Client:
    return Client(bench.entry, cookies=at_a_desk(), headers={})


def program(bench: Bench) -> Client:
    return Client(bench.entry, cookies={}, headers=of_a_program())


def page(address: str) -> Operation:
    """A GET of this address."""
    return lambda client: client.ask(address, expected=200) is not None


def over_http(bench: Bench, name: str, operation: Operation, who: Who = receptionist) -> Result:
    """The row of an operation, in turn with the floor unless it is that itself."""
    is_trial = bench.rounds < ROUNDS
    rounds, counts, seconds = ROUNDS, CLIENTS, min(bench.seconds, LONGEST)
    if is_trial:
        rounds, counts = 1, TO_TRY
    floor = None if name == FLOOR else page(reverse("desk:keys"))
    loads: list[Load] = []
    for count in counts:
        with _all(who, bench, count) as clients, _all(receptionist, bench, count) as others:
            if not is_trial:  # their connections are there before it counts, and every worker was asked
                together(clients, operation, seconds * WARM_UP)
                together(others, floor or operation, seconds * WARM_UP)
            loads.append(load(bench.entry, clients, operation, others, floor, rounds=rounds, seconds=seconds))
    return _result(bench, name, loads)


@contextmanager
def _all(who: Who, bench: Bench, count: int) -> Iterator[list[Client]]:
    with ExitStack() as opened:
        yield [opened.enter_context(closing(who(bench))) for _ in range(count)]


def _result(bench: Bench, name: str, loads: Sequence[Load]) -> Result:
    work = Spread.of([cost for each in loads for cost in each.costs])
    floors = [cost for each in loads for cost in each.floors]
    result = Result(name, work, Spread.of(floors) if floors else None, FLOOR_IS if floors else "")
    result.over_http = {"entry": bench.entry.name, "loads": [each.as_json() for each in loads]}
    return result.at_most(0.1, "% errors", max(each.errors for each in loads))


def soon(result: Result, percent: int, limit: float, *, of_the_last: bool = False) -> Result:
    """Add a bar: milliseconds within which so many of a hundred operations are done, with the most clients.
    `of_the_last`: only their last requests."""
    most = result.over_http["loads"][-1]
    figure, what = (f"last_p{percent}_ms", " last requests") if of_the_last else (f"p{percent}_ms", "")
    return result.at_most(limit, f"ms for {percent} of 100{what}, {most['clients']} clients", most[figure])


def light(result: Result, limit: float) -> Result:
    """Add a bar for what travels."""
    sizes = [each["bytes"] for each in result.over_http["loads"]]
    return result.at_most(limit, "bytes", max(sizes))


@row(FLOOR)
def empty_page(bench: Bench) -> Result:
    return light(over_http(bench, FLOOR, page(reverse("desk:keys"))), LARGEST_PAGE)


@row(OPENINGS)
def openings(bench: Bench) -> Result:
    """Of a doctor picked at random on the crowded day."""
    with crowded_day(bench) as day:
        query = f"&from={day}&days=1&visit_type={bench.check_up.uuid}"
        start = f"{reverse('api:list_openings')}?doctor="
        addresses = [f"{start}{doctor.uuid}{query}" for doctor in Doctor.objects.active()]

        def ask(client: Client) -> bool:
            return client.ask(random.choice(addresses), expected=200) is not None

        result = over_http(bench, OPENINGS, ask, program)
    return soon(soon(result, 95, 150), 99, 300)


@row(BOARD)
def board(bench: Bench) -> Result:
    with crowded_day(bench, doctors=bench.shape.doctors) as day:
        result = over_http(bench, BOARD, page(reverse("desk:day", args=[day])))
    return light(result, LARGEST_BOARD)


@row(PATIENTS)
def patients(bench: Bench) -> Result:
    return light(over_http(bench, PATIENTS, page(reverse("desk:patients"))), LARGEST_PAGE)
