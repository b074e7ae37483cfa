"""What is over and of no use to anybody: ended sessions, old wrong passwords, forms that were never sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts import typed
from accounts.models import TypedForm

AT_ONCE: Final = 500  # rows of one DELETE: bookings wait for it
TRIES_KEPT: Final = timedelta(days=1)  # none of them makes anybody wait any more


@dataclass(frozen=True)
class Cleared:
    """How many rows went."""

    sessions: int
    tries: int
    forms: int


def clear(*, now: datetime) -> Cleared:
    return Cleared(
        sessions=_deleted(Session.objects.filter(expire_date__lt=now)),
        tries=_deleted(AccessAttempt.objects.filter(attempt_time__lt=now - TRIES_KEPT)),
        forms=_deleted(TypedForm.objects.filter(changed_at__lte=now - typed.A_DAY)),
    )


def _deleted(rows: QuerySet[Any]) -> int:
    total = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        total += len(keys)
    return total
