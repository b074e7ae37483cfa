"""A time that the clinic's clocks show twice, and which of the two is meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Reading:
    """One of the two instants of a time that the clocks show twice."""

    offset: str  # as in ISO: +02:00
    instant: datetime


def offset_of(instant: datetime, zone: ZoneInfo) -> str:
    """+01:00"""
    return instant.astimezone(zone).isoformat()[-6:]


def readings(instants: Iterable[datetime], zone: ZoneInfo) -> list[Reading]:
    return [Reading(offset_of(instant, zone), instant) for instant in instants]
