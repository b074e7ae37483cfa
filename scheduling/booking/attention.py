"""Doubts that a person has looked at."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Doctor, Flag, Patient
from scheduling.models.attention import ABOUT_THE_NAME


def resolve(flags: QuerySet[Flag], *, by: User, now: datetime) -> int:
    """Mark doubts as resolved; how many were open. One that was resolved before keeps its who and when."""
    return flags.filter(resolved_at=None).order_by().update(resolved_at=now, resolved_by=by)


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
def take_back(*, resolved_at: datetime, by: User) -> int:
    """Open again what this person resolved at this moment; what was kept outside is to be decided again."""
    theirs = Flag.objects.filter(resolved_at=resolved_at, resolved_by=by).order_by()
    forgotten, _ = theirs.filter(kind=Flag.Kind.KEPT_OUTSIDE).delete()
    names = theirs.filter(kind__in=ABOUT_THE_NAME).values("patient")
    Patient.objects.filter(pk__in=list(names.values_list("patient", flat=True))).update(needs_review=True)
    return forgotten + theirs.update(resolved_at=None, resolved_by=None)


def switch_on(doctor: Doctor) -> None:
    """Let a doctor be booked again."""
    Doctor.objects.filter(pk=doctor.pk).update(is_active=True)
