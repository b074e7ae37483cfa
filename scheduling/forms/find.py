"""Wishes for a free time, and the question why a certain time is not free: read off a link."""

from collections.abc import Collection
from datetime import date, time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from scheduling.booking.free_time import EVERY_DAY
from scheduling.booking.openings import Wishes
from scheduling.booking.rules import AT_THE_DESK
from scheduling.forms.fields import ClockField, DayField, say_today
from scheduling.forms.offered import DoctorField, SpecialtyField, VisitTypeField, offer_given
from scheduling.models import Doctor, Specialty, VisitType

NOON: Final = time(14)  # where the clinic's morning ends
PARTS: Final = {
    "": (time.min, None),
    "morning": (time.min, NOON),
    "afternoon": (NOON, None),
}
COUNTS: Final = ("10", "20", "50")
CLOCK: Final = {"autocomplete": "off", "maxlength": 20}


class FindForm(forms.Form):
    specialty = SpecialtyField(Specialty, label=_("Specialty"), required=False, empty_label=_("Any"))
    doctor = DoctorField(Doctor, label=_("Doctor"), required=False, empty_label=_("Anyone"))
    visit_type = VisitTypeField(
        VisitType,
        label=_("Visit type"),
        empty_label=None,
        error_messages={"required": _("Choose the visit type: it says how long a time is needed.")},
    )
    part = forms.ChoiceField(
        label=_("Part of the day"),
        choices=[
            ("", _("Any")),
            ("morning", _("Morning, before 14:00")),
            ("afternoon", _("Afternoon, from 14:00")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    on = forms.TypedMultipleChoiceField(
        label=_("Only on"),
        choices=list(WEEKDAYS_ABBR.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    earliest = ClockField(label=_("Not before"), required=False, widget=forms.TextInput(attrs=CLOCK))
    latest = ClockField(label=_("Begins before"), required=False, widget=forms.TextInput(attrs=CLOCK))
    count = forms.ChoiceField(label=_("How many"), choices=[(n, n) for n in COUNTS], required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        today: date,
        initial: Any = None,
        born: date | None = None,
        proposed: Collection[str] = (),
    ) -> None:
        """`today`: of the clinic, from which on is looked where no day is typed; `born`: of the patient;
        `proposed`: as in `offer_given`."""
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.today = today
        # "from" is a word of Python's own.
        self.fields["from"] = DayField(label=_("From"), required=False)
        say_today(self, today)
        given = data if data is not None else initial or {}
        for name in ("doctor", "visit_type", "specialty"):
            self.fields[name].offer(given.get(name))  # type: ignore[attr-defined]
        self.given = offer_given(self, born=born, today=today, proposed=proposed)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        doctor, specialty = values.get("doctor"), values.get("specialty")
        if doctor and specialty and doctor.specialty_id != specialty.pk:
            raise ValidationError(
                _("%(doctor)s is not in %(specialty)s. Choose one or the other."),
                code="elsewhere",
                params={"doctor": doctor.doctor_name, "specialty": specialty},
            )
        earliest, latest = values.get("earliest"), values.get("latest")
        if earliest and latest and earliest >= latest:
            self.add_error("latest", _("This is not after the time before it."))
        first = values.get("from")
        if first and first > self.today + AT_THE_DESK.furthest:
            self.add_error("from", AT_THE_DESK.too_far)
        return values

    def wishes(self) -> Wishes:
        """Only after `is_valid()`. Hours that were typed count for more than the part of the day."""
        values = self.cleaned_data
        begin, end = PARTS[values["part"]]
        if values["earliest"] or values["latest"]:
            begin, end = values["earliest"] or time.min, values["latest"]
        return Wishes(frozenset(values["on"]) or EVERY_DAY, begin, end)

    def first_day(self) -> date:
        return max(self.cleaned_data["from"] or self.today, self.today)

    def how_many(self) -> int:
        return int(self.cleaned_data["count"] or COUNTS[0])


class WhyNotForm(forms.Form):
    """A doctor, a day and a time: why can it not be booked?"""

    prefix = "why"

    doctor = DoctorField(
        Doctor,
        label=_("Doctor"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the doctor.")},
    )
    day = DayField(label=_("Day"), error_messages={"required": _("Choose the day.")})
    time = ClockField(
        label=_("Time"),
        widget=forms.TextInput(attrs=CLOCK),
        error_messages={"required": _("Type the time, such as 09:30.")},
    )

    def __init__(self, data: Any = None, *, today: date, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        say_today(self, today)
        given = data.get("why-doctor") if data is not None else (initial or {}).get("doctor")
        self.fields["doctor"].offer(given)  # type: ignore[attr-defined]
