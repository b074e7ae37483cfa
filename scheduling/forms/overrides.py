"""What someone knowingly goes past while booking: hours, what a doctor gives and to whom, and the warning of
a patient on record.

Each is said of one doctor and one start, of one type and patient too, or of certain patients: of another wish
it has to be said again.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any, Final

from scheduling.booking import fitting
from scheduling.booking.proposal import Proposal
from scheduling.models import Patient

# The problems that the right to book outside hours goes past.
CODES: Final = (*fitting.CODES, "no_hours", "outside_hours", "time_off")


def field_of(code: str) -> str:
    return f"accept_{code}"


def tick_value(code: str, wish: Proposal) -> str:
    """The value of a ticked box."""
    place = f"{wish.doctor.uuid}|{wish.start.astimezone(UTC).isoformat()}"
    if code not in fitting.CODES:
        return place
    kind, patient = wish.visit_type, wish.patient
    whose = patient.uuid if isinstance(patient, Patient) else patient.date_of_birth
    return f"{place}|{kind.uuid if kind else ''}|{whose}"


def accepted(typed: Mapping[str, Any], wish: Proposal) -> frozenset[str]:
    """The codes whose boxes were ticked for this wish."""
    return frozenset(code for code in CODES if typed.get(field_of(code)) == tick_value(code, wish))


def others(uuids: Iterable[Any]) -> str:
    """The patients on record who are not the new one, as the form carries them."""
    return " ".join(sorted(str(uuid) for uuid in uuids))


def told_apart(typed: Mapping[str, Any]) -> frozenset[str]:
    """The uuids of the patients of whom it was said that the new one is somebody else."""
    return frozenset(str(typed.get("another_person") or "")[:2000].split())
