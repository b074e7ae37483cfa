"""How many days before a visit its reminders come, as a manager writes it."""

from typing import Final

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

DEFAULT_DAYS: Final = "3, 1"
check_days = RegexValidator(
    r"^\s*(\d{1,2}(\s*,\s*\d{1,2})*)?\s*$", _("Write whole days, such as: 3, 1."), code="invalid"
)


def days_in(text: str) -> tuple[int, ...]:
    """The days before a visit that "3, 1" names, the furthest first, each once; 0 means none."""
    return tuple(sorted({int(day) for day in text.split(",") if day.strip() and int(day)}, reverse=True))
