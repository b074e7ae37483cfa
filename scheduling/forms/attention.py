"""What the list of things to look at sends back."""

from datetime import UTC, datetime

from django import forms

from scheduling.forms.fields import is_in_calendar
from scheduling.forms.hours import AgreedField


class VisitsForm(forms.Form):
    """Visits as they were seen: `uuid.version`, parted by spaces."""

    visit = AgreedField()


def moment_of(text: str | None) -> datetime | None:
    """The aware instant at which something was settled, as our own links carry it; None for anything else."""
    try:
        at = datetime.fromisoformat((text or "").replace(" ", "+"))
        return at.astimezone(UTC) if at.tzinfo and is_in_calendar(at.date()) else None
    except (ValueError, OverflowError):
        return None
