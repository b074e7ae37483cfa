"""The demo clinic's next days: what is booked, the same for every day that the command is run on."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.booking.proposal import Proposal
from scheduling.management.demo.staff import SAT, WORKDAYS, DemoDoctor
from scheduling.models import Doctor, Patient, Status, VisitType
from scheduling.times import clinic_day

WORKDAYS_AHEAD: Final = 12
NEAR, FAR = 1.0, 0.1  # tomorrow's book is full, that of in two weeks is not
GAPS: Final = (10, 15, 20, 30, 45)  # minutes left free in between
PENDING, FORGOTTEN = (
    0.25,
    0.1,
)  # share of the visits, and the share of those that nobody has looked at for days


class Planner:
    """Draws one doctor's visits, one shift after the other."""

    def __init__(
        self, zone: ZoneInfo, *, seed: str, visit_types: dict[str, VisitType], patients: Sequence[Patient]
    ) -> None:
        self.zone = zone
        self.visit_types = visit_types
        self.patients = patients
        self.random = Random(seed)  # noqa: S311  (the same demo for everybody)

    def proposals(self, doctor: Doctor, plan: DemoDoctor, day: date, far: float) -> Iterator[Proposal]:
        """Visits of one day. `far` runs from 0 for today to 1 for the last day."""
        busy = plan.busy * (NEAR + (FAR - NEAR) * far)
        for shift in plan.shifts:
            if day.weekday() in shift.weekdays:
                opened = clinic_day.span(day, shift.starts, shift.ends, self.zone)
                if opened is not None:
                    yield from self._fill(doctor, plan, busy, opened.start, opened.end)

    def booked_at(self, day: date, visit: Proposal) -> datetime:
        """When such a visit was asked for: some days before the day, in opening hours. Most that are still
        to be confirmed were asked for on the day's evening."""
        if visit.status == Status.PENDING and self.random.random() >= FORGOTTEN:
            evening = datetime.combine(day, time(19, self.random.randrange(60)), self.zone)
            if visit.start > evening:
                return evening.astimezone(UTC)
        before = day - timedelta(days=self.random.randint(1, 20))
        at = time(self.random.randint(8, 18), self.random.randrange(60))
        return datetime.combine(before, at, self.zone).astimezone(UTC)

    def _fill(
        self, doctor: Doctor, plan: DemoDoctor, busy: float, start: datetime, end: datetime
    ) -> Iterator[Proposal]:
        while start < end:
            if self.random.random() >= busy:
                start += timedelta(minutes=self.random.choice(GAPS))
                continue
            visit_type = self.visit_types[self.random.choice(plan.usual)]
            ends_at = start + timedelta(minutes=visit_type.minutes)
            if ends_at > end:
                return
            yield Proposal(
                uuid=UUID(int=self.random.getrandbits(128), version=4),
                doctor=doctor,
                patient=self.random.choice(self.patients),
                visit_type=visit_type,
                start=start,
                description=self.random.choice(plan.reasons),
                status=Status.PENDING if self.random.random() < PENDING else Status.CONFIRMED,
            )
            start = ends_at + timedelta(minutes=visit_type.buffer_minutes)


def workdays(first: date) -> list[date]:
    """The demo's days, Saturdays among them included, and how many of them are workdays."""
    days: list[date] = []
    day, left = first, WORKDAYS_AHEAD
    while left:
        if day.weekday() <= SAT:
            days.append(day)
            left -= day.weekday() in WORKDAYS
        day += timedelta(days=1)
    return days


def yesterday(today: date) -> list[date]:
    """The workday before: one full day that is over."""
    day = today - timedelta(days=1)
    while day.weekday() not in WORKDAYS:
        day -= timedelta(days=1)
    return [day]
