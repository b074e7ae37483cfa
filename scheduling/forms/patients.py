"""A patient's record as typed: a new one while booking, and the whole of it on its own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from scheduling.booking.patients import FIELDS
from scheduling.booking.proposal import NewPatient
from scheduling.booking.seen import Seen
from scheduling.clock import clinic_today
from scheduling.forms.fields import PLAIN_TEXT, DayField, NameField, PhoneField, TextField
from scheduling.models import Patient

# The browser is the desk's: it must not fill in the receptionist's own name and phone.
NO_FILL = {"autocomplete": "off"}


class NewPatientForm(forms.Form):
    patient_name = NameField(
        label=_("Name"),
        max_length=255,
        widget=forms.TextInput(attrs=NO_FILL),
        error_messages={"required": _("Type the name.")},
    )
    patient_lastname = NameField(
        label=_("Last name"),
        max_length=255,
        widget=forms.TextInput(attrs=NO_FILL),
        error_messages={"required": _("Type the last name.")},
    )
    date_of_birth = DayField(label=_("Date of birth"), required=False)
    phone = PhoneField(
        label=_("Phone"),
        max_length=128,
        required=False,
        widget=forms.TextInput(attrs=NO_FILL | {"type": "tel"}),
        help_text=_("May be shared with a relative."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=255,
        required=False,
        widget=forms.EmailInput(attrs=NO_FILL),
        error_messages=PLAIN_TEXT | {"invalid": _("“%(value)s” is not an e-mail address.")},
    )

    def __init__(self, data: Any = None, *, now: datetime, initial: Any = None) -> None:
        # The browser's own bubbles would come before ours, one at a time.
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.today = clinic_today(now)

    def clean_date_of_birth(self) -> date | None:
        born: date | None = self.cleaned_data["date_of_birth"]
        if born is not None and born > self.today:
            raise ValidationError(_("A date of birth cannot be in the future."), code="future")
        return born

    def new_patient(self) -> NewPatient:
        """Only after `is_valid()`."""
        return NewPatient(**self.cleaned_data)


class PatientForm(NewPatientForm):
    """The whole record. `another_person`: those who look alike were seen, and it is none of them."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    may_contact = forms.BooleanField(
        label=_("Agreed to messages about appointments"), required=False, initial=True
    )
    note = TextField(
        label=_("Note"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Staff only."),
    )
    another_person = forms.BooleanField(
        label=_("It is somebody else: record this person too"), required=False
    )

    def __init__(self, data: Any = None, *, now: datetime, initial: Any = None) -> None:
        super().__init__(data, now=now, initial=initial)
        spoken = [("", _("not known")), *settings.LANGUAGES]
        stored = (initial or {}).get("language", "")
        if stored and stored not in dict(spoken):
            spoken.append((stored, stored))
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """The columns. Only after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def new_patient(self) -> NewPatient:
        asked_while_booking = ("patient_name", "patient_lastname", "date_of_birth", "email", "phone")
        return NewPatient(**{name: self.cleaned_data[name] for name in asked_while_booking})

    @property
    def more(self) -> dict[str, Any]:
        """What a booking does not ask for. Only after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in ("language", "may_contact", "note")}


class EditForm(PatientForm):
    """A record being changed: the version that was seen, and each value as it was then (`was_...`), so that
    what another desk changed meanwhile is told from what was typed here."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, patient: Patient, now: datetime) -> None:
        super().__init__(data, now=now, initial=as_typed(patient) | {"version": patient.version})
        self.patient = patient

    def seen(self) -> Seen:
        return Seen(self.patient.uuid, self.cleaned_data["version"])

    def against(self, current: Patient) -> "Rebased":
        """The form again, on the record as it is now: what was not touched here takes the new value."""
        now = as_typed(current)
        typed: dict[str, Any] = {}
        changes: list[tuple[str, Any, Any]] = []
        for name in FIELDS:
            mine, was = plain(self.cleaned_data[name]), self.data.get(f"was_{name}", "")
            typed[name] = now[name] if mine == was else mine
            if now[name] != was:
                changes.append((name, now[name], typed[name]))
        return Rebased(typed | {"version": current.version}, changes)


@dataclass(frozen=True)
class Rebased:
    """What was typed, put on the record as another desk saved it meanwhile."""

    values: Mapping[str, Any]  # for the form
    changes: Sequence[tuple[str, Any, Any]]  # field, value on record now, value as it would be saved


def as_typed(patient: Patient) -> dict[str, Any]:
    """A record's values as its form has them, all as text."""
    return {name: plain(getattr(patient, name)) for name in FIELDS}


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)
