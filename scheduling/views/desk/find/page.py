"""The free times that fit the wishes, by day, as links one step from booked; or why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.booking import openings
from scheduling.booking.openings import Opening
from scheduling.forms.fields import is_in_calendar
from scheduling.forms.find import FindForm
from scheduling.models import Doctor, Patient, VisitType
from scheduling.queries import doctors
from scheduling.templatetags.clinic import day_date
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from scheduling.views.desk.find import nothing as find_nothing
from scheduling.views.desk.find.nothing import Search

AHEAD: Final = 60  # days that are looked through at once
MOST_SEEN: Final = 200  # of one start: no clinic has more doctors


@dataclass(frozen=True)
class Result:
    opening: Opening
    link: str


@dataclass(frozen=True)
class Day:
    title: str
    note: str
    results: Sequence[Result]


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    days: Sequence[Day]
    first: Opening | None
    last_day: date
    later: str = ""  # query of the page with later ones
    nothing: find_nothing.Nothing | None = None
    otherwise: Sequence[tuple[find_nothing.Reason, str]] = ()  # each with the link that books it


def found(
    form: FindForm, query: QueryDict, patient: Patient | None, *, now: datetime, zone: ZoneInfo
) -> Found | None:
    """None where the wishes cannot be read: the form says why."""
    if not form.is_valid():
        return None
    search, cursor = _search(form, patient, now), _cursor(query, zone)
    begin, seen = cursor or (clinic_day.whole_day(form.first_day(), zone).start, 0)
    last_day = clinic_day.day_of(begin, zone) + timedelta(days=AHEAD - 1)
    search.span = Interval(begin, clinic_day.whole_day(last_day, zone).end)
    count = form.how_many()
    rows = openings.next_starts(
        search.doctors,
        minutes=search.kind.minutes,
        buffer_minutes=search.kind.buffer_minutes,
        span=search.span,
        now=now,
        wishes=search.wishes,
        count=count + seen + 1,
        age=search.age,
    )[seen:]
    shown, is_more = rows[:count], len(rows) > count
    if not shown:
        nothing = find_nothing.explained(search, query, now=now, zone=zone)
        reasons = [
            (reason, book_link(reason.otherwise, search.kind, patient, zone) if reason.otherwise else "")
            for reason in nothing.reasons
        ]
        later = _after(query, search.span.end, 0, zone)
        return Found([], None, last_day, later=later, nothing=nothing, otherwise=reasons)
    # Several doctors may begin at the instant of the last one shown: some of them stand on this page already.
    last = shown[-1].start
    at_once = sum(o.start == last for o in shown) + (seen if begin == last else 0)
    later = _after(query, last, at_once, zone) if is_more else _after(query, search.span.end, 0, zone)
    days = _by_day(shown, search.kind, patient, now=now, zone=zone)
    return Found(days, shown[0], clinic_day.day_of(last, zone) if is_more else last_day, later=later)


def _search(form: FindForm, patient: Patient | None, now: datetime) -> Search:
    values = form.cleaned_data
    doctor: Doctor | None = values["doctor"]
    kind: VisitType = values["visit_type"]
    asked = doctors.of(values["specialty"], kind) if doctor is None else doctors.if_gives(doctor, kind)
    born = patient.date_of_birth if patient else None
    return Search(asked, doctor, values["specialty"], kind, form.wishes(), Interval(now, now), born)


def _cursor(query: QueryDict, zone: ZoneInfo) -> tuple[datetime, int] | None:
    """Where the page before ended: the last start shown, and how many were shown that begin then."""
    try:
        start = datetime.fromisoformat(query.get("after", "").replace(" ", "+"))
        seen = min(max(int(query.get("seen", "0")), 0), MOST_SEEN)
        begin = start.astimezone(zone)
    except (ValueError, OverflowError):
        return None
    if start.tzinfo is None or not is_in_calendar(begin.date()):
        return None
    return begin, seen


def _after(query: QueryDict, start: datetime, seen: int, zone: ZoneInfo) -> str:
    later = find_nothing.without(query, "after", "seen")
    later["after"], later["seen"] = start.astimezone(zone).isoformat(), str(seen)
    return later.urlencode()


def _by_day(
    shown: Sequence[Opening], kind: VisitType, patient: Patient | None, *, now: datetime, zone: ZoneInfo
) -> list[Day]:
    today = clinic_day.day_of(now, zone)
    days = []
    for day, of_day in groupby(shown, key=lambda opening: clinic_day.day_of(opening.start, zone)):
        results = [Result(opening, book_link(opening, kind, patient, zone)) for opening in of_day]
        times = ngettext("%(n)s time", "%(n)s times", len(results)) % {"n": len(results)}
        days.append(Day(_day_title(day, today), times, results))
    return days


def _day_title(day: date, today: date) -> str:
    said = {"day": day_date(day)}
    if day == today:
        return _("Today, %(day)s") % said
    return _("Tomorrow, %(day)s") % said if day == today + timedelta(days=1) else said["day"]


def book_link(opening: Opening, kind: VisitType | None, patient: Patient | None, zone: ZoneInfo) -> str:
    """The booking form with this time filled in."""
    wanted = {"doctor": opening.doctor.uuid, "start": opening.start.astimezone(zone).isoformat()}
    if kind is not None:
        wanted["visit_type"] = kind.uuid
    if patient is not None:
        wanted["patient"] = patient.uuid
    return f"{reverse('desk:book')}?{urlencode(wanted)}"
