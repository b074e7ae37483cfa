"""Fields that read what people type, and say in plain words what they could not read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, time
from typing import Any, Final, Self, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.choices import BaseChoiceIterator
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.matching import written_days
from scheduling.matching.characters import clean, is_visible
from scheduling.matching.names import squash
from scheduling.models.fields import UUIDTextField
from scheduling.models.statements import ByUuid, Given, Reading, Row

# Instants are computed from days: at the ends of the calendar that would overflow. This is what can be read,
# births too. What can be meant is narrower, and said by the rules (for hours: `times/possible`).
FIRST_YEAR, LAST_YEAR = 1900, 2199
PLAIN_TEXT: Final[dict[str, Any]] = {
    "null_characters_not_allowed": _("A character in this text cannot be stored. Type it again."),
    "max_length": _("Up to %(limit_value)d characters fit here. This has %(show_value)d."),
}
NO_ROW: Final = UUID(int=0)
SHOWN_AS: Final = "%d/%m/%Y"  # in every language that is spoken here the day comes first
CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.h]\s*(\d{2}))?\s*h?", re.ASCII | re.IGNORECASE)
BARE_CLOCK = re.compile(r"(\d{1,2})(\d{2})", re.ASCII)
HALF_DAY = re.compile(r"[\d:.\s]+[ap]\.?\s*m\.?", re.ASCII | re.IGNORECASE)


class TextField(forms.CharField):
    """Text that a database can hold, without what nobody sees; several lines where its widget has them. The
    browser counts a line end as one character, so we do too."""

    default_error_messages = PLAIN_TEXT

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if "\0" in text:
            return text  # refused in words
        text = clean(text, lines=isinstance(self.widget, forms.Textarea)).strip()
        return text if is_visible(text) else ""


class NameField(TextField):
    """A name, with single spaces."""

    def to_python(self, value: Any) -> str:
        return squash(super().to_python(value))


class RowChoices(BaseChoiceIterator):
    """(uuid, label) of each row that a field offers, asked for where they are shown, and read once."""

    def __init__(self, field: "RowField") -> None:
        self.field = field

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.rows

    @cached_property
    def rows(self) -> Sequence[tuple[str, str]]:
        return [(str(uuid), self.field.label_of(*values)) for uuid, *values in self.field.offered()]


class RowField(forms.ChoiceField):
    """A row named by its uuid.

    Only active rows are offered; one that was switched off meanwhile is still understood and still shown, so
    that the rules can refuse it in words and nothing that was chosen is lost.
    """

    default_error_messages = {"invalid_choice": _("This choice is not on record. Choose another.")}
    columns: Sequence[str] = ()  # of which a label is made

    def __init__(self, model: type[models.Model], *, empty_label: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.empty_label = empty_label
        self.chosen = NO_ROW
        self.known: Any = None  # a row that the form has read along with others
        self._one = ByUuid(model)
        wanted = models.Q(is_active=True) | models.Q(uuid=Given("chosen", UUIDTextField()))
        rows = model._default_manager.filter(wanted)
        self._offered = Reading(lambda: rows.values_list("uuid", *self.columns))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """For a form of its own, which reads its own rows."""
        field = super(forms.ChoiceField, self).__deepcopy__(memo)
        field.widget.choices = RowChoices(field)
        return field

    def offer(self, chosen: Any) -> None:
        """Offer the active rows, and the one that was chosen before."""
        self.chosen = uuid_of(chosen) or NO_ROW

    def offered(self) -> Iterable[Row]:
        """The uuid of each, and what `label_of` takes: 1 query."""
        return self.read()

    def read(self) -> Iterable[Row]:
        """The uuid of each, and its `columns`."""
        return self._offered.rows({"chosen": self.chosen})

    @property
    def is_choice(self) -> bool:
        """Whether there is more than one to choose from."""
        return len(cast(RowChoices, cast(forms.Select, self.widget).choices).rows) > 1

    def label_of(self, *values: Any) -> str:
        """What one row is called, by its `columns`."""
        return " · ".join(values)

    def to_python(self, value: Any) -> models.Model | None:
        if value in self.empty_values:
            return None
        uuid = uuid_of(value)
        if self.known is not None and self.known.uuid == uuid:
            return cast(models.Model, self.known)
        found = None if uuid is None else self._one.find(uuid)
        if found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return cast(models.Model, found[0])

    def validate(self, value: Any) -> None:
        """Any row of the table is understood, so only whether one is needed."""
        super(forms.ChoiceField, self).validate(value)


class FocusedOnChosen(forms.RadioSelect):
    """Of several with `autofocus`, browsers take the first: here the one that is chosen has it alone."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        groups = self.arranged(super().optgroups(name, value, attrs))
        options = [option for _name, options, _index in groups for option in options]
        shown = [option for option in options if not option.get("is_hidden")]
        chosen = next((option for option in shown if option["selected"]), shown[0] if shown else None)
        for option in options:
            if option is not chosen:
                option["attrs"].pop("autofocus", None)
        return groups

    def arranged(self, groups: Any) -> Any:
        """In the order in which they are offered; one that is not has `is_hidden`."""
        return groups


class DayField(forms.DateField):
    """A calendar day as people write it (`matching.written_days`). Text: a browser's own date input follows
    the browser and not the person. Scripts say the day back in words, and open a month (`days.js`).

    `today` is the clinic's; whoever makes the form sets it (`say_today`).
    """

    default_error_messages = {"invalid": _("“%(value)s” is not a date. Write it like 31/3/2026.")}
    is_birth = False
    today: date | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", day_input(is_birth=self.is_birth))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return cast(date | None, value or None)
        text = clean(str(value)).strip()
        if not text:
            return None
        day = written_days.day_of(text, today=self.today, is_birth=self.is_birth)
        if day is None:
            shown = {"value": text[:40]}
            raise ValidationError(self.error_messages["invalid"], code="invalid", params=shown)
        if not self.is_possible(day):
            raise ValidationError(year_said(day), code="year")
        return day

    def prepare_value(self, value: Any) -> Any:
        """A stored day, or one of an address, as the person writes it; what was typed stays as it is."""
        with suppress(ValueError, TypeError):
            return date.fromisoformat(value)
        return value

    def is_possible(self, day: date) -> bool:
        """Whether this year can be meant."""
        return is_in_calendar(day)


def day_input(*, is_birth: bool = False) -> forms.DateInput:
    attributes = {
        "data-day": "birth" if is_birth else "any",
        "data-calendar": _("Open the calendar"),
        "autocomplete": "off",
        "maxlength": 40,
    }
    return forms.DateInput(attrs=attributes, format=SHOWN_AS)


def say_today(form: forms.BaseForm, today: date) -> None:
    for field in form.fields.values():
        if isinstance(field, DayField):
            field.today = today


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


def year_said(day: date) -> str:
    """What is said of a day in a year that nobody can mean."""
    return gettext("Check the year: %(year)s.") % {"year": f"{day.year:04}"}


def is_in_calendar(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def uuid_of(value: Any) -> UUID | None:
    """A uuid as text, or None where it is none."""
    try:
        return UUID(str(value))
    except ValueError:
        return None
