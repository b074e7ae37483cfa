"""The kinds of value that requests are made of: read strictly, refused in words, described for the document.

Texts are read by the same fields as on the desk's forms. Nothing is coerced: a number is no text, and a time
without its offset is no time.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, EmailStr, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from scheduling.booking.rules import LONGEST_DESCRIPTION, LONGEST_REASON
from scheduling.clock import clinic_zone
from scheduling.forms.fields import NameField, PhoneField, TextField, is_in_calendar
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
            return str(field.clean(text))
        except ValidationError as error:
            code = error.error_list[0].code or "invalid"
            message = words[code]() if code in words else error.messages[0]
            raise refusal(code, message) from None

    return read


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


def _bare(value: Any) -> Any:
    """An address alone: Pydantic would take `Name <address>` and leave the name out."""
    if isinstance(value, str) and "<" in value:
        raise ValueError
    return value


def _day(value: Any) -> Any:
    text = str(_text_only(value))
    try:
        day = date.fromisoformat(text) if DAY_TEXT.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not is_in_calendar(day):
        raise refusal("date", _("Give a day of the calendar, such as 2026-03-31."))
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
            if is_in_calendar(moment.date()):
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
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
    AfterValidator(_as_on_a_form(NameField(max_length=LONGEST_NAME), required=lambda: _("Give a name."))),
]
Description = Annotated[
    str,
    Field(max_length=LONGEST_DESCRIPTION),
    AfterValidator(_as_on_a_form(TextField(required=False))),
]
Reason = Annotated[
    str,
    Field(max_length=LONGEST_REASON),
    AfterValidator(_as_on_a_form(TextField(required=False))),
]
Phone = Annotated[
    str,
    Field(max_length=128, description="In any spelling; of the clinic's country where it names none."),
    AfterValidator(
        _as_on_a_form(
            PhoneField(max_length=128, required=False), invalid=lambda: _("This is not a phone number.")
        )
    ),
]
Email = Annotated[EmailStr, Field(max_length=LONGEST_NAME), BeforeValidator(_bare)]
Minutes = Annotated[int, Field(strict=True, ge=SHORTEST_VISIT, le=LONGEST_VISIT)]
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
