"""Which version of a row somebody looked at before they acted on it."""

from dataclasses import dataclass
from uuid import UUID

from scheduling.models import Appointment, Patient


@dataclass(frozen=True)
class Seen:
    """The appointment or the patient that someone acts on, in the version that they looked at."""

    uuid: UUID
    version: int

    @classmethod
    def of(cls, row: Appointment | Patient) -> "Seen":
        """The version of a row as it was read."""
        return cls(row.uuid, row.version)
