"""What has happened at the demo clinic by now: who came, who is waiting, who did not come."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from accounts.models import User
from scheduling.booking import actions
from scheduling.booking.actions import Wish
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status

NO_SHOWS, CANCELLED = 0.1, 0.06  # shares of a day's visits
CONFIRMED = 0.5  # share of the requests that the day before brings an answer to
EARLY: Final = (4, 8, 12, 17, 25)  # minutes that patients are here before their time
LATE: Final = (2, 5, 8, 13, 21)  # minutes that doctors begin after it
REASONS: Final = ("Cannot leave work", "Feels well again", "Travelling that day")


class Step(NamedTuple):
    at: datetime
    to: Status


def happen(visits: list[Appointment], *, by: User, now: datetime, seed: str) -> None:
    """Take the visits, none later than today, to where they stand at the aware `now`."""
    chance = Random(seed)  # noqa: S311  (the same demo for everybody)
    for visit in visits:
        current = visit
        for step in _steps(visit, chance):
            if step.at > now:
                break
            current = _taken(current, step, by, chance)


def _steps(visit: Appointment, chance: Random) -> Iterator[Step]:
    start, fate = visit.appointment_datetime, chance.random()
    early = timedelta(minutes=chance.choice(EARLY))
    if fate < CANCELLED:
        yield Step(start - timedelta(hours=18), Status.CANCELLED)
        return
    if visit.status == Status.PENDING and chance.random() < CONFIRMED:
        yield Step(start - timedelta(hours=20), Status.CONFIRMED)
    if fate > 1 - NO_SHOWS:
        yield Step(start + timedelta(minutes=15), Status.NO_SHOW)
        return
    yield Step(start - early, Status.ARRIVED)
    late = timedelta(minutes=chance.choice(LATE))
    yield Step(start + late, Status.IN_PROGRESS)
    yield Step(visit.ends_at + late, Status.COMPLETED)


def _taken(visit: Appointment, step: Step, by: User, chance: Random) -> Appointment:
    seen = Seen.of(visit)
    if step.to == Status.CANCELLED:
        return actions.cancel(seen, reason=chance.choice(REASONS), wish=Wish.PATIENT, by=by, now=step.at)
    return actions.set_status(seen, step.to, by=by, now=step.at)
