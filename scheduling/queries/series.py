"""A series of regular visits: all of them, the place of one among them, and what is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q

from scheduling.models import HOLDS_TIME, Appointment, AppointmentEvent, Patient, Series, Status


@dataclass(frozen=True)
class Place:
    """Where a visit stands in its series, by time: the third of twelve."""

    series: Series
    number: int
    total: int
    after: Sequence[Appointment]  # those behind it, whatever became of them


@dataclass(frozen=True)
class Left:
    """What is left of a series for a patient."""

    series: Series
    left: int
    total: int
    next_at: datetime


def find(uuid: UUID) -> Series | None:
    return Series.objects.select_related("created_by").filter(uuid=uuid).first()


def visits_of(series: int) -> list[Appointment]:
    """Those of the series (its key), with their people, by time: 1 query."""
    rows = Appointment.objects.with_people().filter(series_id=series)
    return list(rows.order_by("appointment_datetime", "pk"))


def place_of(visit: Appointment) -> Place | None:
    """2 queries; none where it is of no series."""
    if visit.series is None:
        return None
    visits = visits_of(visit.series.pk)
    number = [one.pk for one in visits].index(visit.pk)
    return Place(visit.series, number + 1, len(visits), visits[number + 1 :])


def cancelled_together(visits: Sequence[Appointment]) -> list[Appointment]:
    """Those of a series that the last joint cancellation called off, and that nothing was done with since:
    1 query, none where none is cancelled."""
    gone = {visit.pk: visit for visit in visits if visit.status == Status.CANCELLED}
    if not gone:
        return []
    last = AppointmentEvent.objects.filter(
        appointment__in=gone, kind=AppointmentEvent.Kind.CANCELLED, version=F("appointment__version")
    )
    joint = [event for event in last.order_by("appointment") if event.after.get("series")]
    latest = max((event.at for event in joint), default=None)
    found = {event.appointment_id for event in joint if event.at == latest}
    return [visit for visit in visits if visit.pk in found]


def left_of(patient: Patient, *, now: datetime) -> list[Left]:
    """The series of which visits of the patient are to come: 1 query, and 1 more where there are any."""
    to_come = Q(status__in=HOLDS_TIME, appointment_datetime__gte=now)
    rows = Appointment.objects.filter(patient=patient, series__isnull=False).order_by().values("series")
    counted = rows.annotate(
        total=Count("pk"),
        left=Count("pk", filter=to_come),
        next_at=Min("appointment_datetime", filter=to_come),
    )
    found = list(
        counted.filter(left__gt=0).order_by("next_at").values_list("series", "left", "total", "next_at")
    )
    known = Series.objects.in_bulk([key for key, *_numbers in found]) if found else {}
    return [Left(known[key], left, total, at) for key, left, total, at in found]
