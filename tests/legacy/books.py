"""Old books made by hand, for tests without a database."""

import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scheduling.legacy.plan import make_plan
from scheduling.legacy.reading import OldAppointment, OldBook, OldDoctor, OldPatient, OldSpecialty

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def identity(number):
    return str(uuid.UUID(int=number, version=4))


def visit(number, when="2026-12-01 10:00:00", *, patient="Ana Souza", status="pending", doctor=1):
    return OldAppointment(number, identity(number), patient, "", when, status, doctor)


def book(*visits, patients=(("Ana", "Souza"),), email="osei@clinic.example"):
    rows = [OldPatient(n, identity(900 + n), *names) for n, names in enumerate(patients, start=1)]
    return OldBook(
        specialties=[OldSpecialty(1, identity(801), "Cardiology")],
        doctors=[
            OldDoctor(n, identity(700 + n), f"Dr {n}", f"{n}{email}" if n > 1 else email, 1) for n in (1, 2)
        ],
        patients=rows,
        appointments=list(visits),
        next_ids={"specialties": 2, "doctors": 3, "patients": 51, "appointments": 1000},
    )


def plan(*visits, **options):
    return make_plan(
        book(*visits, **options),
        now=NOW,
        zone=MADRID,
        minutes=30,
        make_uuid=lambda key: uuid.uuid5(uuid.NAMESPACE_OID, key),
    )


def flags(plan):
    """(table, row, kind) of every flag."""
    return [(flag.table, flag.row_id, flag.kind.value) for flag in plan.flags]
