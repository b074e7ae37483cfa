"""Doubts that a person has looked at."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from scheduling.booking import patients
from scheduling.booking.flags import resolve
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Flag
from scheduling.models.attention import ABOUT_THE_NAME

__all__ = ["keep_outside", "resolve", "take_back"]


@in_one_transaction
def keep_outside(visits: Collection[Appointment], *, by: User, now: datetime) -> int:
    """Leave these visits outside hours, as they are: they are not listed again until they change. How many
    were not kept before."""
    told = Flag.objects.filter(kind=Flag.Kind.KEPT_OUTSIDE, appointment__in=visits)
    before = set(told.values_list("appointment_id", "version"))
    new = [visit for visit in visits if (visit.pk, visit.version) not in before]
    Flag.objects.bulk_create(
        Flag(
            kind=Flag.Kind.KEPT_OUTSIDE,
            appointment=visit,
            version=visit.version,
            created_at=now,
            resolved_at=now,
            resolved_by=by,
        )
        for visit in new
    )
    return len(new)


@in_one_transaction
def take_back(*, resolved_at: datetime, by: User, now: datetime) -> int:
    """Open again what this person resolved at that moment; what was kept outside is to be decided again. How
    many doubts that were."""
    theirs = Flag.objects.filter(resolved_at=resolved_at, resolved_by=by).order_by()
    forgotten, _ = theirs.filter(kind=Flag.Kind.KEPT_OUTSIDE).delete()
    names = theirs.filter(kind__in=ABOUT_THE_NAME).values("patient")
    patients.doubt_again(list(names.values_list("patient", flat=True)), by=by, now=now)
    return forgotten + theirs.update(resolved_at=None, resolved_by=None)
