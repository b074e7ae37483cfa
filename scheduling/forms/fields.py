"""Fields that read what people type, and say in plain words what they could not read."""

import re
from contextlib import suppress
from datetime import date, time
from typing import Any, Final, Protocol
from uuid import UUID

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.matching.names import is_visible, squash

# Instants are computed from days: at the ends of the calendar that would overflow.
FIRST_YEAR, LAST_YEAR = 1900, 2199
PLAIN_TEXT: Final[dict[str, Any]] = {
    "null_characters_not_allowed": _("A character in this text cannot be stored. Type it again."),
    "max_length": _("Up to %(limit_value)d characters fit here. This has %(show_value)d."),
}
CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.h]\s*(\d{2}))?\s*h?", re.ASCII | re.IGNORECASE)
BARE_CLOCK = re.compile(r"(\d{1,2})(\d{2})", re.ASCII)
HALF_DAY = re.compile(r"[\d:.\s]+[ap]\.?\s*m\.?", re.ASCII | re.IGNORECASE)


class Rows(Protocol):
    """A queryset class with `active()`."""

    def active(self) -> models.QuerySet[Any]: ...


class TextField(forms.CharField):
    """Text that a database can hold. The browser counts a line end as one character, so we do too."""

    default_error_messages = PLAIN_TEXT

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class NameField(TextField):
    """A name, with single spaces; characters that nobody can see are none."""

    def to_python(self, value: Any) -> str:
        name = squash(super().to_python(value))
        return name if is_visible(name) else ""


class RowField(forms.ModelChoiceField):
    """A row named by its uuid.

    Only active rows are offered; one that was switched off meanwhile is still understood and still shown, so
    that the rules can refuse it in words and nothing that was chosen is lost.
    """

    default_error_messages = {"invalid_choice": _("This choice is not on record. Choose another.")}

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        self.every = model._default_manager.all()
        super().__init__(queryset=self.every.none(), to_field_name="uuid", **kwargs)

    def offer(self, chosen: Any) -> None:
        """Offer the active rows, and the one that was chosen before."""
        wanted = models.Q(is_active=True)
        if (uuid := uuid_of(chosen)) is not None:
            wanted |= models.Q(uuid=uuid)
        rows = self.every.filter(wanted)
        self.queryset = rows.select_related("specialty") if hasattr(self.every.model, "specialty") else rows

    def to_python(self, value: Any) -> models.Model | None:
        if value in self.empty_values:
            return None
        uuid = uuid_of(value)
        row = None if uuid is None else self.every.filter(uuid=uuid).first()
        if row is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return row


class DayField(forms.DateField):
    """A calendar day, from the browser's own date input or typed."""

    default_error_messages = {"invalid": _("“%(value)s” is not a date. Write it like 2026-03-31.")}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d", "%d/%m/%Y")

    def to_python(self, value: Any) -> date | None:
        try:
            day = super().to_python(value)
        except ValidationError:
            shown = {"value": str(value)[:40]}
            raise ValidationError(self.error_messages["invalid"], code="invalid", params=shown) from None
        if day is not None and not is_in_calendar(day):
            raise ValidationError(
                _("Check the year: %(year)s."), code="year", params={"year": f"{day.year:04}"}
            )
        return day


class ClockField(forms.Field):
    """A time of 24 hours: 9:30, 09:30, 0930, 9.30, 9h30. Text: a browser's time input may show AM and PM."""

    default_error_messages = {
        "invalid": _("“%(value)s” is not a time. Write it like 09:30."),
        "half_day": _("Write the time in 24 hours, such as 21:30 for half past nine in the evening."),
    }

    def to_python(self, value: Any) -> time | None:
        text = str(value or "").strip()
        if not text:
            return None
        if HALF_DAY.fullmatch(text):
            raise ValidationError(self.error_messages["half_day"], code="half_day")
        found = CLOCK.fullmatch(text) or BARE_CLOCK.fullmatch(text)
        if found:
            with suppress(ValueError):
                return time(int(found[1]), int(found[2] or 0))
        raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": text[:40]})

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, time) else value


class PhoneField(TextField):
    """A phone number in any spelling, of the clinic's country unless it says another; E.164 afterwards."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text if not text or "\0" in text else _e164(text)


def is_in_calendar(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def uuid_of(value: Any) -> UUID | None:
    """A uuid as text, or None where it is none."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _e164(text: str) -> str:
    region = settings.PHONENUMBER_DEFAULT_REGION
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = 0 if number is None else len(str(number.national_number))
    if number is not None and number.country_code == 34 and digits != 9:
        message = gettext("A Spanish number has 9 digits. This one has %(digits)s.") % {"digits": digits}
        raise ValidationError(message, code="digits")
    raise ValidationError(
        _("“%(value)s” is not a phone number."), code="invalid", params={"value": text[:40]}
    )
