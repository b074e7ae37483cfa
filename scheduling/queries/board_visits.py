"""The visits that stand on a board: rows without what a model instance costs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from scheduling import alerts
from scheduling.alerts import Alert
from scheduling.models import NORMAL_LANE, Appointment, Claim, Status
from scheduling.queries import arrivals
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


def visits_in(
    span: Interval, doctors: Collection[int], stripes: Mapping[int, int] = MappingProxyType({})
) -> list[Visit]:
    """Every visit of these doctors (keys) that goes on in the span, cancelled ones too, by time. 1 query.

    `stripes`: of each type, by its key."""
    besides = Claim.objects.filter(appointment=OuterRef("pk"), lane__gt=NORMAL_LANE)
    rows: QuerySet[Appointment] = (
        Appointment.objects.reaching_into(span)
        .filter(doctor_id__in=doctors)
        .annotate(overbooked=Exists(besides), arrived_at=arrivals.arrived_at())
        .order_by("appointment_datetime", "pk")
    )
    columns = ("doctor_id", "uuid", "appointment_datetime", "minutes", "buffer_minutes", "status", "version")
    people = ("patient__patient_name", "patient__patient_lastname", "visit_type__name", "patient__alerts")
    found = rows.values_list(*columns, "overbooked", "arrived_at", *people, "visit_type_id")
    visits = (
        Visit._make((*row, row[2] + timedelta(minutes=row[3]), stripes.get(visit_type, 0)))
        for *row, visit_type in found
    )
    return [visit for visit in visits if visit.end > span.start]


def by_doctor(visits: Iterable[Visit]) -> Mapping[int, list[Visit]]:
    found: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        found[visit.doctor_id].append(visit)
    return found
