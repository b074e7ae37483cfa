"""A series of regular visits: all of them, the place of one among them, and what is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from scheduling.models import HOLDS_TIME, Appointment, AppointmentEvent, Patient, Series

EventKind = AppointmentEvent.Kind


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


@dataclass(frozen=True)
class Joint:
    """What was done with several visits of a series in one commit."""

    kind: str  # of the event
    at: datetime
    visits: Sequence[Appointment]


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


def done_together(visits: Sequence[Appointment]) -> Joint | None:
    """What was last done with several of a series in one commit, where nothing was done with them since:
    1 query."""
    last = _joint().filter(appointment__in=visits, version=F("appointment__version"))
    events = [event for event in last if event.is_joint]
    if not events:
        return None
    latest = max(events, key=lambda event: event.at)
    found = {event.appointment_id for event in events if event.at == latest.at}
    return Joint(latest.kind, latest.at, [visit for visit in visits if visit.pk in found])


def versions_left_by(series: Series, at: datetime) -> dict[UUID, int]:
    """The versions (by uuid) that what was done with several of the series at this moment left: 1 query."""
    events = _joint().filter(appointment__series=series, at=at).select_related("appointment")
    return {event.appointment.uuid: event.version for event in events if event.is_joint}


def _joint() -> QuerySet[AppointmentEvent]:
    kinds = (EventKind.CANCELLED, EventKind.MOVED, EventKind.EDITED)
    return AppointmentEvent.objects.filter(kind__in=kinds).order_by("appointment", "version")


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
