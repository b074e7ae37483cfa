"""Dates and times as the clinic says them: 24 hours, weekday first, in the clinic's zone."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import phonenumbers
from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext, pgettext

from scheduling.clock import clinic_zone
from scheduling.models import Status
from scheduling.times import clinic_day

register = template.Library()


class Spanned(Protocol):
    """A row with a beginning and an end, both aware."""

    starts_at: datetime
    ends_at: datetime


STATUS_CLASSES: Final = {
    Status.PENDING: "st-pe",
    Status.CONFIRMED: "st-co",
    Status.ARRIVED: "st-ar",
    Status.IN_PROGRESS: "st-ip",
    Status.COMPLETED: "st-do",
    Status.NO_SHOW: "st-no",
    Status.CANCELLED: "st-ca",
    Status.ENTERED_IN_ERROR: "st-er",
}


def _zone() -> ZoneInfo:
    return clinic_zone()


def _on_clocks(value: datetime) -> datetime:
    """An instant as the clinic's clocks show it."""
    return value.astimezone(_zone())


def _say(value: date | None, form: str) -> str:
    if not value:
        return ""
    return formats.date_format(_on_clocks(value) if isinstance(value, datetime) else value, form)


# The forms are Django's `date` letters. A language may put them in its own order: "l j \d\e F \d\e Y".


@register.filter
def long_date(value: date | None) -> str:
    """Tuesday 3 March 2026"""
    return _say(value, pgettext("form of a long date", "l j F Y"))


@register.filter
def day_date(value: date | None) -> str:
    """Tuesday 3 March"""
    return _say(value, pgettext("form of a date without its year", "l j F"))


@register.filter
def plain_date(value: date | None) -> str:
    """3 March 2026"""
    return _say(value, pgettext("form of a date without its weekday", "j F Y"))


@register.filter
def numeric_date(value: date | None) -> str:
    """03/03/1985, where there is little room and the day is a person's birth date"""
    return _say(value, pgettext("form of a date in figures", "d/m/Y"))


@register.filter
def short_date(value: date | None) -> str:
    """Tue 3 March"""
    return _say(value, pgettext("form of a short date", "D j F"))


@register.filter
def full_date(value: date | None) -> str:
    """12 June 1984: a birth date"""
    return _say(value, pgettext("form of a date without its weekday", "j F Y"))


@register.filter
def brief_date(value: date | None) -> str:
    """14 Jan 2026: a date beside others"""
    return _say(value, pgettext("form of a brief date", "j M Y"))


@register.filter
def clock(value: datetime | time | None) -> str:
    """12:20; and 02:30 (UTC+2) on the night on which the clocks show that time twice."""
    if value is None or value == "":
        return ""
    form = pgettext("form of a time", "H:i")
    if isinstance(value, time):
        return formats.time_format(value, form)
    shown = formats.date_format(_on_clocks(value), form)
    return f"{shown} ({utc_offset(value)})" if clinic_day.is_twice(value, _zone()) else shown


@register.filter
def when(value: datetime | None) -> str:
    """Tue 3 March, 11:40"""
    if not value:
        return ""
    return pgettext("date and time", "%(date)s, %(time)s") % {"date": short_date(value), "time": clock(value)}


@register.filter
def moment(value: datetime | None, now: datetime) -> str:
    """today, 11:40; tomorrow, 11:40; Tue 3 March, 11:40; and in another year Tue 3 March 2027, 11:40"""
    if not value:
        return ""
    said = {"date": near_day(value, now), "time": clock(value)}
    return pgettext("date and time", "%(date)s, %(time)s") % said


@register.filter
def near_date(day: date, now: datetime) -> str:
    """Tue 3 March; and in another year Tue 3 March 2027: a calendar day, of no clock."""
    if day.year == _on_clocks(now).year:
        return short_date(day)
    return _say(day, pgettext("form of a short date with its year", "D j F Y"))


@register.filter
def near_day(value: datetime, now: datetime) -> str:
    """today; tomorrow; Tue 3 March; and in another year Tue 3 March 2027"""
    day, today = _on_clocks(value).date(), _on_clocks(now).date()
    if day == today:
        return gettext("today")
    if day == today + timedelta(days=1):
        return gettext("tomorrow")
    if day.year == today.year:
        return short_date(value)
    return _say(value, pgettext("form of a short date with its year", "D j F Y"))


@register.filter
def iso(value: datetime) -> str:
    """2026-03-03T10:20:00+01:00: a start as our links carry it, with the clinic's offset."""
    return _on_clocks(value).isoformat()


@register.filter
def utc_offset(value: datetime | None) -> str:
    """UTC+1, UTC+5:30"""
    if not value:
        return ""
    offset = _on_clocks(value).utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


@register.filter
def time_zone_name(value: datetime | None) -> str:
    """Madrid time (UTC+1): whose clocks a time was read from, for someone who may be elsewhere."""
    if not value:
        return ""
    area, _, city = settings.CLINIC_TIME_ZONE.rpartition("/")
    if not area or area == "Etc":
        return utc_offset(value)
    says = gettext("%(city)s time (%(offset)s)")
    return says % {"city": city.replace("_", " "), "offset": utc_offset(value)}


@register.filter
def phone(value: Any) -> str:
    """600 55 54 82 in the clinic's own country, +44 20 7946 0958 elsewhere: as people read it out."""
    try:
        number = phonenumbers.parse(str(value or ""), settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return str(value or "")
    own = phonenumbers.country_code_for_region(settings.PHONENUMBER_DEFAULT_REGION)
    formats_ = phonenumbers.PhoneNumberFormat
    form = formats_.NATIONAL if number.country_code == own else formats_.INTERNATIONAL
    return phonenumbers.format_number(number, form)


@register.filter
def spoken_language(code: str) -> str:
    """Spanish, in the reader's language; the code itself where it is none that is known."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def status_class(status: str) -> str:
    """The class that gives a state its colours and mark."""
    return STATUS_CLASSES[Status(status)]


@register.inclusion_tag("components/status_badge.html")
def status_badge(status: str) -> dict[str, Any]:
    return {"css": status_class(status), "word": Status(status).label}


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's input in our style; Django adds what ties it to its hint and its error."""
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"input {own}".strip()})


@register.filter
def span_as_text(row: Spanned, now: datetime) -> str:
    """Time off or extra hours: Fri 1 May; 6 April to 10 April; today, 12:00 to 13:00."""
    start, end = _on_clocks(row.starts_at), _on_clocks(row.ends_at)
    last = _on_clocks(row.ends_at - timedelta(microseconds=1))
    if start.time() == end.time() == time.min:
        if start.date() == last.date():
            return near_day(start, now)
        return gettext("%(from)s to %(to)s") % {"from": near_day(start, now), "to": near_day(last, now)}
    if start.date() == last.date():
        said = {"date": near_day(start, now), "from": clock(start)}
        said["to"] = clock(end) if end.date() == start.date() else "24:00"
        return gettext("%(date)s, %(from)s to %(to)s") % said
    return gettext("%(from)s to %(to)s") % {"from": moment(start, now), "to": moment(end, now)}
