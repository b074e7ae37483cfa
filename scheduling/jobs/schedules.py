"""When a job is due again."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from scheduling.clock import clinic_zone
from scheduling.times import clinic_day


class Schedule(Protocol):
    def first(self, now: datetime) -> datetime:
        """When a job is due that was never done; `now` and the answer aware."""

    def after(self, now: datetime) -> datetime:
        """When it is due again, done at `now`."""


@dataclass(frozen=True)
class Every:
    """Again and again; for the first time at once."""

    step: timedelta

    def first(self, now: datetime) -> datetime:
        return now

    def after(self, now: datetime) -> datetime:
        return now + self.step


@dataclass(frozen=True)
class Daily:
    """Once a day at a time of the clinic's clock; in the spring gap, when the gap ends."""

    at: time

    def first(self, now: datetime) -> datetime:
        return self.after(now)

    def after(self, now: datetime) -> datetime:
        zone = clinic_zone()
        day = clinic_day.day_of(now, zone)
        todays = clinic_day.first_instant_from(datetime.combine(day, self.at), zone)
        if todays > now:
            return todays
        return clinic_day.first_instant_from(datetime.combine(day + timedelta(days=1), self.at), zone)
