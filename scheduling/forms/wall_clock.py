"""A day and a time on the clinic's clocks made one instant, also on the nights when the clocks change."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduling.templatetags.clinic import day_date
from scheduling.times import clinic_day


@dataclass(frozen=True)
class Reading:
    """One of the two instants of a time that the clocks show twice."""

    offset: str  # as in ISO: +02:00
    instant: datetime


class Unclear(Exception):
    """The clocks never show this time, or show it twice; then `readings` are the two."""

    def __init__(self, message: str, *readings: Reading) -> None:
        super().__init__(message)
        self.message = message
        self.readings = readings


def offset_of(instant: datetime, zone: ZoneInfo) -> str:
    """+01:00"""
    return instant.astimezone(zone).isoformat()[-6:]


def readings(day: date, clock: time, zone: ZoneInfo) -> list[Reading]:
    """The two instants of a time that comes twice; nothing for any other."""
    found = clinic_day.instants(datetime.combine(day, clock), zone)
    return [Reading(offset_of(instant, zone), instant) for instant in found] if len(found) > 1 else []


def instant(day: date, clock: time, offset: str, zone: ZoneInfo) -> datetime:
    """The aware instant; `offset` chooses between two. Raises `Unclear` where there is no single one."""
    found = clinic_day.instants(datetime.combine(day, clock), zone)
    if len(found) == 1:
        return found[0]
    if not found:
        raise Unclear(_never(day, clock, zone))
    both = readings(day, clock, zone)
    for reading in both:
        if reading.offset == offset:
            return reading.instant
    message = _("On %(day)s the clocks show %(time)s twice. Choose which one.")
    raise Unclear(message % {"day": day_date(day), "time": f"{clock:%H:%M}"}, *both)


def _never(day: date, clock: time, zone: ZoneInfo) -> str:
    change = clinic_day.first_instant_from(datetime.combine(day, clock), zone)
    after = change.astimezone(zone)
    was = (change - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None) + timedelta(minutes=1)
    return _("On %(day)s the clocks go from %(before)s to %(after)s: %(time)s does not exist.") % {
        "day": day_date(day),
        "before": f"{was:%H:%M}",
        "after": f"{after:%H:%M}",
        "time": f"{clock:%H:%M}",
    }
