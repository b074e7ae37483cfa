"""Claim rows: the grains of a visit, in a doctor's lane."""

from typing import Any

from scheduling.models import NORMAL_LANE, Appointment, Claim
from scheduling.times import grid


def rows_for(
    appointment: Appointment, *, lane: int = NORMAL_LANE, patient_free: bool = False
) -> list[dict[str, Any]]:
    """The claims of one saved appointment, {column: value}, by ascending grain: always in the same order, so
    that two transactions that want the same time wait for each other instead of deadlocking.

    The buffer takes the doctor, not the patient. `patient_free` leaves the patient out of all of them: an
    overlap of the patient's own visits, knowingly allowed.
    """
    visit = grid.grains(appointment.appointment_datetime, appointment.minutes)
    return [
        {
            "doctor_id": appointment.doctor_id,
            "grain": grain,
            "lane": lane,
            "patient_id": None if patient_free or grain not in visit else appointment.patient_id,
            "appointment_id": appointment.pk,
        }
        for grain in grains_of(appointment)
    ]


def claims_for(
    appointment: Appointment, *, lane: int = NORMAL_LANE, patient_free: bool = False
) -> list[Claim]:
    """The same, unsaved."""
    return [Claim(**row) for row in rows_for(appointment, lane=lane, patient_free=patient_free)]


def grains_of(appointment: Appointment) -> range:
    """The grains that an active appointment holds: the visit and its buffer."""
    return grid.grains(appointment.appointment_datetime, appointment.minutes + appointment.buffer_minutes)
