"""Path converters of our own."""

from datetime import date

from scheduling.forms.fields import is_in_calendar


class IsoDayConverter:
    """2026-03-31; anything else, a 31st of April too, is an address that does not exist."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        day = date.fromisoformat(value)
        if not is_in_calendar(day):
            raise ValueError(value)
        return day

    def to_url(self, value: date | str) -> str:
        return str(value)
