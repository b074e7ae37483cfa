"""The visits that stand on a board: rows without what a model instance costs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from scheduling import alerts
from scheduling.alerts import Alert
from scheduling.models import NORMAL_LANE, Appointment, Claim, Status
from scheduling.queries import arrivals, stripes
from scheduling.times.intervals import Interval

# Kept as history, but no part of the day: shown on demand.
SET_ASIDE: Final = frozenset({Status.CANCELLED, Status.ENTERED_IN_ERROR})


class Visit(NamedTuple):
    """A row of the appointments, without what a model instance costs."""

    doctor_id: int
    uuid: UUID
    start: datetime
    minutes: int
    buffer: int
    status: str
    version: int
    overbooked: bool
    arrived_at: datetime | None
    patient_name: str
    patient_lastname: str
    visit_type: str | None
    alerts: str
    end: datetime
    stripe: int = 0  # of its type (`queries.stripes`); 0 where it has none

    @property
    def patient(self) -> str:
        return f"{self.patient_name} {self.patient_lastname}".strip() or _("(no name)")

    @property
    def alert_list(self) -> list[Alert]:
        return alerts.read(self.alerts) if self.alerts else []


def visits_in(span: Interval, doctors: Collection[int]) -> list[Visit]:
    """Every visit of these doctors (keys) that goes on in the span, cancelled ones too, by time. 1 query."""
    besides = Claim.objects.filter(appointment=OuterRef("pk"), lane__gt=NORMAL_LANE)
    rows: QuerySet[Appointment] = (
        Appointment.objects.reaching_into(span)
        .filter(doctor_id__in=doctors)
        .annotate(overbooked=Exists(besides), arrived_at=arrivals.arrived_at(), older=stripes.older_types())
        .order_by("appointment_datetime", "pk")
    )
    columns = ("doctor_id", "uuid", "appointment_datetime", "minutes", "buffer_minutes", "status", "version")
    people = ("patient__patient_name", "patient__patient_lastname", "visit_type__name", "patient__alerts")
    found = rows.values_list(*columns, "overbooked", "arrived_at", *people, "older")
    visits = (_visit(*row) for row in found)
    return [visit for visit in visits if visit.end > span.start]


def _visit(*row: Any) -> Visit:
    *columns, older = row
    start, minutes, visit_type = columns[2], columns[3], columns[11]
    stripe = 0 if visit_type is None else stripes.stripe(older)
    return Visit._make((*columns, start + timedelta(minutes=minutes), stripe))


def by_doctor(visits: Iterable[Visit]) -> Mapping[int, list[Visit]]:
    found: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        found[visit.doctor_id].append(visit)
    return found
