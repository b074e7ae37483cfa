"""Putting a doctor on record for a program. People do it in the back office."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from scheduling.booking import rules
from scheduling.booking.requests import Made, once
from scheduling.models import Doctor, Specialty


def record_once(
    uuid: UUID, *, doctor_name: str, email: str, specialty: Specialty, fingerprint: str, now: datetime
) -> Made[Doctor]:
    """A new doctor, without hours yet, or the one whom the same request made. Raises `Refused`."""

    def make() -> Doctor:
        # Also as the unique key compares: to MariaDB, ß is ss there, and not in LIKE.
        if Doctor.objects.filter(Q(email__iexact=email) | Q(email=email)).exists():
            raise rules.Refused(rules.email_taken())
        return Doctor.objects.create(uuid=uuid, doctor_name=doctor_name, email=email, specialty=specialty)

    return once(Doctor, uuid, fingerprint, make, now=now)
