"""Dates and times as the clinic says them: 24 hours, weekday first, in the clinic's zone."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

import phonenumbers
from django import template
from django.conf import settings
from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext, ngettext

from scheduling.clock import clinic_zone
from scheduling.matching.birth_dates import Age, AgeUnit
from scheduling.models import Status
from scheduling.times import clinic_day, possible
from scheduling.times_in_words import MOST_KEPT, day_and_time, day_in_words, time_in_figures

register = template.Library()


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


def on_clocks(value: datetime) -> datetime:
    """An instant as the clinic's clocks show it."""
    return possible.within_calendar(value).astimezone(clinic_zone())


def _say(value: date | None, form: str) -> str:
    """A day, by the name of its form."""
    if not value:
        return ""
    day = on_clocks(value).date() if isinstance(value, datetime) else value
    return day_in_words(day, form)


@register.filter
def long_date(value: date | None) -> str:
    """Tuesday 3 March 2026"""
    return _say(value, "long")


@register.filter
def day_date(value: date | None) -> str:
    """Tuesday 3 March"""
    return _say(value, "day")


@register.filter
def month_name(value: date | None) -> str:
    """March 2026"""
    return _say(value, "month")


@register.filter
def numeric_date(value: date | None) -> str:
    """03/03/1985, where there is little room and the day is a person's birth date"""
    return _say(value, "numeric")


@register.filter
def short_date(value: date | None) -> str:
    """Tue 3 March"""
    return _say(value, "short")


@register.filter
def full_date(value: date | None) -> str:
    """12 June 1984"""
    return _say(value, "plain")


@register.filter
def brief_date(value: date | None) -> str:
    """14 Jan 2026: a date beside others"""
    return _say(value, "brief")


@register.filter
def clock(value: datetime | time | None) -> str:
    """12:20; and 02:30 (UTC+2) on the night on which the clocks show that time twice."""
    if value is None or value == "":
        return ""
    if isinstance(value, time):
        return time_in_figures(value)
    shown_at = on_clocks(value)
    shown = time_in_figures(shown_at.time())
    return f"{shown} ({utc_offset(value)})" if clinic_day.is_twice(shown_at, clinic_zone()) else shown


@register.filter
def when(value: datetime | None) -> str:
    """Tue 3 March, 11:40"""
    if not value:
        return ""
    return day_and_time(short_date(value), clock(value))


@register.filter
def moment(value: datetime | None, now: datetime) -> str:
    """today, 11:40; tomorrow, 11:40; Tue 3 March, 11:40; and in another year Tue 3 March 2027, 11:40"""
    if not value:
        return ""
    return _moment(get_language(), settings.CLINIC_TIME_ZONE, value, on_clocks(now).date())


@lru_cache(maxsize=MOST_KEPT)
def _moment(_language: str | None, _zone_name: str, value: datetime, today: date) -> str:
    return day_and_time(_near(on_clocks(value).date(), today), clock(value))


@register.filter
def near_date(day: date, now: datetime) -> str:
    """Tue 3 March; and in another year Tue 3 March 2027: a calendar day, of no clock."""
    if day.year == on_clocks(now).year:
        return short_date(day)
    return _say(day, "short_with_year")


@register.filter
def near_day(value: datetime, now: datetime) -> str:
    """today; tomorrow; Tue 3 March; and in another year Tue 3 March 2027"""
    return _near(on_clocks(value).date(), on_clocks(now).date())


@register.filter
def days_ahead(value: datetime, now: datetime) -> str:
    """today; tomorrow; in 3 days: by the clinic's calendar. Nothing of a day that has passed."""
    days = (on_clocks(value).date() - on_clocks(now).date()).days
    match days:
        case 0:
            return gettext("today")
        case 1:
            return gettext("tomorrow")
    return gettext("in %(n)s days") % {"n": days} if days > 1 else ""


def _near(day: date, today: date) -> str:
    if day == today:
        return gettext("today")
    if day == today + timedelta(days=1):
        return gettext("tomorrow")
    return _say(day, "short" if day.year == today.year else "short_with_year")


@register.filter
def iso(value: datetime) -> str:
    """2026-03-03T10:20:00+01:00: a start as our links carry it, with the clinic's offset."""
    return on_clocks(value).isoformat()


@register.filter
def machine_time(value: datetime) -> str:
    """2026-03-03T09:20Z: for programs that read a page, in any year."""
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='minutes')}Z"


@register.filter
def utc_offset(value: datetime | None) -> str:
    """UTC+1, UTC+5:30"""
    if not value:
        return ""
    offset = on_clocks(value).utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


@register.filter
def board_of(value: datetime) -> str:
    """The address of the board of its day; today's where no board reaches it."""
    if not possible.can_be(value):
        return reverse("desk:today")
    return reverse("desk:day", args=[on_clocks(value).date()])


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
def age(value: Age | None) -> str:
    """3 days, 5 weeks, 14 months; from two years on, years. Nothing before the birth."""
    if value is None:
        return ""
    match value.unit:
        case AgeUnit.DAYS:
            said = ngettext("%(count)d day", "%(count)d days", value.number)
        case AgeUnit.WEEKS:
            said = ngettext("%(count)d week", "%(count)d weeks", value.number)
        case AgeUnit.MONTHS:
            said = ngettext("%(count)d month", "%(count)d months", value.number)
        case AgeUnit.YEARS:
            said = ngettext("%(count)d year", "%(count)d years", value.number)
    return said % {"count": value.number}


@register.filter
def born(value: date | None, old: Age | None) -> str:
    """41 years, born 12 June 1984; without the age where there is none yet."""
    return _born(full_date(value), old) if value else ""


@register.filter
def born_brief(value: date | None, old: Age | None) -> str:
    """41 years, born 12 Jun 1984: where there is little room"""
    return _born(brief_date(value), old) if value else ""


def _born(day: str, old: Age | None) -> str:
    if old is None:
        return gettext("born %(day)s") % {"day": day}
    return gettext("%(age)s, born %(day)s") % {"age": age(old), "day": day}


@register.filter
def phone(value: Any) -> str:
    """600 55 54 82 in the clinic's own country, +44 20 7946 0958 elsewhere: as people read it out."""
    return _read_out(str(value or ""), settings.PHONENUMBER_DEFAULT_REGION)


@lru_cache(maxsize=MOST_KEPT)
def _read_out(text: str, region: str) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text
    own = phonenumbers.country_code_for_region(region)
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
