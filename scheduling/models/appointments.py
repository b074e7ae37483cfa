"""A visit of one patient to one doctor."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.fields import InstantField, PublicUUIDField
from scheduling.models.people import Doctor, Patient
from scheduling.models.series import Series
from scheduling.models.visit_types import LONGEST_VISIT, SHORTEST_VISIT, VisitType
from scheduling.times.intervals import Interval


class Status(models.TextChoices):
    PENDING = "pending", _("Pending")
    CONFIRMED = "confirmed", _("Confirmed")
    ARRIVED = "arrived", _("Arrived")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


# A visit in one of these stands in the doctor's schedule: it has claims. The others free their time.
HOLDS_TIME: Final = frozenset(
    {Status.PENDING, Status.CONFIRMED, Status.ARRIVED, Status.IN_PROGRESS, Status.COMPLETED}
)
# Nobody is expected, and nobody was missed.
CALLED_OFF: Final = frozenset({Status.CANCELLED, Status.ENTERED_IN_ERROR})
# What a new visit may begin as.
NEW: Final = frozenset({Status.PENDING, Status.CONFIRMED})


class Source(models.TextChoices):
    """The door through which a visit came."""

    DESK = "desk", _("Desk")
    PATIENT = "patient", _("Patient, online")
    API = "api", _("Another program")
    IMPORT = "import", _("Import")
    LEGACY = "legacy", _("Old book")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def holding_time(self) -> Self:
        return self.filter(status__in=HOLDS_TIME)

    def starting_in(self, span: Interval) -> Self:
        """Visits that begin in the half-open span. By UTC range: MariaDB may lack time-zone tables."""
        return self.filter(appointment_datetime__gte=span.start, appointment_datetime__lt=span.end)

    def reaching_into(self, span: Interval) -> Self:
        """Visits that begin in the half-open span, and those before it that may go on into it: whether one
        does, its end says. Few begin so late, or are so long."""
        longest, hour = timedelta(minutes=LONGEST_VISIT), timedelta(hours=1)
        long_enough = models.Q(appointment_datetime__gte=span.start - hour) | models.Q(minutes__gt=60)
        return self.starting_in(Interval(span.start - longest, span.end)).filter(long_enough)

    def with_people(self) -> Self:
        return self.select_related("doctor__specialty", "patient", "visit_type")


class Appointment(models.Model):
    uuid = PublicUUIDField(_("public identity"))
    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("doctor"),
        db_index=True,
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("patient")
    )
    visit_type = models.ForeignKey(
        VisitType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("visit type"),
        help_text=_("Visits of the old book have none."),
    )
    description = models.CharField(_("reason"), max_length=1000, blank=True)
    appointment_datetime = InstantField(_("date and time"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    buffer_minutes = models.PositiveSmallIntegerField(_("buffer after it"), default=0, db_default=0)
    status = models.CharField(
        _("status"),
        max_length=50,
        choices=Status.choices,
        default=Status.PENDING,
        db_default=Status.PENDING.value,
    )
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("series"),
    )
    overbook_reason = models.CharField(_("reason for overbooking"), max_length=255, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices, default=Source.DESK)
    original_patient_name = models.CharField(  # noqa: DJ001  ("" is what some old rows say)
        _("patient as the old book had it"),
        max_length=255,
        null=True,
        blank=True,
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(_("changed at"))

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        db_table = "appointments"
        ordering = ["appointment_datetime", "id"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        permissions = [
            ("use_desk", _("Can work at the desk")),
            ("overbook_appointment", _("Can knowingly book a second visit at a taken time")),
            ("book_outside_hours", _("Can book outside a doctor's hours or in time off")),
            ("undo_appointment", _("Can take back a slip of the status")),
        ]
        indexes = [
            models.Index(fields=["doctor", "appointment_datetime"], name="appointment_doctor_time"),
            models.Index(fields=["patient", "appointment_datetime"], name="appointment_patient_time"),
            models.Index(fields=["status", "appointment_datetime"], name="appointment_status_time"),
            # A day of the whole clinic.
            models.Index(fields=["appointment_datetime"], name="appointment_time"),
            # What other programs have not seen yet.
            models.Index(fields=["updated_at"], name="appointment_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(SHORTEST_VISIT, LONGEST_VISIT)),
                name="appointment_minutes_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=list(Status.values)), name="appointment_status_known"
            ),
        ]

    def __str__(self) -> str:
        # Without a name: this text reaches log lines and admin messages.
        return str(_("Appointment %(uuid)s") % {"uuid": self.uuid})

    @property
    def ends_at(self) -> datetime:
        """The aware instant at which the visit ends (not in it)."""
        return self.appointment_datetime + timedelta(minutes=self.minutes)

    @property
    def holds_time(self) -> bool:
        return self.status in HOLDS_TIME
