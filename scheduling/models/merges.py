"""Records of one person: which were made one, and which look alike and are not."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.fields import PublicUUIDField
from scheduling.models.people import Patient


class PatientMerge(models.Model):
    """Two records made one, with all that is needed to separate them again."""

    uuid = PublicUUIDField(_("public identity"))
    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    gone_was_active = models.BooleanField(default=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # Values of the kept record that the merge changed, as they were and as they became.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    visits = models.JSONField(default=list)  # public identities
    flags = models.JSONField(default=list)  # keys of the doubts that it settled
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "patient_merges"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.uuid)


class DifferentPeople(models.Model):
    """Two records that look alike, of which somebody said that they are two people."""

    first = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "different_people"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_people_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="two_people_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}/{self.second_id}"
