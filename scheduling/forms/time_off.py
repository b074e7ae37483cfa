"""Time off and extra hours as typed."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.clock import clinic_zone
from scheduling.forms.fields import ClockField, DayField, TextField
from scheduling.forms.hours import MIDNIGHT, Confirmed
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval


class ClockOrEnd(ClockField):
    """A time of 24 hours, and 24:00 too: that is the end of the day, and comes as midnight does."""

    def to_python(self, value: Any) -> time | None:
        if str(value or "").strip().casefold() in MIDNIGHT:
            return time.max
        return super().to_python(value)


def _clock_input() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "clock"})


class SpanForm(Confirmed):
    """A stretch of days or of a day; `uuid` is the new row's."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    first = DayField(
        label=gettext_lazy("First day"),
        error_messages={"required": gettext_lazy("Choose the first day.")},
    )
    last = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: the same day.")
    )
    starts = ClockField(label=gettext_lazy("From"), required=False, widget=_clock_input())
    ends = ClockOrEnd(label=gettext_lazy("Until"), required=False, widget=_clock_input())

    def __init__(self, *args: Any, now: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.now = now
        self.span: Interval | None = None

    def clean(self) -> None:
        typed = self.cleaned_data
        first, last = typed.get("first"), typed.get("last")
        if self.errors or first is None:
            return
        if last is not None and last < first:
            self.add_error("last", _("The last day is before the first."))
            return
        self.span = _span(first, last or first, typed["starts"], typed["ends"])
        if self.span is None:
            self.add_error("ends", _("It ends before it begins."))
        elif self.span.end <= self.now:
            self.add_error("last" if last else "first", _("This has passed: it would change nothing."))


class TimeOffForm(SpanForm):
    reason = TextField(label=gettext_lazy("Reason"), required=False, max_length=255)

    field_order = ["first", "last", "starts", "ends", "reason", "uuid", "agreed"]


class ExtraHoursForm(SpanForm):
    """One session on one day."""

    first = DayField(label=gettext_lazy("Day"), error_messages={"required": gettext_lazy("Choose the day.")})
    last = None  # type: ignore[assignment]
    starts = ClockField(
        label=gettext_lazy("From"),
        widget=_clock_input(),
        error_messages={"required": gettext_lazy("Say when it begins.")},
    )
    ends = ClockOrEnd(
        label=gettext_lazy("Until"),
        widget=_clock_input(),
        error_messages={"required": gettext_lazy("Say when it ends.")},
    )


def _span(first: date, last: date, starts: time | None, ends: time | None) -> Interval | None:
    """Whole days where no time is said."""
    after = datetime.combine(last + timedelta(days=1), time.min)
    until = after if ends is None or ends == time.max else datetime.combine(last, ends)
    return clinic_day.between(datetime.combine(first, starts or time.min), until, clinic_zone())
