"""The schedule itself: which grain of whose time is taken. The reason why nothing is ever booked twice.

The two unique keys are the guarantee; no check in Python is. DESIGN: `docs/architecture.md`, "Claims".
"""

from django.db import models

from scheduling.models.appointments import Appointment
from scheduling.models.people import Doctor, Patient

NORMAL_LANE = 0  # overbookings stand in lanes 1, 2, ...


class Claim(models.Model):
    """In this grain of 5 minutes (`epoch_utc // 300`) this doctor's lane and this patient are taken."""

    pk = models.CompositePrimaryKey("doctor_id", "grain", "lane")
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT, related_name="+", db_index=False)
    grain = models.PositiveIntegerField()
    lane = models.PositiveSmallIntegerField(default=NORMAL_LANE)
    # NULL where a patient's overlap was knowingly allowed (old data): NULLs never collide.
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="claims")

    class Meta:
        db_table = "claims"
        constraints = [
            models.UniqueConstraint(fields=["patient", "grain"], name="claim_patient_grain"),
        ]

    def __str__(self) -> str:
        return f"{self.grain}/{self.lane}"
