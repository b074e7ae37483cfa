"""Doubts that a person has looked at."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from scheduling.models import Flag


def resolve(flags: QuerySet[Flag], *, by: User, now: datetime) -> int:
    """Mark doubts as resolved; how many were open. One that was resolved before keeps its who and when."""
    keys = list(flags.filter(resolved_at=None).order_by().values_list("pk", flat=True))
    return Flag.objects.filter(pk__in=keys, resolved_at=None).update(resolved_at=now, resolved_by=by)
