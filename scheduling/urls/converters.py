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


class IsoWeekConverter:
    """2026-W10, as the Monday of that week; a 53rd week of a year that has 52 does not exist."""

    regex = r"[0-9]{4}-W[0-9]{2}"

    def to_python(self, value: str) -> date:
        monday = date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
        if not is_in_calendar(monday):
            raise ValueError(value)
        return monday

    def to_url(self, value: date) -> str:
        """The address of the week in which a day lies."""
        year, week, _weekday = value.isocalendar()
        return f"{year:04}-W{week:02}"


class MonthConverter:
    """2026-03, as the first day of that month."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        first = date.fromisoformat(f"{value}-01")
        if not is_in_calendar(first):
            raise ValueError(value)
        return first

    def to_url(self, value: date) -> str:
        """The address of the month in which a day lies."""
        return f"{value.year:04}-{value.month:02}"


class WeekdayConverter:
    """0 is Monday, 6 is Sunday."""

    regex = "[0-6]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
