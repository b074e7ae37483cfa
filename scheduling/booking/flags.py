"""The rows of doubts: settling them."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from scheduling.models import Flag


def resolve(flags: QuerySet[Flag], *, by: User, now: datetime) -> int:
    """Mark doubts as resolved; how many were open. One that was resolved before keeps its who and when."""
    return flags.filter(resolved_at=None).order_by().update(resolved_at=now, resolved_by=by)
