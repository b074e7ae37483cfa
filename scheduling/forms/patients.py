"""A patient who is not on record yet, as typed while booking."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.booking.proposal import NewPatient
from scheduling.forms.fields import PLAIN_TEXT, DayField, NameField, PhoneField

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
        self.today = timezone.localdate(now)

    def clean_date_of_birth(self) -> date | None:
        born: date | None = self.cleaned_data["date_of_birth"]
        if born is not None and born > self.today:
            raise ValidationError(_("A date of birth cannot be in the future."), code="future")
        return born

    def new_patient(self) -> NewPatient:
        """Only after `is_valid()`."""
        return NewPatient(**self.cleaned_data)
