"""What is usual for a patient: type, doctor and specialty of the last visits."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField

from scheduling.matching.ages import Ages, years_on
from scheduling.models import HOLDS_TIME, Appointment, Doctor
from scheduling.models.fields import UUIDTextField
from scheduling.models.statements import Given, Reading

LATELY: Final = 20  # visits, among which is one of a type that is still in use
COLUMNS: Final = (
    *("doctor__uuid", "doctor__is_active", "doctor__youngest_age", "doctor__oldest_age"),
    *("doctor__specialty__uuid", "patient__date_of_birth"),
    *("visit_type__uuid", "visit_type__is_active", "visit_type__youngest_age", "visit_type__oldest_age"),
)
LAST: Final = Appointment.objects.filter(status__in=HOLDS_TIME).order_by("-appointment_datetime", "-pk")
LAST_VISITS: Final = Reading(
    lambda: LAST.filter(patient__uuid=Given("patient", UUIDTextField())).values_list(*COLUMNS)[:LATELY]
)
LAST_SPECIALTY: Final = Reading(
    lambda: LAST.filter(patient=Given("patient", BigIntegerField())).values_list(
        "doctor__specialty_id", "doctor__specialty__specialty_name"
    )[:1]
)
LISTED: Final = Reading(
    lambda: (
        Doctor.objects.filter(uuid=Given("doctor", UUIDTextField()), visit_types__isnull=False)
        .order_by()
        .values_list("visit_types__uuid")
    )
)


class _Visit(NamedTuple):
    """As `COLUMNS` has it."""

    doctor: UUID
    doctor_is_active: bool
    doctor_youngest: int | None
    doctor_oldest: int | None
    specialty: UUID
    born: date | None
    kind: UUID | None
    kind_is_active: bool | None
    kind_youngest: int | None
    kind_oldest: int | None


def proposed(patient: UUID, chosen: Mapping[str, Any], *, today: date) -> dict[str, str]:
    """What a form may begin with for this patient, by field: type, doctor and specialty as the last time, as
    far as they go together, with what is `chosen` (fields with uuids), and with the patient's age. Nothing
    that is chosen is in it. 2 queries."""
    visits = [_Visit(*row) for row in LAST_VISITS.rows({"patient": patient})]
    if not visits:
        return {}
    last, found = visits[0], {}
    age = years_on(last.born, today)
    doctor = chosen.get("doctor") or str(last.doctor)
    given = {str(kind) for (kind,) in LISTED.rows({"doctor": UUID(doctor)})}
    kind = chosen.get("visit_type") or next((str(v.kind) for v in visits if _is_fitting(v, age)), "")
    is_given = not given or not kind or kind in given
    if kind and not chosen.get("visit_type") and (is_given or not chosen.get("doctor")):
        found["visit_type"] = kind
    if chosen.get("doctor"):
        return found
    if last.doctor_is_active and is_given and Ages(last.doctor_youngest, last.doctor_oldest).hold(age):
        found["doctor"] = doctor
    if not chosen.get("specialty"):
        found["specialty"] = str(last.specialty)
    return found


def other_than(specialty: int, patient: int) -> str:
    """The name of the specialty of the patient's last visit, where it is another one than this; all are keys.
    1 query."""
    for key, name in LAST_SPECIALTY.rows({"patient": patient}):
        return "" if key == specialty else str(name)
    return ""


def _is_fitting(visit: _Visit, age: int | None) -> bool:
    """Whether the visit's type can be booked for somebody of this age."""
    return bool(visit.kind_is_active) and Ages(visit.kind_youngest, visit.kind_oldest).hold(age)
