"""When patients are written to: in the clinic's hours for sending, by its clock, daylight saving included."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from scheduling.clock import clinic_zone
from scheduling.models import MessageSettings
from scheduling.times import clinic_day

BEFORE_THE_END: Final = timedelta(minutes=30)  # what is found so late is sent on the same day


@dataclass(frozen=True)
class SendingHours:
    """From a time of each day until another, on the clinic's clock; the same twice: at any time."""

    starts: time
    ends: time

    @classmethod
    def of(cls, settings: MessageSettings) -> "SendingHours":
        return cls(settings.sends_from, settings.sends_until)

    def has(self, at: datetime) -> bool:
        """Whether something may be sent at this instant (aware)."""
        wall = at.astimezone(clinic_zone()).time().replace(tzinfo=None)
        if self.starts == self.ends:
            return True
        if self.starts < self.ends:
            return self.starts <= wall < self.ends
        return wall >= self.starts or wall < self.ends

    def first_from(self, at: datetime) -> datetime:
        """The first instant from `at` (aware) on in which something may be sent."""
        if self.has(at):
            return at
        zone = clinic_zone()
        day = clinic_day.day_of(at, zone)
        for later in (day, day + timedelta(days=1)):
            opens = clinic_day.first_instant_from(datetime.combine(later, self.starts), zone)
            if opens >= at:
                return opens
        raise AssertionError("it opens every day")

    def on(self, day: date, wished: time) -> datetime:
        """The instant (UTC) of a wall-clock time on a day, or the nearest in the hours of that day."""
        wall = wished
        if self.starts < self.ends:
            last = (datetime.combine(day, self.ends) - BEFORE_THE_END).time()
            wall = max(min(wished, last), self.starts)
        return clinic_day.first_instant_from(datetime.combine(day, wall), clinic_zone())
