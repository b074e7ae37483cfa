"""What a person must look at."""

from typing import Final, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.appointments import Appointment
from scheduling.models.people import Doctor, Patient


class FlagQuerySet(models.QuerySet["Flag"]):
    def unresolved(self) -> Self:
        return self.filter(resolved_at=None)


class Flag(models.Model):
    """One doubt about one row, with the text that raised it. It stays after it is resolved."""

    class Kind(models.TextChoices):
        TIME_NEVER_WAS = "time_never_was", _("Time that does not exist")
        TIME_CAME_TWICE = "time_came_twice", _("Time that exists twice")
        DATE_CANNOT_BE = "date_cannot_be", _("Date that cannot be")
        UNKNOWN_STATUS = "unknown_status", _("Unknown status")
        DOCTOR_OVERLAP = "doctor_overlap", _("Overlaps another visit of the doctor")
        PATIENT_OVERLAP = "patient_overlap", _("Overlaps another visit of the patient")
        SEVERAL_PATIENTS = "several_patients", _("Name of several patients")
        NAME_NOT_SPLIT = "name_not_split", _("Name and last name unclear")
        BAD_EMAIL = "bad_email", _("Not an e-mail address")
        # Never open: written when a person decides to leave such a visit where it is.
        KEPT_OUTSIDE = "kept_outside", _("Kept outside the doctor's hours")

    kind = models.CharField(_("what"), max_length=30, choices=Kind.choices)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, null=True, blank=True, related_name="flags"
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, null=True, blank=True, related_name="flags"
    )
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, null=True, blank=True, related_name="flags")
    # The appointment's version that this was said about; empty where it holds for any.
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    detail = models.CharField(_("detail"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("flagged at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        db_table = "flags"
        ordering = ["created_at", "id"]
        verbose_name = _("doubt")
        verbose_name_plural = _("needs attention")
        permissions = [("resolve_flag", _("Can settle what needs attention"))]
        indexes = [models.Index(fields=["resolved_at"], name="flag_resolved")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(appointment__isnull=False, patient__isnull=True, doctor__isnull=True)
                | models.Q(appointment__isnull=True, patient__isnull=False, doctor__isnull=True)
                | models.Q(appointment__isnull=True, patient__isnull=True, doctor__isnull=False),
                name="flag_about_exactly_one_row",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


# Doubts that are settled by looking at a patient's name.
ABOUT_THE_NAME: Final = (Flag.Kind.NAME_NOT_SPLIT, Flag.Kind.SEVERAL_PATIENTS)
