"""Rows about writing: one booking, and several desks at once."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from bench import clinic, crowd
from bench.floor import Floor
from bench.rows import Bench, Result, measured, row
from bench.timing import Spread
from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.models import Appointment, Doctor, Patient
from scheduling.times import grid

FIRST_DAY = clinic.TODAY + timedelta(days=60)  # a free week: nothing is booked so far ahead
CROWD_DAY = clinic.TODAY + timedelta(days=81)  # weeks that the crowd fills
SLOTS_A_DAY = 16
WORKERS = (1, 4)
RUNS = 3
BOOKING, FLOOR = "book through actions.book", "a bare INSERT and COMMIT of one row"


def proposal(bench: Bench, doctor: Doctor, patient: Patient, start: datetime) -> Proposal:
    return Proposal(
        uuid=UUID(int=random.getrandbits(128), version=4),
        doctor=doctor,
        patient=patient,
        visit_type=bench.check_up,
        start=start,
        description="Pain in the left knee",
    )


def slot(bench: Bench, number: int, first: datetime) -> tuple[Doctor, datetime]:
    """The n-th half hour of a weekday's open hours, doctor by doctor, then slot by slot, then day by day."""
    turn, doctor = divmod(number, len(bench.doctors))
    day, place = divmod(turn, SLOTS_A_DAY)
    week, weekday = divmod(day, 5)
    grain = place * clinic.CHECK_UP.grains
    grain += 0 if grain < 60 else 12  # the break between the sessions
    return bench.doctors[doctor], first + timedelta(days=week * 7 + weekday, minutes=grain * 5)


def monday(bench: Bench, day: date) -> datetime:
    """When the first session begins on the first Monday from a day on."""
    day += timedelta(days=-day.weekday() % 7)
    return grid.instant_of(clinic.first_grain(day, clinic.SESSIONS[0], bench.zone))


@row(BOOKING)
def book(bench: Bench) -> Result:
    first = monday(bench, FIRST_DAY)

    def work(number: int) -> Appointment:
        doctor, start = slot(bench, number + 2, first)
        patient = bench.patients[(number + 2) % len(bench.patients)]
        return actions.book(proposal(bench, doctor, patient, start), by=None, now=clinic.NOW)

    result = measured(bench, BOOKING, work, bench.floor.insert, FLOOR)
    return result.at_most(4.5, "times the floor", result.ratio)


def _by_desks(workers: int) -> None:
    name = f"bookings a second, {workers} worker{'s' if workers > 1 else ''}"

    @row(name)
    def desks(bench: Bench) -> Result:
        booked: list[float] = []
        plain: list[float] = []
        told = crowd.Tally()
        for run in range(RUNS):
            # Every run has a week of its own, from which all desks pick at random: some want the same time.
            first = monday(bench, CROWD_DAY + timedelta(days=7 * (run + RUNS * WORKERS.index(workers))))
            tally = crowd.rush(workers, bench.seconds / 4, partial(_desk, bench, first))
            told += tally
            booked.append(tally.done / tally.seconds)
            floor = crowd.rush(workers, bench.seconds / 4, _plain)
            plain.append(floor.done / floor.seconds)
        detail = {"booked": told.done, "taken": told.refused, "ran_again": told.retries}
        asked = told.done + told.refused + told.failed
        detail |= {"failed": told.failed, "asked": asked, "slowest_ms": round(told.slowest * 1000)}
        floor_is = "bare INSERTs and COMMITs a second by as many workers"
        return Result(name, Spread.of(booked), Spread.of(plain), floor_is, unit="1/s", detail=detail)


for _workers in WORKERS:
    _by_desks(_workers)


def _desk(bench: Bench, first: datetime, worker: int) -> crowd.Attempt:
    chance = random.Random()
    mine = bench.patients[worker :: max(WORKERS)]

    def attempt() -> bool:
        number = chance.randrange(len(bench.doctors) * SLOTS_A_DAY * 5)
        doctor, start = slot(bench, number, first)
        asked = proposal(bench, doctor, chance.choice(mine), start)
        try:
            actions.book(asked, by=None, now=clinic.NOW)
        except actions.Refused:
            return False
        return True

    return attempt


def _plain(_worker: int) -> crowd.Attempt:
    floor = Floor()

    def attempt() -> bool:
        floor.insert()
        return True

    return attempt
