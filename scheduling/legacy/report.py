"""Every decision as a line of a CSV file, for a person to read. It holds names: its mode is 0600."""

import csv
import os
from collections.abc import Iterator
from typing import Final, NamedTuple, TextIO

from scheduling.legacy.cleaned import doctor_email
from scheduling.legacy.linking import PlannedPatient
from scheduling.legacy.plan import Plan, PlannedVisit
from scheduling.models import Flag


class Line(NamedTuple):
    """`what` is what was decided; `flag` the doubt about it, empty where there is none."""

    table: str
    uuid: str
    what: str
    original: str
    became: str
    flag: str


_OF_TIME: Final = {Flag.Kind.TIME_NEVER_WAS, Flag.Kind.TIME_CAME_TWICE, Flag.Kind.DATE_CANNOT_BE}


def open_private(path: str) -> TextIO:
    """The file, emptied and for its owner only, also if it was there. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def write(file: TextIO, plan: Plan) -> int:
    """Write all lines with a heading; give back how many lines there are without it."""
    writer = csv.writer(file)
    writer.writerow(Line._fields)
    told = list(lines(plan))
    writer.writerows([_harmless(cell) for cell in line] for line in told)
    file.flush()
    return len(told)


def _harmless(cell: str) -> str:
    # A spreadsheet would run a cell that begins like this. The database keeps the text as it was.
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def lines(plan: Plan) -> Iterator[Line]:
    """Every decision: doctors, then patients, then appointments."""
    flags: dict[tuple[str, int], dict[Flag.Kind, str]] = {}
    for flag in plan.flags:
        flags.setdefault((flag.table, flag.row_id), {})[flag.kind] = flag.detail
    for doctor in plan.book.doctors:
        doubts = flags.get(("doctors", doctor.id), {})
        yield Line(
            "doctors", doctor.uuid.lower(), "e-mail", doctor.email, doctor_email(doctor), "; ".join(doubts)
        )
    names = {row.id: f"{row.patient_name} | {row.patient_lastname}" for row in plan.book.patients}
    for patient in plan.patients:
        yield from _of_patient(patient, names.get(patient.id, ""))
    for visit in plan.visits:
        yield from _of_visit(visit, flags.get(("appointments", visit.old.id), {}))


def _of_patient(patient: PlannedPatient, original: str) -> Iterator[Line]:
    told = (f"{patient.patient_name} | {patient.patient_lastname}",)
    if not patient.is_new:
        flag = "; ".join(kind.value for kind, _detail in patient.doubts)
        yield Line("patients", str(patient.uuid), "kept", original, *told, flag)
        return
    if not patient.doubts:
        yield Line("patients", str(patient.uuid), "new patient", "", *told, "")
    for kind, detail in patient.doubts:
        yield Line("patients", str(patient.uuid), "new patient", detail, *told, kind.value)


def _of_visit(visit: PlannedVisit, doubts: dict[Flag.Kind, str]) -> Iterator[Line]:
    old, uuid = visit.old, visit.old.uuid.lower()

    def line(what: str, original: str, became: str, flag: str = "") -> Line:
        return Line("appointments", uuid, what, original, became, flag)

    link = "new patient" if visit.patient.is_new else "patient on record"
    yield line(link, old.patient_name, str(visit.patient.uuid))
    yield line(
        "time",
        old.appointment_datetime,
        visit.time.start.isoformat(),
        "; ".join(kind.value for kind in doubts if kind in _OF_TIME),
    )
    unknown = "" if visit.status.known else Flag.Kind.UNKNOWN_STATUS.value
    original = "NULL" if old.status is None else old.status
    yield line("status", original, visit.status.status.value, unknown)
    if visit.place:
        free = ", patient not claimed" if visit.place.patient_free else ""
        overlaps = [k.value for k in (Flag.Kind.DOCTOR_OVERLAP, Flag.Kind.PATIENT_OVERLAP) if k in doubts]
        detail = "; ".join(doubts[Flag.Kind(k)] for k in overlaps)
        yield line("schedule", detail, f"lane {visit.place.lane}{free}", "; ".join(overlaps))
