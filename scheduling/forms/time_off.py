"""Time off and extra hours as typed."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.booking.hours_problems import LONGEST_NIGHT
from scheduling.booking.rules import on_the_clock
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms.fields import ClockField, DayField, TextField, say_today
from scheduling.forms.hours import MIDNIGHT, Confirmed
from scheduling.forms.steps import instant_of
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from scheduling.times.weeks import Weekly

GRAIN: Final = 5  # minutes
LONGEST_BLOCK: Final = 24 * 60  # minutes
NEXT_DAY: Final = gettext_lazy("If this is earlier than “From”, it ends on the next day.")


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
    ends = ClockOrEnd(label=gettext_lazy("Until"), required=False, widget=_clock_input(), help_text=NEXT_DAY)

    def __init__(self, *args: Any, now: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.now = now
        say_today(self, clinic_today(now))
        if not self.is_bound:
            self._begin_at("first")
        self.span: Interval | None = None

    def begin_at_what_is_wrong(self) -> None:
        """The first field that is refused gets the focus, when the form is shown again."""
        wrong = next((field.name for field in self.visible_fields() if field.errors), None)
        if wrong:
            self._begin_at(wrong)

    def _begin_at(self, name: str) -> None:
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
        self.fields[name].widget.attrs["autofocus"] = True

    def clean(self) -> None:
        typed = self.cleaned_data
        first, last = typed.get("first"), typed.get("last")
        if self.errors or first is None:
            return
        if last is not None and last < first:
            self.add_error("last", _("The last day is before the first."))
            return
        goes_on = last is None and _is_night(first, typed["starts"], typed["ends"])
        until = first + timedelta(days=1) if goes_on else last or first
        self.span = _span(first, until, typed["starts"], typed["ends"])
        if self.span is None:
            skipped = _skipped(datetime.combine(first, typed["starts"] or time.min))
            self.add_error("starts" if skipped else "ends", skipped or _("It ends before it begins."))
        elif typed["ends"] and (skipped := _skipped(datetime.combine(until, typed["ends"]))):
            self.add_error("ends", skipped)
        elif self.span.end <= self.now:
            self.add_error("last" if last else "first", _("This is in the past: it would change nothing."))


class TimeOffForm(SpanForm):
    reason = TextField(label=gettext_lazy("Reason"), required=False, max_length=255)

    field_order = ["first", "last", "starts", "ends", "reason", "uuid", "agreed"]


class ExtraHoursForm(SpanForm):
    """One session, which may go on past midnight."""

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
        help_text=NEXT_DAY,
        error_messages={"required": gettext_lazy("Say when it ends.")},
    )


class BlockForm(ExtraHoursForm):
    """A part of a day that the desk takes out, and for what."""

    reason = TextField(
        label=gettext_lazy("For what"),
        max_length=255,
        help_text=gettext_lazy("The staff see it on the board, patients do not."),
        error_messages={"required": gettext_lazy("Say for what: “phone calls”, “lunch with the lab”.")},
    )

    field_order = ["first", "starts", "ends", "reason", "uuid", "agreed"]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if "ends" in self.initial and not self.is_bound:  # marked on the board: the reason is what is missing
            self._begin_at("reason")

    @property
    def day(self) -> date | None:
        """The day that is typed or was marked, where it can be read."""
        read = self.cleaned_data if self.is_bound else self.initial
        return read.get("first")

    @staticmethod
    def marked(asked: Mapping[str, str]) -> dict[str, object]:
        """The day and times of a stretch that was marked on the board: `start` (ISO, with its offset) and
        `minutes`. Empty where it cannot be read."""
        start, minutes = instant_of(asked.get("start", ""), clinic_zone()), asked.get("minutes", "")
        if start is None:
            return {}
        begins = start.astimezone(clinic_zone())
        shown = {"first": begins.date(), "starts": f"{begins:%H:%M}"}
        if not (minutes.isdecimal() and len(minutes) < 5 and GRAIN <= int(minutes) <= LONGEST_BLOCK):
            return shown
        ends = (start + timedelta(minutes=int(minutes))).astimezone(clinic_zone())
        return {**shown, "ends": f"{ends:%H:%M}"}


def _is_night(day: date, starts: time | None, ends: time | None) -> bool:
    """Whether it ends on the day after it begins, by the rule of the weekly hours: 22:00 to 02:00."""
    starts = starts or time.min
    if ends is None or ends > starts:
        return False
    return ends == time.min or Weekly(day.weekday(), starts, ends).minutes <= LONGEST_NIGHT


def _skipped(wall: datetime) -> str:
    """What is said of a time that the clocks leave out; "" where they show it."""
    found, problems = on_the_clock(wall, clinic_zone())
    return problems[0].message if problems and not found else ""


def _span(first: date, last: date, starts: time | None, ends: time | None) -> Interval | None:
    """Whole days where no time is said."""
    after = datetime.combine(last + timedelta(days=1), time.min)
    until = after if ends is None or ends == time.max else datetime.combine(last, ends)
    return clinic_day.between(datetime.combine(first, starts or time.min), until, clinic_zone())
