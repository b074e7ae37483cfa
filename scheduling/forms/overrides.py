"""What someone knowingly goes past while booking: hours, and the warning of a patient on record.

Each is said of one doctor and one start, or of certain patients: of another wish it has to be said again.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from scheduling.models import Doctor

# The problems that the right to book outside hours goes past.
HOURS: Final = ("no_hours", "outside_hours", "time_off")


def field_of(code: str) -> str:
    return f"accept_{code}"


def tick_value(doctor: Doctor, start: datetime) -> str:
    """The value of a ticked box."""
    return f"{doctor.uuid}|{start.astimezone(UTC).isoformat()}"


def accepted(typed: Mapping[str, Any], doctor: Doctor, start: datetime) -> frozenset[str]:
    """The codes whose boxes were ticked for this doctor and this start."""
    wanted = tick_value(doctor, start)
    return frozenset(code for code in HOURS if typed.get(field_of(code)) == wanted)


def others(uuids: Iterable[Any]) -> str:
    """The patients on record who are not the new one, as the form carries them."""
    return " ".join(sorted(str(uuid) for uuid in uuids))


def told_apart(typed: Mapping[str, Any]) -> frozenset[str]:
    """The uuids of the patients of whom it was said that the new one is somebody else."""
    return frozenset(str(typed.get("another_person") or "")[:2000].split())
