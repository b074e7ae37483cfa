"""Which visits stand outside open time: what a change of hours leaves behind. Reads, never writes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import F

from scheduling.booking import open_time
from scheduling.models import Appointment, Doctor, Flag
from scheduling.models.visit_types import LONGEST_VISIT
from scheduling.times import possible
from scheduling.times.intervals import Interval, held

AT_A_TIME: Final = 500  # rows fetched by key in one statement


class Visit(NamedTuple):
    key: int
    doctor: int  # key
    time: Interval


def stranded(doctors: Collection[int], *, now: datetime, within: Interval | None = None) -> list[Appointment]:
    """Active visits of these doctors (keys) that begin from now on and stand outside hours or in time off, by
    time, with their people. `within`: only those that touch it.

    2 queries for any number of doctors and visits, and one for each 500 visits found.
    """
    return named(outside(doctors, now=now, within=within))


def outside(doctors: Collection[int], *, now: datetime, within: Interval | None = None) -> list[int]:
    """The keys of the same visits. In time proportional to visits and rows of hours, however far ahead.

    A visit at a date that can't be stands outside: nobody works then.
    """
    found = _visits(doctors, now, within)
    visits = [visit for visit in found if possible.can_be(visit.time.start)]
    nowhere = [visit.key for visit in found if not possible.can_be(visit.time.start)]
    if not visits:
        return nowhere
    hours = open_time.load(doctors, Interval(visits[0].time.start, max(visit.time.end for visit in visits)))
    days = defaultdict(set)
    for visit in visits:
        days[visit.doctor].update(open_time.session_days(visit.time, hours.zone))
    opened = {doctor: hours.open(doctor, sorted(theirs)) for doctor, theirs in days.items()}
    return [visit.key for visit in visits if not held(visit.time, opened[visit.doctor])] + nowhere


def left_outside(*, now: datetime) -> list[int]:
    """The keys of all visits to come that stand outside hours and that nobody decided to keep there, by time.
    5 queries; in time proportional to the visits to come, so not for every page."""
    everybody = list(Doctor.objects.order_by().values_list("pk", flat=True))
    found = outside(everybody, now=now)
    if not found:
        return []
    kept = Flag.objects.filter(
        kind=Flag.Kind.KEPT_OUTSIDE,
        appointment__appointment_datetime__gte=now,
        version=F("appointment__version"),
    )
    decided = set(kept.values_list("appointment_id", flat=True))
    return [key for key in found if key not in decided]


def named(keys: Sequence[int]) -> list[Appointment]:
    """The appointments of these keys, in this order, with their people."""
    found: dict[int, Appointment] = {}
    for first in range(0, len(keys), AT_A_TIME):
        found |= Appointment.objects.with_people().in_bulk(keys[first : first + AT_A_TIME])
    return [found[key] for key in keys if key in found]


def _visits(doctors: Collection[int], now: datetime, within: Interval | None) -> list[Visit]:
    rows = Appointment.objects.holding_time().filter(doctor_id__in=doctors, appointment_datetime__gte=now)
    if within is not None:
        # No visit is longer than that, so the index on doctor and time bounds what is read.
        reach = Interval(within.start - timedelta(minutes=LONGEST_VISIT), within.end)
        rows = rows.starting_in(reach)
    columns = rows.order_by("appointment_datetime", "pk").values_list(
        "pk", "doctor_id", "appointment_datetime", "minutes"
    )
    visits = [
        Visit(key, doctor, Interval(start, start + timedelta(minutes=minutes)))
        for key, doctor, start, minutes in columns
    ]
    return [visit for visit in visits if within is None or visit.time.end > within.start]
