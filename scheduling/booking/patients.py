"""The only writer of patients: each change takes the record and the words by which it is found along."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from scheduling.booking import patient_words
from scheduling.booking.proposal import NewPatient
from scheduling.models import Patient


def record(new: NewPatient, *, now: datetime) -> Patient:
    """Put a new patient on record."""
    return keep(Patient(**asdict(new), created_at=now))


@transaction.atomic
def keep(patient: Patient) -> Patient:
    """Save a record as it is, new or changed."""
    is_new = patient._state.adding
    patient.save()
    (patient_words.add if is_new else patient_words.write)([patient])
    return patient
