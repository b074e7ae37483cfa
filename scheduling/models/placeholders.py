"""Placeholders in the words that a clinic writes itself: {name}, {day} and a few more, and nothing else.

They are put in by a table and never by Python's own formatting, which could read attributes of what it is
given.
"""

import re
from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NAMES: Final = ("name", "clinic", "phone", "address", "day", "time", "doctor")
PLACEHOLDER: Final = re.compile(rf"\{{({'|'.join(NAMES)})\}}")
IN_BRACES: Final = re.compile(r"\{[^{}]*\}")


def check_placeholders(text: str) -> None:
    """Raises ValidationError where the text has a brace that belongs to none of the `NAMES`."""
    rest = PLACEHOLDER.sub("", text)
    if "{" not in rest and "}" not in rest:
        return
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    strange = IN_BRACES.search(rest)
    if strange is None:
        message = _("A brace stands alone. Placeholders are written like %(known)s.")
        raise ValidationError(message, code="brace", params={"known": known})
    message = _("%(found)s is not known. What can be put in: %(known)s.")
    raise ValidationError(message, code="placeholder", params={"found": strange.group()[:40], "known": known})


def used_in(text: str) -> set[str]:
    """The names of the placeholders that a text has."""
    return set(PLACEHOLDER.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with these values for its placeholders, as plain text; what they hold is not looked into."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)
