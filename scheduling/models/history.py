"""What happened to an appointment: rows are added and never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.appointments import Appointment, Source


class AppointmentEvent(models.Model):
    """Who did what, when, from what to what, why, and through which door."""

    class Kind(models.TextChoices):
        BOOKED = "booked", _("Booked")
        ADOPTED = "adopted", _("Taken over from the old book")
        MOVED = "moved", _("Moved")
        STATUS = "status", _("Status changed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDONE = "undone", _("Taken back")
        MERGED = "merged", _("Two records of the patient were made one")
        SEPARATED = "separated", _("The two records of the patient were separated again")

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="events", verbose_name=_("appointment")
    )
    # The version of the appointment that this made: the order of events, whatever two servers' clocks say.
    version = models.PositiveIntegerField(_("version"), default=1, db_default=1)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    kind = models.CharField(_("what"), max_length=30, choices=Kind.choices)
    channel = models.CharField(_("through"), max_length=20, choices=Source.choices)
    # Facts as the page needs them: {"status": "pending", "start": "2026-03-03T10:00:00+00:00", ...}
    before = models.JSONField(_("from"), default=dict, blank=True)
    after = models.JSONField(_("to"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        db_table = "appointment_events"
        ordering = ["version", "id"]
        verbose_name = _("event")
        verbose_name_plural = _("history")
        constraints = [
            models.UniqueConstraint(fields=["appointment", "version"], name="one_event_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
