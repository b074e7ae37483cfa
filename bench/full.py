"""Rows about a clinic without a free minute. After the others about bookings: they fill the book."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Final

from django.db.models import Model

from bench import clinic, fill, processor
from bench.reading import claims_where, next_starts_from
from bench.rows import Bench, Result, row
from bench.timing import Asked, Spread
from scheduling.booking import openings
from scheduling.models import Appointment, AppointmentEvent, Claim
from scheduling.times import clinic_day, grid
from scheduling.times.intervals import Interval

ENGINE: Final = "search when full, processor time"
ROUNDS: Final = 7
CALLS: Final = 10  # in each round


@row("next 10 free starts where 60 days are full")
def next_starts_when_full(bench: Bench) -> Result:
    fill_days(bench, clinic.FULL_FROM)
    name = "next 10 free starts where 60 days are full"
    result = next_starts_from(bench, name, clinic.FULL_FROM, read_days=clinic.FULL_DAYS)
    return result.at_most(8, "queries", result.queries)


@row(ENGINE)
def search_when_full(bench: Bench) -> Result:
    """Of this process and of the database; the floor counts the same claims, by their primary key."""
    fill_days(bench, clinic.FULL_FROM)
    span = days(bench, clinic.FULL_FROM)

    def search() -> object:
        return openings.next_starts(bench.doctors, minutes=30, span=span, now=clinic.NOW)

    where = claims_where(bench, grid.grain_of(span.start), grid.grain_of(span.end))
    count = partial(bench.floor.select, f"SELECT COUNT(*) FROM claims WHERE {where}")  # noqa: S608
    with Asked() as asked:
        found = search()
    assert found == [], found  # noqa: S101
    calls, rounds = (CALLS, ROUNDS) if bench.rounds > ROUNDS else (1, 1)
    costs = [(_cost(search, calls), _cost(count, calls)) for _ in range(rounds)]
    work, floor = (Spread.of(list(each)) for each in zip(*costs, strict=True))
    result = Result(ENGINE, work, floor, "a COUNT of the same claims", queries=asked.queries)
    result.detail = {"rows_read": asked.rows()}
    return result.at_most(150, "ms", work.median).at_most(8, "queries", result.queries)


def days(bench: Bench, first: date) -> Interval:
    last = clinic_day.whole_day(first + timedelta(days=clinic.FULL_DAYS), bench.zone)
    return Interval(clinic_day.whole_day(first, bench.zone).start, last.start)


def fill_days(bench: Bench, first: date) -> None:
    """The days from this one on, unless another row did it."""
    span = days(bench, first)
    theirs = Claim.objects.filter(doctor_id__lte=bench.shape.doctors)
    if not theirs.filter(grain__gte=grid.grain_of(span.start), grain__lt=grid.grain_of(span.end)).exists():
        # Its visits and their events have the same keys: above those of either.
        last = max(_last(Appointment), _last(AppointmentEvent))
        fill.appointments(list(clinic.full_days(bench.shape, bench.zone, last + 1, first)))


def _last(model: type[Model]) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _cost(call: Callable[[], object], calls: int) -> float:
    """Milliseconds of processor time of a call, here and in the database."""
    began, before = time.process_time(), processor.spent(processor.database())
    for _ in range(calls):
        call()
    there = processor.spent(processor.database()) - before
    return (time.process_time() - began + there) * 1000 / calls
