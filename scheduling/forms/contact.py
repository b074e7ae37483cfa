"""How somebody is reached, and when somebody was born: the same rules at every door."""

from datetime import date
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.forms.fields import PLAIN_TEXT, DayField, TextField
from scheduling.matching import emails, phones
from scheduling.matching.birth_dates import EARLIEST_BIRTH
from scheduling.matching.characters import clean, is_visible
from scheduling.matching.names import fold

# Each phone of a record, and the column that says whose it is.
LABELS: Final = {"phone": "phone_label", "second_phone": "second_phone_label"}
SAME_PHONE: Final = _("This is the first phone again. Type another number here, or leave it empty.")
NO_PHONE: Final = _("“%(value)s” is not a phone number.")
SPAIN: Final = 34


class PhoneField(TextField):
    """A phone number in any spelling, of the clinic's country unless it says another: a `phones.Phone`."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text or "\0" in text:
            return text
        try:
            phone = phones.read(text, settings.PHONENUMBER_DEFAULT_REGION)
        except phones.Unreadable as fault:
            raise _not_read(text, fault) from None
        if len(phone.label) > phones.LONGEST_LABEL:
            said = {"label": phone.label[:40], "most": phones.LONGEST_LABEL}
            message = gettext("“%(label)s” was read as whose phone it is: up to %(most)s characters fit.")
            raise ValidationError(message, code="label_too_long", params=said)
        return phone

    def prepare_value(self, value: Any) -> Any:
        return phones.as_typed(value) if isinstance(value, str) else value


class EmailField(forms.EmailField):
    """An e-mail address, by the one rule for all doors."""

    default_validators = []
    default_error_messages = PLAIN_TEXT | {"invalid": _("“%(value)s” is not an e-mail address.")}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if "\0" in text:
            return text  # the validators say why not
        text = clean(text).strip()
        if not is_visible(text):
            return ""
        if len(text) > (self.max_length or len(text)):
            return text
        address = emails.read(text)
        if address is None:
            shown = {"value": text[:40]}
            raise ValidationError(self.error_messages["invalid"], code="invalid", params=shown)
        return address


class BirthDateField(DayField):
    """The day on which somebody was born."""

    is_birth = True

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and self.today is not None and day > self.today:
            raise ValidationError(_("A date of birth cannot be in the future."), code="future")
        return day

    def is_possible(self, day: date) -> bool:
        return day >= EARLIEST_BIRTH


def label_of(phone: str, label: str) -> str:
    """Whose a number is: as was typed beside it, else as its label says."""
    return (getattr(phone, "label", "") or label) if phone else ""


def labels_differ(phone: str, label: str) -> bool:
    """Whether one is said beside the number, and another one for itself."""
    beside = getattr(phone, "label", "")
    return bool(beside and label) and fold(beside) != fold(label)


def part_labels(form: forms.BaseForm) -> None:
    """Give what was typed beside a number to the number's label. To be called in `clean()`.

    It goes before what the label's own field has: that may have been there before.
    """
    values = form.cleaned_data
    for phone, label in LABELS.items():
        if phone not in values:
            continue
        typed = values.get(label, "")
        is_new = typed != (
            form.get_initial_for_field(form.fields[label], label) if label in form.fields else ""
        )
        if is_new and labels_differ(values[phone], typed):
            said = {"beside": values[phone].label, "typed": typed}
            form.add_error(
                label,
                _("“%(beside)s” is written next to the number, and “%(typed)s” here. Leave one.") % said,
            )
        values[label] = label_of(values[phone], typed)
        values[phone] = str(values[phone])
        if typed and not values[phone] and is_new:
            form.add_error(phone, _("Type the number, too."))
    _refuse_the_same(form)


def _refuse_the_same(form: forms.BaseForm) -> None:
    """One number in both fields, unless the record has it so and it was not touched."""
    typed = [form.cleaned_data.get(name, "") for name in LABELS]
    if not all(typed) or len(set(typed)) > 1:
        return
    if typed != [form.get_initial_for_field(form.fields[name], name) for name in LABELS]:
        form.add_error("second_phone", SAME_PHONE)


def _not_read(text: str, fault: phones.Unreadable) -> ValidationError:
    if fault.several:
        message = gettext(
            "Two phone numbers were read: “%(value)s”. Type one here: the record has a field for another."
        )
        return ValidationError(message, code="several", params={"value": text[:40]})
    if fault.number and fault.label:
        message = gettext(
            "“%(number)s” was read as the number, and “%(label)s” as whose it is. That is no whole number."
        )
        said = {"number": fault.number[:40], "label": fault.label[:40]}
        return ValidationError(message, code="invalid", params=said)
    if fault.country == SPAIN and fault.digits != phones.SPANISH_DIGITS:
        message = gettext("A Spanish number has 9 digits. This one has %(digits)s.")
        return ValidationError(message, code="digits", params={"digits": fault.digits})
    return ValidationError(NO_PHONE, code="invalid", params={"value": text[:40]})
