"""A patient's record as typed: a new one while booking, and the whole of it on its own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from scheduling.booking.patients import FIELDS
from scheduling.booking.proposal import NewPatient
from scheduling.booking.seen import Seen
from scheduling.clock import clinic_today
from scheduling.forms.contact import BirthDateField, EmailField, PhoneField, part_labels
from scheduling.forms.fields import NameField, TextField, say_today
from scheduling.forms.known import AlertRow, AlertsField, ConsentField, RemindersField
from scheduling.forms.untouched import keep_untouched
from scheduling.matching.phones import LONGEST_LABEL
from scheduling.models import Patient
from scheduling.models.people import ContactBy

# The browser is the desk's: it must not fill in the receptionist's own name and phone.
NO_FILL = {"autocomplete": "off"}
# Columns of a record that a booking does not ask for.
ALSO: Final = ("language", "may_contact", "contact_by", "wants_reminders", "alerts", "note")


def _label_field(label: Any) -> TextField:
    return TextField(
        label=label,
        max_length=LONGEST_LABEL,
        required=False,
        widget=forms.TextInput(attrs=NO_FILL),
        help_text=_("Such as own, mother or work."),
    )


class NewPatientForm(forms.Form):
    patient_name = NameField(
        label=_("First name"),
        max_length=255,
        widget=forms.TextInput(attrs=NO_FILL),
        error_messages={"required": _("Type the first name.")},
    )
    patient_lastname = NameField(
        label=_("Last name"),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs=NO_FILL),
    )
    date_of_birth = BirthDateField(label=_("Date of birth"), required=False)
    phone = PhoneField(
        label=_("Phone"),
        max_length=128,
        required=False,
        widget=forms.TextInput(attrs=NO_FILL | {"type": "tel"}),
        help_text=_("May be shared with a relative: 600 555 482 (mother)."),
    )
    email = EmailField(
        label=_("E-mail"),
        max_length=255,
        required=False,
        widget=forms.EmailInput(attrs=NO_FILL),
    )

    def __init__(self, data: Any = None, *, now: datetime, initial: Any = None) -> None:
        # The browser's own bubbles would come before ours, one at a time.
        super().__init__(data, initial=initial, use_required_attribute=False)
        say_today(self, clinic_today(now))

    def clean(self) -> None:
        part_labels(self)

    def new_patient(self) -> NewPatient:
        """Only after `is_valid()`."""
        return NewPatient(**self.cleaned_data)


class PatientForm(NewPatientForm):
    """The whole record. `another_person`: those who look alike were seen, and it is none of them."""

    phone_label = _label_field(_("Whose phone"))
    second_phone = PhoneField(
        label=_("Second phone"),
        max_length=128,
        required=False,
        widget=forms.TextInput(attrs=NO_FILL | {"type": "tel"}),
    )
    second_phone_label = _label_field(_("Whose second phone"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    may_contact = ConsentField(label=_("Messages about appointments"), required=False)
    contact_by = forms.ChoiceField(
        label=_("Messages by"),
        required=False,
        choices=[("", _("whichever the clinic can")), *ContactBy.choices],
    )
    wants_reminders = RemindersField(label=_("Reminders"))
    alerts = AlertsField(
        label=_("Alerts"),
        required=False,
        help_text=_(
            "Whoever meets the patient sees these: at booking, on the board, in the waiting room, on paper."
        ),
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
        if not self.is_bound:  # else what is wrong has the focus
            self.fields["patient_name"].widget.attrs["autofocus"] = True
        spoken = [("", _("not known")), *settings.LANGUAGES]
        stored = (initial or {}).get("language", "")
        if stored and stored not in dict(spoken):
            spoken.append((stored, stored))
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]

    @property
    def alert_rows(self) -> list[AlertRow]:
        return AlertsField.rows(self["alerts"])

    @property
    def values(self) -> dict[str, Any]:
        """The columns. Only after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def new_patient(self) -> NewPatient:
        return NewPatient(**{name: self.cleaned_data[name] for name in FIELDS if name not in ALSO})

    @property
    def more(self) -> dict[str, Any]:
        """What a booking does not ask for. Only after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in ALSO}


class EditForm(PatientForm):
    """A record being changed: the version that was seen, and each value as it was then (`was_...`), so that
    what another desk changed meanwhile is told from what was typed here."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, patient: Patient, now: datetime, filled: Mapping[str, Any] | None = None
    ) -> None:
        """`filled`: what stands in it before it is sent, where that is not the record's own values."""
        initial = as_typed(patient) | {"version": patient.version} | dict(filled or {})
        super().__init__(data, now=now, initial=initial)
        self.patient = patient
        # What an old row lacks is no reason against another change.
        self.fields["patient_name"].required = bool(patient.patient_name)
        keep_untouched(self, {name: getattr(patient, name) for name in FIELDS})

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
        return ConsentField.YES if value else ConsentField.NO
    return "" if value is None else str(value)
