"""Calendar files read back by somebody else's program (`ical`), as a phone would read them."""

from datetime import UTC, datetime
from io import StringIO

from dateutil import tz
from ical.calendar_stream import IcsCalendarStream


def read(file):
    """The one calendar in the file."""
    return IcsCalendarStream.calendar_from_ics(file.decode())


def event_of(file):
    (event,) = read(file).events
    return event


def times_by_its_own_clock(file):
    """Beginning and end in UTC for a program that knows no zone by its name: dateutil reads the VTIMEZONE."""
    zones = tz.tzical(StringIO(file.decode())) if b"VTIMEZONE" in file else None
    return [_in_utc(line, zones) for line in lines(file) if line.startswith(("DTSTART;", "DTEND;"))]


def _in_utc(line, zones):
    named, at = line.split(":")
    read = datetime.strptime(at, "%Y%m%dT%H%M%S")
    return read.replace(tzinfo=zones.get(named.split("TZID=")[1])).astimezone(UTC)


def changes_of_its_clock(file):
    """When the clock changes, and to which distance from UTC: read by the clock before, as RFC 5545 says."""
    (zone,) = read(file).timezones
    clocks = [*zone.standard, *zone.daylight]
    began = [(at - clock.tz_offset_from.offset, clock) for clock in clocks for at in clock.rdate]
    return sorted((at.replace(tzinfo=UTC), clock.tz_offset_to.offset) for at, clock in began)


def lines(file):
    """Unfolded."""
    return file.decode().replace("\r\n ", "").split("\r\n")
