"""When doctors work."""

from datetime import time
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.models.fields import InstantField, PublicUUIDField
from scheduling.models.people import Doctor
from scheduling.times.intervals import Interval


class Weekday(models.IntegerChoices):
    """As Python's `date.weekday()`."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class WorkingHours(models.Model):
    """A weekly rule on the clinic's wall clock. Several a day make breaks: they are the gaps. One that
    ends no later than it begins ends on the next day, at 00:00 with its own."""

    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="working_hours", verbose_name=_("doctor")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("The last day."))

    class Meta:
        db_table = "working_hours"
        ordering = ["doctor", "weekday", "starts"]
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(
                # An end that is earlier is one of the next day; 00:00 to 00:00 is a whole day.
                condition=~models.Q(starts=models.F("ends")) | models.Q(ends=time.min),
                name="working_hours_take_some_time",
                violation_error_message=_("The hours must begin before they end."),
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__range=(0, 6)), name="working_hours_weekday_in_week"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="working_hours_valid_from_before_until",
                violation_error_message=_("The first day must not be after the last."),
            ),
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.starts:%H:%M}–{self.ends:%H:%M}"


class SpanQuerySet(models.QuerySet):
    def touching(self, span: Interval) -> Self:
        """Rows whose half-open time overlaps the span."""
        return self.filter(starts_at__lt=span.end, ends_at__gt=span.start)


class WrittenBySomeClock(models.Model):
    """What people typed by the clinic's clock, and in which zone that was: the clinic may change its zone."""

    # Empty: not known; taken for that of the clinic.
    time_zone = models.CharField(max_length=64, default="", db_default="", blank=True, editable=False)

    class Meta:
        abstract = True


class TimeOff(WrittenBySomeClock):
    """Time in which a doctor, or the whole clinic, does not work. Visits that stand in it are kept."""

    uuid = PublicUUIDField(_("public identity"))
    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="time_off",
        verbose_name=_("doctor"),
        help_text=_("Empty: the whole clinic."),
    )
    starts_at = InstantField(_("from"))
    ends_at = InstantField(_("to"))
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    is_block = models.BooleanField(
        _("block"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Part of a day, taken out at the desk, which may give it back."),
    )

    objects = SpanQuerySet.as_manager()

    class Meta:
        db_table = "time_off"
        permissions = [("block_time", "Can block a part of a doctor's day, and give it back")]
        ordering = ["starts_at", "id"]
        verbose_name = _("time off")
        verbose_name_plural = _("time off")
        indexes = [models.Index(fields=["ends_at"], name="time_off_ends")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=models.F("ends_at")), name="time_off_begins_before_end"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}–{self.ends_at:%Y-%m-%d %H:%M}"


class ExtraHours(WrittenBySomeClock):
    """A one-off session of a doctor, beside the weekly hours."""

    uuid = PublicUUIDField(_("public identity"))
    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="extra_hours", verbose_name=_("doctor")
    )
    starts_at = InstantField(_("from"))
    ends_at = InstantField(_("to"))

    objects = SpanQuerySet.as_manager()

    class Meta:
        db_table = "extra_hours"
        ordering = ["starts_at", "id"]
        verbose_name = _("extra hours")
        verbose_name_plural = _("extra hours")
        indexes = [models.Index(fields=["ends_at"], name="extra_hours_ends")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=models.F("ends_at")), name="extra_hours_begin_before_end"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}–{self.ends_at:%H:%M}"


class HoursVersion(models.Model):
    """How often a doctor's hours were changed: the row in which changes and bookings meet.

    Nothing reads the number. Every change of hours writes it, so that of two at once one runs again, between
    the nodes of a cluster too, which compare what was written and know nothing of each other's locks. It is
    no column of the doctor's own row, to which every booking refers.
    """

    doctor = models.OneToOneField(
        Doctor, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("doctor")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "hours_versions"
        verbose_name = _("version of hours")
        verbose_name_plural = _("versions of hours")

    def __str__(self) -> str:
        return str(self.doctor)
