"""What a patient reads on a page that they opened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from scheduling.models import NEW, Appointment, Patient

MOST_OTHERS: Final = 20  # visits


def with_patient(visit: Appointment) -> Appointment:
    """The same visit with whom it is for and its reason. 1 query."""
    people = Appointment.objects.select_related("patient")
    wanted = ("description", "patient__uuid", "patient__patient_name", "patient__patient_lastname")
    return people.only(*wanted).get(pk=visit.pk)


def is_record_of(uuid: UUID, patient: Patient) -> bool:
    """Whether a record is this one, or was made a part of it. No query where it is the same."""
    return uuid == patient.uuid or uuid in records_of(patient)


def records_of(patient: Patient) -> set[UUID]:
    """The public identities of a record and of those that were made a part of it. 1 query, and 1 for each
    time that a merged record had been merged with another before."""
    found, parts = {patient.uuid}, [patient.pk]
    while parts:
        rows = list(Patient.objects.filter(merged_into__in=parts).order_by().values_list("pk", "uuid"))
        parts = [key for key, _uuid in rows]
        found |= {uuid for _key, uuid in rows}
    return found


def others_to_come(visit: Appointment, *, now: datetime) -> Sequence[Appointment]:
    """The next visits of the same patient, at most `MOST_OTHERS`, with their doctors' names. 1 query."""
    of_patient = Appointment.objects.filter(patient=visit.patient_id, status__in=NEW)
    to_come = of_patient.filter(appointment_datetime__gt=now).exclude(pk=visit.pk).select_related("doctor")
    shown = ("uuid", "status", "appointment_datetime", "doctor__doctor_name")
    return list(to_come.only(*shown).order_by("appointment_datetime", "pk")[:MOST_OTHERS])
