"""One visit as a calendar file (iCalendar, RFC 5545), for whoever it is for. Others may read it too: the file
names neither the patient nor the doctor, and no reason for the visit.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress

from scheduling.clock import clinic_zone
from scheduling.models import CALLED_OFF, Appointment, Status
from scheduling.notices import zones
from scheduling.times import clinic_day

PRODUCT: Final = "-//Appointment book//Calendar//EN"
# Part of every UID for ever: a host's name may change, and an update would become a second event.
UID_ENDS_WITH: Final = "@appointments"
ALARM: Final = timedelta(hours=-2)


class Method(StrEnum):
    """What the file asks a calendar program to do (RFC 5546)."""

    REQUEST = "REQUEST"  # sent: put it in, or change what is there under the same UID
    CANCEL = "CANCEL"  # sent: it does not take place
    PUBLISH = "PUBLISH"  # fetched by a person: here it is


def method_for(visit: Appointment) -> Method:
    """With which method a message about the visit, as it is now, carries its file."""
    return Method.CANCEL if visit.status in CALLED_OFF else Method.REQUEST


def content_type(method: Method) -> str:
    """For the header of the part or the answer that carries the file: its method is that of the file, else
    Outlook and Gmail take it for a mere attachment."""
    return f"text/calendar; charset=utf-8; method={method}"


def uid_of(uuid: UUID) -> str:
    return f"{uuid}{UID_ENDS_WITH}"


def file_for(
    visit: Appointment, *, method: Method, now: datetime, sender: str = "", to: str = "", link: str = ""
) -> bytes:
    """The visit as it is now, as one iCalendar object in UTF-8 with CRLF, in the language that is active.

    `sender`: the mailbox of the From line, without a name; needed for what is sent, left out of what is
    fetched. `to`: the patient's address, or "" where the file is not sent. `link`: the absolute address of
    the patient's page. `now` is aware: when the file was made. A CANCEL may be of a visit that stands: for
    the patient who had it before it became somebody else's.
    Raises ValueError for a REQUEST for a visit that was called off, which would lie, and for what is sent
    without a sender, which nobody's program would take.
    """
    is_off = method == Method.CANCEL or visit.status in CALLED_OFF
    if method == Method.REQUEST and is_off:
        raise ValueError(f"no {method} for a visit that is {visit.status}")
    if method != Method.PUBLISH and not sender:
        raise ValueError(f"a {method} needs a sender")
    calendar = new_calendar()
    calendar.add("method", method.value)
    event = _event(visit, now=now, link=link)
    event.add("status", _status(visit, is_off=is_off))
    if sender:
        event.add("organizer", _organizer(sender))
    if to:
        event.add("attendee", _attendee(to))
    if not is_off:
        event.add_component(_alarm(str(event["summary"])))
    calendar.add_component(event)
    if calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, zones.about(visit.appointment_datetime.year, clinic_zone()))
    return written(calendar)


def new_calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def written(calendar: Calendar) -> bytes:
    file: bytes = calendar.to_ical()
    return file


def _event(visit: Appointment, *, now: datetime, link: str) -> Event:
    event = Event()
    event.add("uid", uid_of(visit.uuid))
    event.add("sequence", visit.version)
    event.add("dtstamp", now.astimezone(UTC))
    starts, ends = _on_the_clock(visit.appointment_datetime, visit.ends_at, clinic_zone())
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", _("Appointment, %(clinic)s") % {"clinic": settings.CLINIC_NAME})
    event.add("class", "PRIVATE")
    event.add("location", ", ".join(filter(None, (settings.CLINIC_NAME, settings.CLINIC_ADDRESS))))
    if description := _description(link):
        event.add("description", description)
    if link:
        event.add("url", link)
    return event


def _status(visit: Appointment, *, is_off: bool) -> str:
    if is_off:
        return "CANCELLED"
    return "TENTATIVE" if visit.status == Status.PENDING else "CONFIRMED"


def _on_the_clock(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both by the clinic's clock; in UTC where the clock shows one of them a second time. To a calendar,
    02:30 on that night is always the first."""
    on_clock = start.astimezone(zone), end.astimezone(zone)
    if any(at.fold and clinic_day.is_twice(at, zone) for at in on_clock):
        return start.astimezone(UTC), end.astimezone(UTC)
    return on_clock


def _description(link: str) -> str:
    lines = []
    if settings.CLINIC_PHONE:
        call = _("To move or cancel it, call %(phone)s.") % {"phone": settings.CLINIC_PHONE}
        lines.append(call)
    if link:
        lines.append(_("As it stands now: %(link)s") % {"link": link})
    return "\n".join(lines)


def _organizer(sender: str) -> vCalAddress:
    """Programs write to it that somebody accepted: a mailbox of the clinic, the same as From. No SENT-BY,
    over which Gmail and Outlook stumble."""
    organizer = vCalAddress(f"mailto:{sender}")
    organizer.params["CN"] = settings.CLINIC_NAME
    return organizer


def _attendee(address: str) -> vCalAddress:
    """Has accepted, and is asked nothing: no buttons that pretend to answer the clinic."""
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params.update({"PARTSTAT": "ACCEPTED", "RSVP": "FALSE", "ROLE": "REQ-PARTICIPANT"})
    return attendee


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", ALARM)
    return alarm
