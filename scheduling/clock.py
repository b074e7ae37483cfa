"""The clinic's zone and day: the one place that says where its clock hangs.

`now` is not read here: it is read once, where a request or a command begins, and passed down.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from scheduling.times import clinic_day


def clinic_zone() -> ZoneInfo:
    """The zone of the clinic's wall clock (`CLINIC_TIME_ZONE`)."""
    return ZoneInfo(settings.CLINIC_TIME_ZONE)


def clinic_today(now: datetime) -> date:
    """The clinic's calendar day at `now` (aware)."""
    return clinic_day.day_of(now, clinic_zone())
