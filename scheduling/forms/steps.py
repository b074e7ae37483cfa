"""What is done with a visit: the version that the person saw, the step, and why."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from scheduling.booking.actions import Wish
from scheduling.booking.rules import LONGEST_REASON
from scheduling.booking.seen import Seen
from scheduling.clock import clinic_zone
from scheduling.forms.fields import RowField, TextField, is_in_calendar, uuid_of, year_said
from scheduling.forms.seen import HIGHEST_VERSION
from scheduling.models import Doctor, Status

# What can be set by pressing a button; cancelling has a form of its own.
SETTABLE: Final = tuple(status for status in Status if status not in {Status.PENDING, Status.CANCELLED})
LOST: Final = _("The page you pressed on was incomplete, so nothing was changed. Choose again.")
# Said often enough to be offered; anything else may be typed.
USUAL_REASONS: Final = {
    Wish.PATIENT: (_("Is ill"), _("Cannot come at this time"), _("No longer needs it"), _("Goes elsewhere")),
    Wish.CLINIC: (_("The doctor is away"), _("The doctor is needed elsewhere"), _("Booked twice")),
}


class ReasonField(TextField):
    """Why something is done: one line, into the history."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_REASON})
        super().__init__(max_length=LONGEST_REASON, widget=widget, **kwargs)


class StepForm(forms.Form):
    version = forms.IntegerField(
        min_value=1,
        max_value=HIGHEST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), LOST),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)

    def seen(self, uuid: UUID) -> Seen:
        """Only after `is_valid()`."""
        return Seen(uuid, self.cleaned_data["version"])

    @property
    def complaints(self) -> list[str]:
        """Everything that could not be read, once."""
        return list(dict.fromkeys(str(message) for found in self.errors.values() for message in found))


class StatusForm(StepForm):
    status = forms.ChoiceField(
        choices=[(status.value, status.label) for status in SETTABLE],
        error_messages=dict.fromkeys(("required", "invalid_choice"), LOST),
    )
    reason = ReasonField(label=_("What is wrong with it"), required=False)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        unexplained = "reason" in values and not values["reason"]
        if values.get("status") == Status.ENTERED_IN_ERROR and unexplained:
            self.add_error("reason", _("Say what is wrong with it: it goes into the history."))
        return values

    @property
    def is_about_reason(self) -> bool:
        """Whether the reason alone is wrong: then it is told beside its field."""
        return set(self.errors) == {"reason"}


class UndoForm(StepForm):
    to = forms.ChoiceField(
        choices=[("", ""), *((status.value, status.label) for status in Status)],
        required=False,
        error_messages={"invalid_choice": LOST},
    )

    @property
    def target(self) -> Status | None:
        """Only after `is_valid()`."""
        to = self.cleaned_data["to"]
        return Status(to) if to else None


class CancelForm(StepForm):
    focus = ""  # the field that the page begins at

    wish = forms.ChoiceField(
        label=_("Who is cancelling?"),
        choices=Wish.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose who is cancelling: the patient or the clinic.")
        ),
    )
    reason = ReasonField(
        label=_("Reason for cancelling"),
        help_text=_("It goes into the history."),
        error_messages={"required": _("Say why the visit is cancelled.")},
    )

    @property
    def is_readable(self) -> bool:
        """Whether what is wrong can be told beside its field: the visit it is about is known."""
        return "version" not in self.errors

    @staticmethod
    def usual_reasons() -> list[str]:
        return [str(reason) for reasons in USUAL_REASONS.values() for reason in reasons]


class MoveForm(StepForm):
    """`accepted` holds the codes of what is knowingly overridden for the time and doctor shown beside it."""

    doctor = RowField(Doctor, error_messages=dict.fromkeys(("required", "invalid_choice"), LOST))
    start = forms.CharField(max_length=40, error_messages=dict.fromkeys(("required", "max_length"), LOST))
    accepted = forms.CharField(max_length=200, required=False)
    reason = ReasonField(
        label=_("Reason for moving"), required=False, help_text=_("It goes into the history.")
    )

    def clean_accepted(self) -> frozenset[str]:
        return frozenset(self.cleaned_data["accepted"].split())

    def clean_start(self) -> datetime:
        start = instant_of(self.cleaned_data["start"], clinic_zone())
        if start is None:
            if day := impossible_day_of(self.cleaned_data["start"]):
                raise ValidationError(year_said(day), code="year")
            raise ValidationError(LOST, code="invalid")
        return start


def impossible_day_of(text: str) -> date | None:
    """The day of a time that is one, but in a year that nobody can mean."""
    with suppress(ValueError):
        day = date.fromisoformat(text[:10])
        return None if is_in_calendar(day) else day
    return None


def offered_time(doctor: UUID, start: datetime, zone: ZoneInfo) -> str:
    """A free time as the button that offers it carries it: "<doctor uuid>|<ISO start>"."""
    return f"{doctor}|{start.astimezone(zone).isoformat()}"


def offered_time_of(text: str, zone: ZoneInfo) -> tuple[UUID, datetime] | None:
    """The doctor (uuid) and the aware start of such a button; None for anything else."""
    doctor, _bar, start = text.partition("|")
    uuid, at = uuid_of(doctor), instant_of(start, zone)
    return None if uuid is None or at is None else (uuid, at)


def instant_of(text: str, zone: ZoneInfo) -> datetime | None:
    """The aware instant of an ISO time with its offset, as our links carry it; None for anything else."""
    try:
        # A plus sign that was not escaped arrives as a space.
        at = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        if at.tzinfo is None or not is_in_calendar(at.astimezone(zone).date()):
            return None
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
