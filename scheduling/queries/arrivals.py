"""When patients came, from the history of their visits."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, Max, Q, QuerySet, Subquery, When
from django.db.models.expressions import Combinable, OuterRef

from scheduling.models import AppointmentEvent, Status

# Back to "arrived" from the doctor's room is no new arrival: the person has waited since the first one.
WAS_HERE = (Status.IN_PROGRESS, Status.COMPLETED)


def _arrivals() -> QuerySet[AppointmentEvent]:
    return AppointmentEvent.objects.filter(Q(after__status=Status.ARRIVED)).exclude(
        before__status__in=[str(status) for status in WAS_HERE]
    )


def arrived_at() -> Combinable:
    """For `annotate`: when the patient of an appointment that is `arrived` came; None for the others."""
    last = _arrivals().filter(appointment=OuterRef("pk")).order_by("-version").values("at")[:1]
    return Case(When(status=Status.ARRIVED, then=Subquery(last)), default=None, output_field=DateTimeField())


def since(appointments: Collection[int]) -> Mapping[int, datetime]:
    """When the patients of these appointments (keys) came, whatever happened afterwards: 1 query."""
    rows = _arrivals().filter(appointment_id__in=appointments).order_by().values("appointment_id")
    return dict(rows.annotate(last=Max("at")).values_list("appointment_id", "last"))


def waits_since(arrived: datetime | None, start: datetime) -> datetime | None:
    """Since when a patient who is here has waited for the clinic: who came before their time was early till
    then."""
    return None if arrived is None else max(arrived, start)


def minutes_waited(arrived: datetime | None, start: datetime, now: datetime) -> int | None:
    """Whole minutes since then; below none before the visit's time. None: nobody knows when they came."""
    since = waits_since(arrived, start)
    if since is None:
        return None
    minutes = (now - since) // timedelta(minutes=1)
    # Two servers' clocks may differ: who came later than now has just come.
    return minutes if now < start else max(0, minutes)
