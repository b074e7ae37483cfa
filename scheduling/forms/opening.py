"""What a patient shows to see more of a visit."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.forms.contact import BirthDateField
from scheduling.forms.fields import SHOWN_AS


class OpeningForm(forms.Form):
    date_of_birth = BirthDateField(
        label=_("Your date of birth"),
        help_text=_("For example 18/8/1992."),
        widget=forms.DateInput(attrs={"autocomplete": "bday", "maxlength": 40}, format=SHOWN_AS),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date_of_birth"].today = today  # type: ignore[attr-defined]
