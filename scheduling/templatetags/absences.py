"""From time off to the list of who must be told."""

from datetime import datetime, timedelta
from typing import Final

from django import template

from scheduling.addresses import absence
from scheduling.clock import clinic_zone
from scheduling.models import Doctor, TimeOff
from scheduling.times import clinic_day

register = template.Library()

INSTANT: Final = timedelta(microseconds=1)


@register.simple_tag
def who_must_be_told(doctor: Doctor, row: TimeOff, now: datetime) -> str:
    """The address of the list for time off of the doctor's: what is left of it."""
    zone = clinic_zone()
    first = clinic_day.day_of(max(row.starts_at, now), zone)
    last = clinic_day.day_of(row.ends_at - INSTANT, zone)
    return absence(doctor.uuid, first, last)
