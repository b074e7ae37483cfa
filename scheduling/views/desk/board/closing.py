"""What a board says where nobody is in: why, and when somebody is again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from scheduling.booking.next_open import next_open
from scheduling.clock import clinic_zone
from scheduling.forms.board import Choice
from scheduling.models import Doctor
from scheduling.queries.board import Column
from scheduling.templatetags.clinic import clock, day_date
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from scheduling.times_in_words import day_and_time
from scheduling.views.desk.board.strips import time_off_that_counts


@dataclass(frozen=True)
class Closing:
    """Of the clinic, or of the doctors to whom the board was narrowed."""

    of_clinic: bool
    reason: str  # of time off of the whole clinic; empty where there is none
    next_open: str  # day and time; empty where nobody is in for months
    href: str  # of the board of that day


def closing_of(
    columns: Sequence[Column], doctors: Sequence[Doctor], choice: Choice, span: Interval
) -> Closing | None:
    """None where somebody is in. 1 query, where nobody is; none where no hours were ever recorded."""
    if any(column.is_in for column in columns) or not any(column.has_hours for column in columns):
        return None
    found = (off for column in columns for off in time_off_that_counts(column, span))
    reasons = (off.reason for off in found if off.of_clinic)
    again = next_open([doctor.pk for doctor in doctors if doctor.is_active], span.end)
    if again is None:
        return Closing(not choice.is_filter, next(reasons, ""), "", "")
    day: date = clinic_day.day_of(again, clinic_zone())
    return Closing(
        not choice.is_filter,
        next(reasons, ""),
        day_and_time(day_date(day), clock(again)),
        choice.at(reverse("desk:day", args=[day])),
    )
