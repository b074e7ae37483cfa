"""A day on paper: who comes to whom, with what a desk without its computer must know."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from scheduling.models import NORMAL_LANE, Appointment, Claim
from scheduling.queries.board_visits import SET_ASIDE
from scheduling.times.intervals import Interval


def visits_on(span: Interval, doctors: Collection[int]) -> list[Appointment]:
    """The visits of these doctors (keys) that are going on in the span, by time, less those set aside. 1
    query."""
    besides = Claim.objects.filter(appointment=OuterRef("pk"), lane__gt=NORMAL_LANE)
    rows: QuerySet[Appointment] = (
        Appointment.objects.reaching_into(span)
        .filter(doctor_id__in=doctors)
        .exclude(status__in=SET_ASIDE)
        .select_related("patient", "visit_type")
        .annotate(overbooked=Exists(besides))
        .order_by("appointment_datetime", "pk")
    )
    return [visit for visit in rows if visit.ends_at > span.start]
