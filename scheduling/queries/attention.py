"""What a person must look at."""

from datetime import datetime

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from scheduling.models import Flag

COMING, UNDATED, PAST = 0, 1, 2


def unresolved(now: datetime) -> QuerySet[Flag]:
    """Open doubts with whom they concern: coming visits by time, then people, then the past, newest first."""
    at = F("appointment__appointment_datetime")
    return (
        Flag.objects.unresolved()
        .select_related("appointment__doctor", "appointment__patient", "patient", "doctor")
        .annotate(
            turn=Case(
                When(appointment=None, then=Value(UNDATED)),
                When(appointment__appointment_datetime__gte=now, then=Value(COMING)),
                default=Value(PAST),
                output_field=IntegerField(),
            ),
            coming_at=Case(When(appointment__appointment_datetime__gte=now, then=at)),
        )
        .order_by("turn", "coming_at", at.desc(nulls_last=True), "created_at", "pk")
    )


def count(now: datetime) -> int:
    """How many there are, for the header of every page: one cheap query."""
    return Flag.objects.unresolved().count()
