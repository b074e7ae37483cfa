"""Time off and extra hours as the clinic says them."""

from datetime import date, datetime, timedelta
from typing import Final, Protocol

from django import template
from django.utils.translation import gettext

from scheduling.clock import clinic_zone
from scheduling.templatetags.clinic import clock, moment, near_day, on_clocks
from scheduling.times import clinic_day

register = template.Library()

MOMENT: Final = timedelta(microseconds=1)


class Spanned(Protocol):
    """A row with a beginning and an end, both aware."""

    starts_at: datetime
    ends_at: datetime


def _are_whole_days(row: Spanned, first: date, last: date) -> bool:
    """By the days' own first instants: where the clocks change at midnight, that is 01:00, or the first of
    two midnights."""
    begins, until = (clinic_day.whole_day(day, clinic_zone()) for day in (first, last))
    return row.starts_at == begins.start and row.ends_at == until.end


@register.filter
def span_as_text(row: Spanned, now: datetime) -> str:
    """Time off or extra hours: Fri 1 May; 6 April to 10 April; today, 12:00 to 13:00."""
    start, end = on_clocks(row.starts_at), on_clocks(row.ends_at)
    last = on_clocks(row.ends_at - MOMENT)
    if _are_whole_days(row, start.date(), last.date()):
        if start.date() == last.date():
            return near_day(start, now)
        return gettext("%(from)s to %(to)s") % {"from": near_day(start, now), "to": near_day(last, now)}
    if start.date() == last.date():
        said = {"date": near_day(start, now), "from": clock(start)}
        said["to"] = clock(end) if end.date() == start.date() else "24:00"
        return gettext("%(date)s, %(from)s to %(to)s") % said
    return gettext("%(from)s to %(to)s") % {"from": moment(start, now), "to": moment(end, now)}
