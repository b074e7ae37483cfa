"""Instants in the lists of the back office."""

from datetime import datetime

from scheduling.templatetags.clinic import clock, full_date
from scheduling.times_in_words import day_and_time


def spoken(instant: datetime) -> str:
    """With the year: what is listed here lasts."""
    return day_and_time(full_date(instant), clock(instant))
