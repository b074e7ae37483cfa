"""Which of two records stays, and whose value of each field."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from scheduling.booking.patients import FIELDS
from scheduling.booking.seen import Seen
from scheduling.forms.patients import PatientForm, as_typed
from scheduling.models import Patient
from scheduling.templatetags.clinic import full_date, phone, spoken_language

LARGEST: Final = 2**31 - 1


class MergeForm(forms.Form):
    """A choice per differing field, named after it; its values are the public identities of the two."""

    def __init__(self, data: Any = None, *, one: Patient, other: Patient, stays: Patient) -> None:
        self.pair = {str(each.uuid): each for each in (one, other)}
        typed = {key: as_typed(patient) for key, patient in self.pair.items()}
        self.differing = [name for name in FIELDS if len({values[name] for values in typed.values()}) == 2]
        first, second = str(stays.uuid), str((other if stays == one else one).uuid)
        initial: dict[str, Any] = {name: _better(name, typed, first, second) for name in self.differing}
        initial |= {"keep": first, "version_one": one.version, "version_other": other.version}
        super().__init__(data, initial=initial, use_required_attribute=False)
        names = [(key, patient.full_name) for key, patient in self.pair.items()]
        self.fields["keep"] = forms.ChoiceField(
            label=_("This record stays"), choices=names, widget=forms.RadioSelect
        )
        for name in self.differing:
            choices = [
                (key, value_as_text(name, getattr(patient, name))) for key, patient in self.pair.items()
            ]
            label = PatientForm.base_fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        for name in ("version_one", "version_other"):
            self.fields[name] = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
        self.one, self.other = one, other

    def chosen(self, name: str) -> str:
        """The identity chosen for a field, also before anything was sent."""
        value = str(self[name].value())
        return value if value in self.pair else str(self.initial[name])

    @property
    def is_stale(self) -> bool:
        """One of the two was changed since it was shown: other fields may differ than were asked about."""
        seen = (self["version_one"].value(), self["version_other"].value())
        now = (str(self.one.version), str(self.other.version))
        gone = self.one.merged_into_id or self.other.merged_into_id
        return all(text.isdecimal() for text in map(str, seen)) and seen != now and not gone

    @property
    def kept(self) -> Patient:
        return self.pair[self.chosen("keep")]

    @property
    def gone(self) -> Patient:
        return self.other if self.kept == self.one else self.one

    @property
    def result(self) -> list[tuple[str, str]]:
        """What the record will say: (label, value) of each field."""
        labels = {name: str(PatientForm.base_fields[name].label) for name in FIELDS}
        labels["may_contact"] = _("Messages")
        giver = {name: self.pair[self.chosen(name)] for name in self.differing}
        return [
            (labels[name], value_as_text(name, getattr(giver.get(name, self.kept), name))) for name in FIELDS
        ]

    @property
    def values(self) -> dict[str, Any]:
        """For the engine. Only after `is_valid()`."""
        return {name: getattr(self.pair[self.cleaned_data[name]], name) for name in self.differing}

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in self.differing]

    def seen(self, patient: Patient) -> Seen:
        """Only after `is_valid()`."""
        name = "version_one" if patient == self.one else "version_other"
        return Seen(patient.uuid, self.cleaned_data[name])


def _better(name: str, typed: dict[str, dict[str, Any]], first: str, second: str) -> str:
    """Of the one that stays, unless only the other knows it. Who once said no is not written to."""
    if name == "may_contact":
        return first if not typed[first][name] else second
    return first if typed[first][name] else second


def value_as_text(name: str, value: Any) -> str:
    """A value of a patient's record, as a page says it."""
    if name == "may_contact":
        return _("agreed") if value else _("does not want any")
    if value is None or value == "":
        return _("nothing")
    if name == "phone":
        return phone(value)
    if name == "language":
        return spoken_language(value)
    return full_date(value) if isinstance(value, date) else str(value)
