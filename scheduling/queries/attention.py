"""What a person must look at, apart from visits outside hours (`booking.stranding`)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from scheduling.models import Appointment, Doctor, Flag, Patient, Status
from scheduling.models.appointments import AppointmentQuerySet
from scheduling.queries import untold

COMING, UNDATED, PAST = 0, 1, 2
PATIENCE: Final = timedelta(days=3)  # a visit to come that is pending for longer wants an answer


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


def long_pending(now: datetime) -> AppointmentQuerySet:
    """Visits to come that nobody has confirmed in three days, by time. By the index on status and time."""
    waiting = Appointment.objects.filter(status=Status.PENDING, appointment_datetime__gte=now)
    return waiting.filter(created_at__lt=now - PATIENCE).order_by("appointment_datetime", "pk")


def switched_off(now: datetime) -> list[int]:
    """The keys of visits to come whose doctor or patient is switched off, by time: 1 query. Each half by an
    index of its own; one condition for both would read every visit to come."""
    coming = Appointment.objects.holding_time().filter(appointment_datetime__gte=now).order_by()
    columns = ("appointment_datetime", "pk")
    doctors = coming.filter(doctor__in=Doctor.objects.filter(is_active=False).order_by())
    patients = coming.filter(patient__in=Patient.objects.filter(is_active=False).order_by())
    return [
        key for _start, key in sorted(doctors.values_list(*columns).union(patients.values_list(*columns)))
    ]


def named(keys: Sequence[int]) -> list[Appointment]:
    """The visits of these keys, of one page, in this order, with their people: 1 query."""
    found = Appointment.objects.with_people().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def count(now: datetime) -> int:
    """How many there are, without visits outside hours: 5 small queries."""
    visits = long_pending(now).count() + len(switched_off(now))
    return Flag.objects.unresolved().count() + visits + untold.count(now)
