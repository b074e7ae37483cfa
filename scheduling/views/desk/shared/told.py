"""What a patient gets about a visit, in sentences."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scheduling.booking.outbox import PENDING
from scheduling.models import Appointment, Notice
from scheduling.models.notices import AT_MOST_ONCE
from scheduling.models.people import ContactBy
from scheduling.notices import coming
from scheduling.notices.channels import ALL
from scheduling.notices.coming import Coming, Way
from scheduling.notices.telling import Told
from scheduling.templatetags.clinic import moment, phone, spoken_language, when

Kind = Notice.Kind
State = Notice.State
Why = Notice.Why
MINUTE: Final = timedelta(minutes=1)
IN_MINUTES: Final = 60  # what is further away is said by its time alone
WITH_CALENDAR: Final = frozenset({Kind.CONFIRMED, Kind.MOVED, Kind.CANCELLED})
HEADINGS: Final[Mapping[Notice.Kind, str | Promise]] = {
    Kind.RECEIVED: gettext_lazy("Request received: %(when)s"),
    Kind.CONFIRMED: gettext_lazy("Confirmed: %(when)s"),
    Kind.MOVED: gettext_lazy("Moved: now %(when)s"),
    Kind.CANCELLED: gettext_lazy("Cancelled: %(when)s"),
}
GOES_TO: Final[Mapping[Notice.Kind, str | Promise]] = {
    Kind.RECEIVED: gettext_lazy("A message that the request is here goes to %(address)s %(when)s."),
    Kind.CONFIRMED: gettext_lazy("A confirmation goes to %(address)s %(when)s."),
    Kind.MOVED: gettext_lazy("A message about the new time goes to %(address)s %(when)s."),
    Kind.CANCELLED: gettext_lazy("A message about the cancellation goes to %(address)s %(when)s."),
    Kind.REMINDER: gettext_lazy("A reminder goes to %(address)s %(when)s."),
    Kind.ANSWER: gettext_lazy("A request for an answer goes to %(address)s %(when)s."),
}
IN_SHORT: Final[Mapping[Notice.Kind, str | Promise]] = {
    Kind.RECEIVED: gettext_lazy("request received, %(when)s"),
    Kind.CONFIRMED: gettext_lazy("confirmation, %(when)s"),
    Kind.MOVED: gettext_lazy("move to %(when)s"),
    Kind.CANCELLED: gettext_lazy("cancellation, %(when)s"),
}


def goes_out(one: Coming, way: Way, now: datetime) -> str:
    """A confirmation goes to ana@mail.example in 3 minutes."""
    to = one.told.to if one.told else way.to
    at = soon(one.at, now) or moment(one.at, now)
    return str(GOES_TO[one.kind]) % {"address": to, "when": at}


def after_a_change(visit: Appointment, now: datetime) -> str:
    """What the patient of a visit (with its people) gets of what was just changed, for a message in passing;
    "" where there is nothing to tell. 3 statements."""
    one = coming.of_many([visit], now=now).get(visit.pk)
    if not isinstance(one, Coming):
        return ""
    if one.told is not None:
        return goes_out(one, Way("", to=one.told.to), now)
    why = Why(one.why).label if one.why else ""
    numbers = ", ".join(phone(number) for number, _whose in visit.patient.phones)
    if not numbers:
        return _("Nobody is told by message: %(why)s.") % {"why": why}
    return _("Nobody is told by message: %(why)s. Phone: %(numbers)s.") % {"why": why, "numbers": numbers}


def after_a_series(visits: Sequence[Appointment], now: datetime) -> str:
    """What the patient of visits (with their people) that were booked in one go gets, for a message in
    passing; "" where there is nothing to tell. 3 statements."""
    found = [one for one in coming.of_many(visits, now=now).values() if isinstance(one, Coming)]
    going = [(one, one.told.to) for one in found if one.told is not None]
    why = next((one.why for one in found if one.why is not None), None)
    if not going:
        return _("Nobody is told by message: %(why)s.") % {"why": why.label} if why else ""
    first, to = going[0]
    if len(going) == 1:
        return goes_out(first, Way("", to=to), now)
    return _("One message about all %(n)s visits goes to %(address)s %(when)s.") % {
        "n": len(going),
        "address": to,
        "when": soon(first.at, now) or moment(first.at, now),
    }


def in_short(found: Coming | Notice | None, now: datetime) -> str:
    """Whether a patient need not be phoned, in few words: for a row of a list."""
    if isinstance(found, Coming):
        if found.why is not None:
            return _("no message: %(why)s") % {"why": found.why.label}
        return _("message goes out %(when)s") % {"when": soon(found.at, now) or moment(found.at, now)}
    if found is None:
        return ""
    if found.state == State.SENT:
        words = {"when": moment(found.sent_at, now)}
        if found.delivered_at:
            return _("message delivered %(when)s") % words
        return _("message sent %(when)s") % words
    if found.why == Why.HELD_BACK:
        return _("message held back at the desk")
    return _("message not delivered: %(why)s") % {"why": found.get_why_display()}


def reached(way: Way) -> str:
    """to ana@mail.example, in Spanish; "" where there is no way."""
    if way.why is not None:
        return ""
    return _("to %(address)s, in %(language)s") % {
        "address": way.to,
        "language": spoken_language(way.language),
    }


def no_way(way: Way) -> str:
    """That a patient gets no messages, and why; "" where they do."""
    if way.why is None:
        return ""
    return _("No message is sent: %(why)s.") % {"why": way.why.label}


def heading(kind: str, days_before: int, start: datetime | None) -> str:
    """Confirmed: Thu 5 March, 10:40; Reminder, 3 days before"""
    if kind not in AT_MOST_ONCE:
        return str(HEADINGS[Kind(kind)]) % {"when": when(start)}
    if kind == Kind.ANSWER:
        said = ngettext(
            "Request for an answer, %(n)s day before", "Request for an answer, %(n)s days before", days_before
        )
    else:
        said = ngettext("Reminder, %(n)s day before", "Reminder, %(n)s days before", days_before)
    return said % {"n": days_before}


def heading_of(row: Notice) -> str:
    """Of a row that is no longer due, by what it told; else by the visit as it was then."""
    if row.former_patient is not None:
        name = row.former_patient.full_name
        return _("To %(name)s: the visit is not theirs") % {"name": name}
    return heading(row.kind, row.days_before, _start_of(row))


def in_a_sentence(row: Notice) -> str:
    """move to Thu 5 March, 10:40; reminder, 3 days before"""
    if row.former_patient is None and row.kind not in AT_MOST_ONCE:
        return str(IN_SHORT[Kind(row.kind)]) % {"when": when(_start_of(row))}
    said = heading_of(row)
    return said[:1].lower() + said[1:]


def _start_of(row: Notice) -> datetime:
    """When the visit was as the row tells of it: what somebody said in person later is no part of it."""
    start = row.told.get("start") if row.state == State.SENT else None
    if start is None and row.kind == Kind.CANCELLED:
        start = row.was.get("start")
    return datetime.fromisoformat(start) if start else row.starts_at


def soon(at: datetime, now: datetime) -> str:
    """in 3 minutes; "" where it is further away than an hour"""
    minutes = -((now - at) // MINUTE)
    if minutes <= 0:
        return _("in a moment")
    if minutes > IN_MINUTES:
        return ""
    return ngettext("in %(n)s minute", "in %(n)s minutes", minutes) % {"n": minutes}


def by_which(told: Told) -> str:
    """E-mail, with a calendar file"""
    label = str(told.channel.label)
    if told.channel.reaches == ContactBy.EMAIL and _has_calendar(told):
        return _("%(channel)s, with a calendar file") % {"channel": label}
    return label


def _has_calendar(told: Told) -> bool:
    """A request that nobody agreed to is in no calendar."""
    known = told.news.was if told.kind == Kind.CANCELLED else told.facts
    return told.kind in WITH_CALENDAR and known["standing"] != PENDING


def channel_name(name: str) -> str:
    """As people say it; its own name where it is none of those that there are now."""
    return str(ALL[name]().label) if name in ALL else name
