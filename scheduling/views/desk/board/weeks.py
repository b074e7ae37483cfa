"""The same weekday one, two and four weeks after a visit that is moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from scheduling.clock import clinic_zone
from scheduling.models import Appointment
from scheduling.times import clinic_day
from scheduling.times.possible import meant

WEEKS: Final = (1, 2, 4)


@dataclass(frozen=True)
class WeekOn:
    weeks: int
    day: date
    href: str


def on(moving: Appointment | None, now: datetime, board_of: Callable[[date], str]) -> Sequence[WeekOn]:
    """None where nothing is moved."""
    if moving is None:
        return ()
    stands = clinic_day.day_of(meant(moving.appointment_datetime, now), clinic_zone())
    days = [(weeks, stands + timedelta(weeks=weeks)) for weeks in WEEKS]
    return [WeekOn(weeks, day, board_of(day)) for weeks, day in days]
