"""What a calendar program is given of a doctor: visits that stand, and time off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from scheduling.models import Appointment, CalendarFeed, Doctor, TimeOff
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval

DAYS_BACK: Final = 30
DAYS_AHEAD: Final = 180


class FeedVisit(NamedTuple):
    uuid: UUID
    start: datetime
    minutes: int
    status: str
    version: int
    changed_at: datetime
    patient_name: str
    patient_lastname: str
    visit_type: str | None


class FeedTimeOff(NamedTuple):
    uuid: UUID
    start: datetime
    end: datetime
    is_block: bool


@dataclass(frozen=True)
class Agenda:
    """One doctor's, in a span of whole days of the clinic."""

    span: Interval
    visits: list[FeedVisit]
    time_off: list[FeedTimeOff]


def opened_by(secret: str) -> CalendarFeed | None:
    """The feed with its doctor; None for a secret that is unknown or revoked, and where the doctor does not
    work here any more. 1 query."""
    found = CalendarFeed.objects.opened_by(secret).filter(doctor__is_active=True)
    return found.select_related("doctor").first()


def span_of(now: datetime, zone: ZoneInfo) -> Interval:
    today = clinic_day.day_of(now, zone)
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    return Interval(clinic_day.whole_day(first, zone).start, clinic_day.whole_day(last, zone).end)


def agenda(doctor: Doctor, span: Interval) -> Agenda:
    """By time. 2 queries, however much there is."""
    visits = (
        Appointment.objects.holding_time()
        .starting_in(span)
        .filter(doctor=doctor)
        .order_by("appointment_datetime", "pk")
        .values_list(
            *("uuid", "appointment_datetime", "minutes", "status", "version", "updated_at"),
            *("patient__patient_name", "patient__patient_lastname", "visit_type__name"),
        )
    )
    time_off = (
        TimeOff.objects.touching(span)
        .filter(Q(doctor=doctor) | Q(doctor=None))
        .order_by("starts_at", "pk")
        .values_list("uuid", "starts_at", "ends_at", "is_block")
    )
    return Agenda(span, [FeedVisit(*row) for row in visits], [FeedTimeOff(*row) for row in time_off])
