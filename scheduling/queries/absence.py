"""The visits of a doctor who is away: who stands there still, who has left, and who was told."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from scheduling.models import NEW, Appointment, Call, Doctor
from scheduling.times.intervals import Interval


def to_come(doctor: Doctor, span: Interval, *, now: datetime) -> list[Appointment]:
    """The doctor's visits that begin in the span, from now on, by time, with their people: 1 query."""
    rows = Appointment.objects.filter(doctor=doctor, status__in=NEW).starting_in(span)
    return list(
        rows.filter(appointment_datetime__gte=now).with_people().order_by("appointment_datetime", "pk")
    )


def calls_in(doctor: Doctor, span: Interval) -> Mapping[int, Sequence[Call]]:
    """What was written down of calls about the doctor's visits in the span, by visit (key), in order; of each
    visit all of it. 1 query."""
    about = Call.objects.filter(doctor=doctor, was_at__gte=span.start, was_at__lt=span.end)
    rows = Call.objects.filter(appointment__in=about.order_by().values("appointment"))
    found: dict[int, list[Call]] = defaultdict(list)
    for row in rows.select_related("by").order_by("appointment", "number"):
        found[row.appointment_id].append(row)
    return found


def visits_of(keys: Collection[int]) -> list[Appointment]:
    """By key, with their people: 1 query."""
    if not keys:
        return []
    rows = Appointment.objects.filter(pk__in=keys).with_people()
    return list(rows.order_by("appointment_datetime", "pk"))


def calls_of(visit: Appointment) -> list[Call]:
    """What was written down of calls about one visit, the newest first: 1 query."""
    return list(visit.calls.select_related("by").order_by("-number"))
