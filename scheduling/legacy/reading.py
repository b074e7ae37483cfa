"""The old rows, exactly as they stand."""

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import connection

from scheduling.legacy.schema import EXPECTED


@dataclass(frozen=True)
class OldSpecialty:
    id: int
    uuid: str
    specialty_name: str


@dataclass(frozen=True)
class OldDoctor:
    id: int
    uuid: str
    doctor_name: str
    email: str
    specialty_id: int


@dataclass(frozen=True)
class OldPatient:
    id: int
    uuid: str
    patient_name: str
    patient_lastname: str


@dataclass(frozen=True)
class OldAppointment:
    """`appointment_datetime` is text as the server writes it, without a zone: '2026-03-29 02:30:00'."""

    id: int
    uuid: str
    patient_name: str
    description: str
    appointment_datetime: str
    status: str | None
    doctor_id: int


OldRow: TypeAlias = OldSpecialty | OldDoctor | OldPatient | OldAppointment


@dataclass(frozen=True)
class OldBook:
    """All rows by ascending id, and by table the id that the old database would have given next."""

    specialties: list[OldSpecialty]
    doctors: list[OldDoctor]
    patients: list[OldPatient]
    appointments: list[OldAppointment]
    next_ids: dict[str, int]

    def tables(self) -> dict[str, list[OldRow]]:
        """The rows by table, parents first."""
        return {
            "specialties": [*self.specialties],
            "doctors": [*self.doctors],
            "patients": [*self.patients],
            "appointments": [*self.appointments],
        }


def read(prefix: str) -> OldBook:
    """The whole old book from the tables with this prefix. Their columns must be as `schema` expects."""
    return OldBook(
        specialties=[OldSpecialty(*row) for row in _rows(prefix, "specialties")],
        doctors=[OldDoctor(*row) for row in _rows(prefix, "doctors")],
        patients=[OldPatient(*row) for row in _rows(prefix, "patients")],
        appointments=[OldAppointment(*row) for row in _rows(prefix, "appointments")],
        next_ids={table: next_id(prefix, table) for table in EXPECTED},
    )


def _rows(prefix: str, table: str) -> list[tuple[Any, ...]]:
    # As text, a zero or half-zero date arrives as it is; the driver would make None of it.
    names = [
        f"CAST(`{column.name}` AS CHAR)" if column.kind == "a date and time" else f"`{column.name}`"
        for column in EXPECTED[table]
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM `{prefix}{table}` ORDER BY `id`")  # noqa: S608
        return list(cursor.fetchall())


def next_id(prefix: str, table: str) -> int:
    """The id that the table gives to its next row; higher than the last one's where rows were deleted."""
    # Not from information_schema: MySQL 8 answers from statistics that may be a day old.
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW CREATE TABLE `{prefix}{table}`")
        told = re.search(r"\bAUTO_INCREMENT=(\d+)", cursor.fetchone()[1])
        cursor.execute(f"SELECT COALESCE(MAX(`id`), 0) + 1 FROM `{prefix}{table}`")  # noqa: S608
        after_last = int(cursor.fetchone()[0])
    return max(after_last, int(told[1]) if told else 1)
