"""Which of two records stays, and whose value of each field."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from scheduling import alerts
from scheduling.booking.patients import FIELDS
from scheduling.booking.seen import Seen
from scheduling.forms.contact import LABELS
from scheduling.forms.known import ConsentField
from scheduling.forms.patients import PatientForm, as_typed
from scheduling.models import Patient
from scheduling.templatetags.clinic import full_date, phone, spoken_language
from scheduling.templatetags.people import consent_as_text, contact_by_as_text, reminders_as_text

LARGEST: Final = 2**31 - 1
OTHER_PHONE: Final = "other_phone"
KEEP, LEAVE_OUT = "keep", "leave_out"
# Whose a phone is goes with the phone.
CHOSEN: Final = tuple(name for name in FIELDS if name not in (*LABELS.values(), "alerts"))


class MergeForm(forms.Form):
    """A choice per differing field, named after it; its values are the public identities of the two."""

    def __init__(self, data: Any = None, *, one: Patient, other: Patient, stays: Patient) -> None:
        self.pair = {str(each.uuid): each for each in (one, other)}
        typed = {key: as_typed(patient) for key, patient in self.pair.items()}
        self.differing = [
            name for name in CHOSEN if len({_with_label(name, values) for values in typed.values()}) == 2
        ]
        self.has_two_phones = _have_two_phones(one, other)
        if self.has_two_phones and "second_phone" in self.differing:
            self.differing.remove("second_phone")  # it is the one that is not chosen as the first
        first, second = str(stays.uuid), str((other if stays == one else one).uuid)
        initial: dict[str, Any] = {name: _better(name, typed, first, second) for name in self.differing}
        initial |= {"keep": first, "version_one": one.version, "version_other": other.version}
        initial |= {OTHER_PHONE: KEEP}
        super().__init__(data, initial=initial, use_required_attribute=False)
        names = [(key, patient.full_name) for key, patient in self.pair.items()]
        self.fields["keep"] = forms.ChoiceField(
            label=_("This record stays"), choices=names, widget=forms.RadioSelect
        )
        for name in self.differing:
            choices = [(key, _said(name, patient)) for key, patient in self.pair.items()]
            label = PatientForm.base_fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
            if name == "phone" and self.has_two_phones:
                self.fields[OTHER_PHONE] = _other_phone_field()
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
        labels = {name: str(PatientForm.base_fields[name].label) for name in CHOSEN}
        labels["may_contact"] = _("Messages")
        giver = {name: self.pair[self.chosen(name)] for name in self.differing}
        said = {name: _said(name, giver.get(name, self.kept)) for name in CHOSEN}
        if self.has_two_phones:
            is_kept = self[OTHER_PHONE].value() != LEAVE_OUT
            said["second_phone"] = _phone_said(*self._other_phone(giver["phone"], is_kept=is_kept))
        chosen = [(labels[name], said[name]) for name in CHOSEN]
        return [*chosen, (_("Alerts"), value_as_text("alerts", self.alerts))]

    @property
    def alerts(self) -> str:
        """Those of both: nobody is asked which of them to overlook."""
        return alerts.of_both(self.kept.alerts, self.gone.alerts)

    @property
    def values(self) -> dict[str, Any]:
        """For the engine. Only after `is_valid()`."""
        giver = {name: self.pair[self.cleaned_data[name]] for name in self.differing}
        giver |= {LABELS[name]: row for name, row in giver.items() if name in LABELS}
        values = {name: getattr(row, name) for name, row in giver.items()} | {"alerts": self.alerts}
        if self.has_two_phones:
            is_kept = self.cleaned_data[OTHER_PHONE] == KEEP
            second = self._other_phone(giver["phone"], is_kept=is_kept)
            values["second_phone"], values["second_phone_label"] = second
        return values

    def _other_phone(self, giver: Patient, *, is_kept: bool) -> tuple[str, str]:
        """The one of the two numbers that is not `giver`'s first, and whose it is."""
        if not is_kept:
            return "", ""
        rows = (self.kept, self.gone)
        return next(
            (number, label) for row in rows for number, label in row.phones if number != str(giver.phone)
        )

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in (*self.differing, OTHER_PHONE)]

    def seen(self, patient: Patient) -> Seen:
        """Only after `is_valid()`."""
        name = "version_one" if patient == self.one else "version_other"
        return Seen(patient.uuid, self.cleaned_data[name])


def _better(name: str, typed: dict[str, dict[str, Any]], first: str, second: str) -> str:
    """Of the one that stays, unless only the other knows it. Who once said no is left alone."""
    if name in ("may_contact", "wants_reminders") and typed[second][name] == ConsentField.NO:
        return second
    return first if typed[first][name] else second


def _have_two_phones(one: Patient, other: Patient) -> bool:
    """Whether each has a first phone of its own, and there are no more: then none needs to be lost."""
    numbers = {number for row in (one, other) for number, _label in row.phones}
    return bool(one.phone and other.phone and one.phone != other.phone) and len(numbers) == 2


def _other_phone_field() -> forms.ChoiceField:
    choices = [(KEEP, _("stays as the second phone")), (LEAVE_OUT, _("is left out"))]
    return forms.ChoiceField(label=_("The other phone"), choices=choices, widget=forms.RadioSelect)


def _with_label(name: str, values: dict[str, Any]) -> tuple[Any, Any]:
    return values[name], values.get(LABELS.get(name, ""), "")


def _said(name: str, patient: Patient) -> str:
    """A value, with whose it is where it is a phone's."""
    if name in LABELS:
        return _phone_said(getattr(patient, name), getattr(patient, LABELS[name]))
    return value_as_text(name, getattr(patient, name))


def _phone_said(number: str, whose: str) -> str:
    text = value_as_text("phone", number)
    return f"{text} ({whose})" if whose else text


def value_as_text(name: str, value: Any) -> str:
    """A value of a patient's record, as a page says it."""
    if name == "may_contact":
        return consent_as_text(value)
    if name == "contact_by":
        return contact_by_as_text(value)
    if name == "wants_reminders":
        return reminders_as_text(value)
    if name == "alerts":
        return "; ".join(map(str, alerts.read(value))) or _("nothing")
    if value is None or value == "":
        return _("nothing")
    if name in LABELS:
        return phone(value)
    if name == "language":
        return spoken_language(value)
    return full_date(value) if isinstance(value, date) else str(value)
