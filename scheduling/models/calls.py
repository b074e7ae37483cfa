"""Whether a patient knows what became of a visit: who called, when, and how it went."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.appointments import Appointment
from scheduling.models.fields import InstantField
from scheduling.models.people import Doctor


class Call(models.Model):
    """One thing that happened on the way to a patient who has to be told; rows are added and never changed.

    The last one of a visit says how it stands.
    """

    class Outcome(models.TextChoices):
        TO_CALL = "to_call", _("To call")  # by the commit that moved or cancelled the visit
        CALLED = "called", _("Called")
        NO_ANSWER = "no_answer", _("No answer")
        TOLD = "told", _("Told")

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="calls", verbose_name=_("appointment")
    )
    number = models.PositiveSmallIntegerField()  # of the visit's, from 1: of two at once only one is the next
    outcome = models.CharField(_("how it went"), max_length=10, choices=Outcome.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    # What the patient is to be told, for whoever calls: apart from the reason that the history has.
    words = models.CharField(
        _("what the patient is told"), max_length=255, blank=True, default="", db_default=""
    )
    # With whom and when the visit was that is not kept: where the list looks for those who have left it.
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT, related_name="+", db_index=False)
    was_at = InstantField()

    class Meta:
        db_table = "calls"
        ordering = ["appointment", "number"]
        verbose_name = _("call to a patient")
        verbose_name_plural = _("calls to patients")
        indexes = [models.Index(fields=["doctor", "was_at"], name="call_doctor_time")]
        constraints = [
            models.UniqueConstraint(fields=["appointment", "number"], name="one_call_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d %H:%M}"
