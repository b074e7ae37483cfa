"""Who is here, who should be, and who is with the doctor: made of the rows of a day's board. No queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.booking import steps
from scheduling.models import Doctor, Status
from scheduling.queries.arrivals import minutes_waited, waits_since
from scheduling.queries.board_visits import Visit

SOON: Final = timedelta(minutes=30)  # who is expected by then is due
LONG: Final = 20  # minutes from which a wait is called long
FORGOTTEN: Final = 60  # minutes after which nobody expects them any more: their visit was never marked
PATIENCE: Final = 10  # minutes after which somebody who is late may be given up from the list
# What is pressed most in each list, by the status that it gives.
WORDS: Final[dict[Status, str | Promise]] = {
    Status.ARRIVED: _("Arrived"),
    Status.IN_PROGRESS: _("Start"),
    Status.COMPLETED: _("Done"),
    Status.NO_SHOW: _("No-show"),
}


class Step(NamedTuple):
    """A button of a row: the status to post, and its word."""

    status: str
    word: str


class Row(NamedTuple):
    visit: Visit
    doctor: Doctor
    steps: Sequence[Step]
    minutes: int | None = (
        None  # that they have waited (below none: early), or past the start of who has not come
    )
    since: datetime | None = None  # who is here waits
    is_next: bool = False  # the first of those who wait for this doctor, by appointment

    @property
    def is_early(self) -> bool:
        return self.minutes is not None and self.minutes < 0

    @property
    def is_long(self) -> bool:
        return self.minutes is not None and self.minutes >= LONG


@dataclass(frozen=True)
class Room:
    waiting: Sequence[Row]  # the longest first
    due: Sequence[Row]  # by time; the overdue first
    unmarked: Sequence[Row]  # long past, and nobody said how they went
    inside: Sequence[Row]  # with the doctor, by time
    now: datetime


def room(visits: Iterable[tuple[Doctor, Visit]], *, now: datetime, zone: ZoneInfo) -> Room:
    """`visits` are those of the day with their doctors; `now` is aware."""
    by_time = sorted(visits, key=lambda pair: (pair[1].start, pair[1].patient))
    waiting: list[Row] = []
    due: list[Row] = []
    unmarked: list[Row] = []
    inside: list[Row] = []
    served: set[int] = set()
    for doctor, visit in by_time:
        match visit.status:
            case Status.ARRIVED:
                minutes = minutes_waited(visit.arrived_at, visit.start, now)
                offered = _offered(visit, (Status.IN_PROGRESS,), now, zone)
                since = waits_since(visit.arrived_at, visit.start)
                waiting.append(Row(visit, doctor, offered, minutes, since, doctor.pk not in served))
                served.add(doctor.pk)
            case Status.PENDING | Status.CONFIRMED if visit.start < now + SOON:
                late = int((now - visit.start) // timedelta(minutes=1)) if visit.start <= now else None
                wanted = (Status.ARRIVED, Status.NO_SHOW) if (late or 0) >= PATIENCE else (Status.ARRIVED,)
                row = Row(visit, doctor, _offered(visit, wanted, now, zone), late)
                (unmarked if (late or 0) > FORGOTTEN else due).append(row)
            case Status.IN_PROGRESS:
                inside.append(Row(visit, doctor, _offered(visit, (Status.COMPLETED,), now, zone)))
    waiting.sort(key=lambda row: -(row.minutes or 0))
    return Room(waiting, due, unmarked, inside, now)


def _offered(visit: Visit, wanted: Sequence[Status], now: datetime, zone: ZoneInfo) -> list[Step]:
    possible = steps.possible(
        Status(visit.status), start=visit.start, now=now, zone=zone, rights=frozenset()
    ).forward
    return [Step(status, str(WORDS[status])) for status in wanted if status in possible]
