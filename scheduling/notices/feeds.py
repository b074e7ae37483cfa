"""A doctor's visits and time off as a calendar that other programs fetch by themselves, again and again.

Times are written in UTC: each program shows them by the clock of whoever looks, and no night comes twice.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import vText
from icalendar.parser import Contentline

from scheduling.clock import clinic_zone
from scheduling.models import CalendarFeed, Status
from scheduling.models.people import full_name
from scheduling.notices.calendar import UID_ENDS_WITH, new_calendar, written
from scheduling.queries.feeds import Agenda, FeedTimeOff, FeedVisit
from scheduling.times import clinic_day

REFRESH: Final = timedelta(minutes=15)
SHAPE: Final = 1  # raised with what is written of the same rows, so that nobody keeps the old form
# A visit's own uuid is the address of the patient's page: what is given here leads back to none.
NAMESPACE: Final = UUID("8f1d7a52-3c0e-5b7c-9a86-2d4f61c0b9e3")


def etag(feed: CalendarFeed, agenda: Agenda) -> str:
    """The same as long as `contents` is: made from all that goes into it, without quotes."""
    clinic = (settings.CLINIC_NAME, settings.CLINIC_TIME_ZONE, get_language())
    whose = (feed.uuid, feed.shows_names, feed.doctor.doctor_name)
    made_of = (SHAPE, clinic, whose, agenda.span, agenda.visits, agenda.time_off)
    return blake2b(repr(made_of).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def contents(feed: CalendarFeed, agenda: Agenda) -> bytes:
    """The calendar in UTF-8 with CRLF, in the language that is active.

    The visits' lines are written here: icalendar takes 0.3 ms for one, and a busy doctor has thousands.
    """
    zone = clinic_zone()
    lines = [line for visit in agenda.visits for line in _visit(visit, shows_names=feed.shows_names)]
    lines += [line for off in agenda.time_off for line in _time_off(off, agenda, zone)]
    frame = _frame(feed, zone)
    end = frame.rindex(b"END:VCALENDAR")
    return b"".join((frame[:end], "".join(f"{line}\r\n" for line in lines).encode(), frame[end:]))


def initials(name: str, lastname: str) -> str:
    """A. S.; of whoever has no name, a dash."""
    found = [next(filter(str.isalpha, part), "") for part in (name, lastname)]
    return " ".join(f"{letter.upper()}." for letter in found if letter) or "–"


def _frame(feed: CalendarFeed, zone: ZoneInfo) -> bytes:
    calendar = new_calendar()
    calendar.add("method", "PUBLISH")
    name = f"{feed.doctor.doctor_name}, {settings.CLINIC_NAME}"
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    return written(calendar)


def _visit(visit: FeedVisit, *, shows_names: bool) -> Iterator[str]:
    who = (full_name if shows_names else initials)(visit.patient_name, visit.patient_lastname)
    yield from (
        "BEGIN:VEVENT",
        f"UID:{_uid(visit.uuid)}",
        f"SEQUENCE:{visit.version}",
        f"DTSTAMP:{_utc(visit.changed_at)}",
        f"LAST-MODIFIED:{_utc(visit.changed_at)}",
        f"DTSTART:{_utc(visit.start)}",
        f"DTEND:{_utc(visit.start + timedelta(minutes=visit.minutes))}",
        _text("SUMMARY", f"{who} · {visit.visit_type}" if visit.visit_type else who),
        f"STATUS:{'TENTATIVE' if visit.status == Status.PENDING else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
    )


def _time_off(off: FeedTimeOff, agenda: Agenda, zone: ZoneInfo) -> Iterator[str]:
    """Without its reason. Of one that goes on for ever, what lies in the span."""
    both = max(off.start, agenda.span.start), min(off.end, agenda.span.end)
    days = [clinic_day.day_of(at, zone) for at in both]
    is_whole_days = both == tuple(clinic_day.whole_day(day, zone).start for day in days)
    begins, ends = (f";VALUE=DATE:{day:%Y%m%d}" for day in days) if is_whole_days else map(_at, both)
    yield from (
        "BEGIN:VEVENT",
        f"UID:{_uid(off.uuid)}",
        f"DTSTAMP:{_utc(agenda.span.start)}",  # rows are added and removed, never changed
        f"DTSTART{begins}",
        f"DTEND{ends}",
        _text("SUMMARY", _("Blocked") if off.is_block else _("Time off")),
        "TRANSP:OPAQUE",
        "CLASS:PRIVATE",
        "END:VEVENT",
    )


def _uid(uuid: UUID) -> str:
    return f"{uuid5(NAMESPACE, str(uuid))}{UID_ENDS_WITH}"


def _at(instant: datetime) -> str:
    return f":{_utc(instant)}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@lru_cache(maxsize=4096)
def _text(name: str, value: str) -> str:
    """One property, escaped and folded after 75 octets."""
    line = Contentline(f"{name}:{vText(value).to_ical().decode()}")  # type: ignore[no-untyped-call]
    folded: bytes = line.to_ical()  # type: ignore[no-untyped-call]
    return folded.decode()
