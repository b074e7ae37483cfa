"""Rows about pages under gunicorn, as in production: processor time of its workers and of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Final

from django.urls import reverse
from django.utils import timezone

from bench.rows import Bench, Result, row
from bench.site import PLAINEST, at_a_desk, site
from bench.timing import Spread
from scheduling.clock import clinic_zone
from scheduling.models import Doctor
from scheduling.queries import tokens
from scheduling.times import clinic_day
from tests import crowd

ROUNDS: Final = 7
REQUESTS: Final = 20  # in each round
TO_TRY: Final = 4  # where it is only tried whether the row can be measured
WARM_UP: Final = 60  # every thread of every worker has been asked before
FLOOR: Final = "the processor time of the plainest page"


@contextmanager
def crowded_day(bench: Bench, doctors: int | None = None) -> Iterator[date]:
    """Tomorrow, at a clinic of 25 doctors or of so many, 16 visits of each: in all states, with free starts,
    buffers and time off."""
    wanted, now = doctors or bench.shape.board_doctors, timezone.now()
    day = clinic_day.day_of(now, clinic_zone()) + timedelta(days=1)
    ours = Doctor.objects.filter(pk__lte=bench.shape.doctors)
    others = Doctor.objects.filter(pk__gt=bench.shape.doctors)
    there = others.count()
    if there < wanted:
        lacking = wanted - there
        crowd.fill(day, now=now, doctors=lacking, visits=16 * lacking, seed=7 + there)
    beyond = others.filter(pk__in=list(others.order_by("pk").values_list("pk", flat=True)[wanted:]))
    others.update(is_active=True)
    beyond.update(is_active=False)
    ours.update(is_active=False)
    try:
        yield day
    finally:
        ours.update(is_active=True)


def served(name: str, bench: Bench, address: str, status: int) -> Result:
    """Every round asks so many times, then as many times for the plainest page: that is the floor."""
    rounds = min(bench.rounds, ROUNDS)
    requests, warm_up = (REQUESTS, WARM_UP) if rounds == ROUNDS else (TO_TRY, 1)
    cookies = "; ".join(f"{name}={value}" for name, value in at_a_desk().items())
    with site({"Cookie": cookies}) as at:
        ask, plainest = partial(at.ask, address), partial(at.ask, PLAINEST)
        for _ in range(warm_up):
            answered, body = ask()
            assert answered == status, answered  # noqa: S101
            plainest()
        costs = [(at.cost(ask, requests), at.cost(plainest, requests * 5)) for _ in range(rounds)]
    work, floor = (Spread.of(list(each)) for each in zip(*costs, strict=True))
    return Result(name, work, floor, FLOOR, detail={"bytes_as_they_travel": len(body)})


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
