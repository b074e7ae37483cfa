"""What happened to appointments and to records: rows are added and never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.models.appointments import Appointment, Source
from scheduling.models.fields import UUIDTextField


class ActorKind(models.TextChoices):
    """What kind of actor made a change. With PERSON and PROGRAM, `by` is the account."""

    PERSON = "person", _("A person")
    PROGRAM = "program", _("Another program")
    PATIENT = "patient", _("The patient")
    CLOCK = "clock", _("The clinic's own system")


class Event(models.Model):
    """Who did what, when, from what to what, why, and through which door: the same for every subject."""

    at = models.DateTimeField(_("at"))
    # Empty in rows that were written before it was kept; then `by` and `channel` say it.
    actor = models.CharField(
        _("kind of actor"), max_length=10, choices=ActorKind.choices, blank=True, default="", db_default=""
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    kind = models.CharField(_("what"), max_length=30)
    channel = models.CharField(_("through"), max_length=20, choices=Source.choices)
    # Facts: {"status": "pending", "start": "2026-03-03T10:00:00+00:00", ...}
    before = models.JSONField(_("from"), default=dict, blank=True)
    after = models.JSONField(_("to"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        abstract = True


class AppointmentEvent(Event):
    """What happened to an appointment."""

    class Kind(models.TextChoices):
        BOOKED = "booked", _("Booked")
        ADOPTED = "adopted", _("Taken over from the old book")
        MOVED = "moved", _("Moved")
        EDITED = "edited", _("Corrected")
        STATUS = "status", _("Status changed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDONE = "undone", _("Taken back")
        MERGED = "merged", _("Two records of the patient were made one")
        SEPARATED = "separated", _("The two records of the patient were separated again")
        CLEANED = "cleaned", _("Characters that nobody sees were taken out")

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="events", verbose_name=_("appointment")
    )
    # The version of the appointment that this made: the order of events, whatever two servers' clocks say.
    version = models.PositiveIntegerField(_("version"), default=1, db_default=1)
    kind = models.CharField(_("what"), max_length=30, choices=Kind.choices)

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

    @property
    def is_joint(self) -> bool:
        """Whether it is of a change of several visits of a series in one commit, and not of its undoing."""
        return bool(self.after.get("series")) and not self.after.get("undone")


class RecordEvent(Event):
    """What happened to a patient, a doctor, a specialty, or the hours of a doctor or of the whole clinic."""

    class Subject(models.TextChoices):
        PATIENT = "patient", _("Patient")
        DOCTOR = "doctor", _("Doctor")
        SPECIALTY = "specialty", _("Specialty")
        CLINIC = "clinic", _("The whole clinic")

    class Kind(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        CHANGED = "changed", _("Changed")
        SWITCHED_ON = "switched_on", _("Switched on")
        SWITCHED_OFF = "switched_off", _("Switched off")
        DELETED = "deleted", _("Deleted")
        CONFIRMED = "confirmed", _("Name confirmed")
        DOUBTED = "doubted", _("Name to be looked at again")
        TOLD_APART = "told_apart", _("Told apart from a similar record")
        MERGED = "merged", _("Two records were made one")
        SEPARATED = "separated", _("The two records were separated again")
        WEEK_CHANGED = "week_changed", _("Weekly hours changed")
        TIME_OFF_ADDED = "time_off_added", _("Time off added")
        TIME_OFF_REMOVED = "time_off_removed", _("Time off removed")
        EXTRA_HOURS_ADDED = "extra_hours_added", _("Extra hours added")
        EXTRA_HOURS_REMOVED = "extra_hours_removed", _("Extra hours removed")
        CALENDAR_SHARED = "calendar_shared", _("Calendar address made")
        CALENDAR_REVOKED = "calendar_revoked", _("Calendar address revoked")

    # By public identity, not by key: what happened stays told when the row is deleted.
    subject = models.CharField(_("subject"), max_length=20, choices=Subject.choices)
    subject_uuid = UUIDTextField(_("public identity"), null=True, editable=False)
    # The version of the row that this made; empty where its rows count none.
    version = models.PositiveIntegerField(_("version"), null=True)
    kind = models.CharField(_("what"), max_length=30, choices=Kind.choices)

    class Meta:
        db_table = "record_events"
        ordering = ["at", "id"]
        verbose_name = _("event of a record")
        verbose_name_plural = _("history of records")
        indexes = [models.Index(fields=["subject_uuid", "at"], name="record_event_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject="clinic", subject_uuid=None)
                | Q(~Q(subject="clinic"), subject_uuid__isnull=False),
                name="record_event_has_a_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
