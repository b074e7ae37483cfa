"""Days with their times, as messages to patients say them."""

from datetime import datetime

from django import template
from django.utils.translation import gettext

from scheduling.templatetags.clinic import clock, long_date, on_clocks
from scheduling.times_in_words import day_and_time, day_in_words

register = template.Library()


@register.filter
def full_when(value: datetime) -> str:
    """Thursday 5 March 2026, 10:40"""
    return day_and_time(long_date(value), clock(value))


@register.filter
def spoken_when(value: datetime, now: datetime) -> str:
    """Thursday 5 March at 10:40; and in another year Thursday 5 March 2027 at 10:40"""
    day = day_in_words(on_clocks(value).date(), "day" if _is_of_this_year(value, now) else "long")
    return gettext("%(day)s at %(time)s") % {"day": day, "time": clock(value)}


@register.filter
def brief_when(value: datetime, now: datetime) -> str:
    """Thu 5 March 10:40; and in another year Thu 5 March 2027 10:40: where each letter counts"""
    form = "short" if _is_of_this_year(value, now) else "short_with_year"
    return f"{day_in_words(on_clocks(value).date(), form)} {clock(value)}"


def _is_of_this_year(value: datetime, now: datetime) -> bool:
    return on_clocks(value).year == on_clocks(now).year
