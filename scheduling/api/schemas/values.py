"""The kinds of value that requests are made of: read strictly, refused in words, described for the document.

Texts are read by the same fields as on the desk's forms. Nothing is coerced: a number is no text, and a time
without its offset is no time.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from scheduling.booking.rules import LONGEST_DESCRIPTION, LONGEST_REASON
from scheduling.clock import clinic_zone
from scheduling.forms.contact import PhoneField
from scheduling.forms.fields import NameField, TextField, is_in_calendar, year_said
from scheduling.matching import emails
from scheduling.matching.birth_dates import EARLIEST_BIRTH
from scheduling.matching.characters import clean, is_visible
from scheduling.matching.phones import LONGEST_LABEL
from scheduling.models.visit_types import LONGEST_VISIT, SHORTEST_VISIT

HEX: Final = "[0-9a-fA-F]"
UUID_TEXT: Final = f"^{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}$"
NEW_UUID_TEXT: Final = f"^{HEX}{{8}}-{HEX}{{4}}-4{HEX}{{3}}-[89abAB]{HEX}{{3}}-{HEX}{{12}}$"
DAY_TEXT: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
WALL_TEXT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?", re.ASCII | re.IGNORECASE
)
OFFSET_TEXT: Final = re.compile(r"(z|[+-]\d{2}:\d{2})", re.ASCII | re.IGNORECASE)
LONGEST_NAME: Final = 255


def refusal(code: str, message: str) -> PydanticCustomError:
    """An error of ours; `message` may hold braces."""
    return PydanticCustomError(code, "{said}", {"said": message})


def _as_on_a_form(field: forms.Field, **words: Callable[[], str]) -> Callable[[str], str]:
    """`words`: instead of the form's, by the error's code; some of those repeat what was typed."""

    def read(text: str) -> str:
        try:
            return cast(str, field.clean(text))  # a phone knows whose it is
        except ValidationError as error:
            code = error.error_list[0].code or "invalid"
            message = words[code]() if code in words else error.messages[0]
            raise refusal(code, message) from None

    return read


def _seen(value: Any) -> Any:
    """A text without what nobody sees, before it is counted: as on a form."""
    is_text = isinstance(value, str) and "\0" not in value  # that one is refused in words
    return (clean(value, lines=True) or value) if is_text else value


def _text_only(value: Any) -> Any:
    if not isinstance(value, str | UUID | date):
        raise refusal("text_expected", _("Give this as text, in quotes."))
    return value


def _uuid(pattern: str, message: Callable[[], str]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not re.fullmatch(pattern, str(_text_only(value)), re.ASCII):
            raise refusal("uuid", message())
        return value

    return read


def _email(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    address = emails.read(value)
    if address is None:
        raise ValueError
    return address


def _birth_date(day: date) -> date:
    if day < EARLIEST_BIRTH:
        raise refusal("date", _("Give a day of birth from 1880 on, such as 1985-03-31."))
    return day


def _calendar_day(value: Any) -> Any:
    text = str(_text_only(value))
    try:
        day = date.fromisoformat(text) if DAY_TEXT.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise refusal("date", _("Give a day of the calendar, such as 2026-03-31."))
    return day


def _day(value: Any) -> Any:
    day = _calendar_day(value)
    if not is_in_calendar(day):
        raise refusal("date", year_said(day))
    return day


def _moment(value: Any) -> Any:
    text = str(_text_only(value))
    if WALL_TEXT.fullmatch(text):
        raise refusal(
            "naive_datetime",
            _("Add the offset from UTC, such as 2026-03-31T10:20:00+02:00."),
        )
    wall = WALL_TEXT.match(text)
    if wall and re.fullmatch(r" \d{2}:\d{2}", text[wall.end() :], re.ASCII):
        raise refusal(
            "datetime", _("The + before the offset became a space: in an address it is written %2B.")
        )
    if wall and OFFSET_TEXT.fullmatch(text, wall.end()):
        try:
            moment = datetime.fromisoformat(text.upper())
        except ValueError:
            moment = None
        if moment is not None:
            if not is_in_calendar(moment.date()):
                raise refusal("datetime", year_said(moment.date()))
            return moment.astimezone(UTC)
    raise refusal("datetime", _("Give a time with its offset, such as 2026-03-31T10:20:00+02:00."))


Reference = Annotated[
    UUID,
    BeforeValidator(_uuid(UUID_TEXT, lambda: _("Give a uuid in its usual form, with hyphens."))),
    WithJsonSchema({"type": "string", "format": "uuid", "pattern": UUID_TEXT}),
]
NewIdentity = Annotated[
    UUID,
    BeforeValidator(_uuid(NEW_UUID_TEXT, lambda: _("Give a random uuid (version 4), with hyphens."))),
    WithJsonSchema({"type": "string", "format": "uuid", "pattern": NEW_UUID_TEXT}),
]
Name = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_NAME),
    BeforeValidator(_seen),
    AfterValidator(_as_on_a_form(NameField(max_length=LONGEST_NAME), required=lambda: _("Give a name."))),
]
LastName = Annotated[
    str,
    Field(max_length=LONGEST_NAME, description="Empty: the person has one name."),
    BeforeValidator(_seen),
    AfterValidator(_as_on_a_form(NameField(max_length=LONGEST_NAME, required=False))),
]
Description = Annotated[
    str,
    Field(max_length=LONGEST_DESCRIPTION),
    BeforeValidator(_seen),
    AfterValidator(_as_on_a_form(TextField(required=False, widget=forms.Textarea))),
]
Reason = Annotated[
    str,
    Field(max_length=LONGEST_REASON),
    BeforeValidator(_seen),
    AfterValidator(_as_on_a_form(TextField(required=False))),
]
Phone = Annotated[
    str,
    Field(
        max_length=128,
        description="In any spelling, an extension too; of the clinic's country where it names none.",
    ),
    BeforeValidator(_seen),
    AfterValidator(
        _as_on_a_form(
            PhoneField(max_length=128, required=False),
            invalid=lambda: _("This is not a phone number."),
            several=lambda: _(
                "These are several phone numbers. Give one here: there is a field for another."
            ),
            label_too_long=lambda: _("The note next to the number is too long: up to 30 characters fit."),
        )
    ),
]
Label = Annotated[
    str,
    Field(max_length=LONGEST_LABEL, description="Whose it is: such as own, mother or work."),
    BeforeValidator(_seen),
    AfterValidator(_as_on_a_form(TextField(required=False))),
]
Email = Annotated[
    str,
    Field(max_length=LONGEST_NAME, json_schema_extra={"format": "email"}),
    BeforeValidator(_email),
]
# Empty as an answer says it of somebody whose e-mail is not known.
EmailIfAny = Annotated[
    Email | None,
    BeforeValidator(lambda value: None if isinstance(value, str) and not is_visible(value) else value),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "email", "maxLength": LONGEST_NAME},
                {"type": "string", "maxLength": 0},
                {"type": "null"},
            ],
            "description": "Empty or null: not known.",
        }
    ),
]
Minutes = Annotated[int, Field(strict=True, ge=SHORTEST_VISIT, le=LONGEST_VISIT)]
BirthDate = Annotated[
    date,
    BeforeValidator(_calendar_day),
    AfterValidator(_birth_date),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": "With its offset from UTC, or Z. Answers are in the clinic's zone.",
        }
    ),
]


def _on_the_clinics_clocks(moment: datetime) -> str:
    """In UTC before clocks went by zones: their offsets then had seconds, which no `date-time` may have."""
    local = moment.astimezone(clinic_zone())
    offset = local.utcoffset()
    return (moment.astimezone(UTC) if offset is None or offset.seconds % 60 else local).isoformat()


# What an answer says: the same instant on the clinic's clocks, with their offset.
Said = Annotated[
    datetime,
    PlainSerializer(_on_the_clinics_clocks, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
