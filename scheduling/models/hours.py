"""When doctors work."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.people import Doctor


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
    """A weekly rule on the clinic's wall clock. Several a day make breaks: they are the gaps."""

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
                condition=models.Q(starts__lt=models.F("ends")),
                name="working_hours_begin_before_they_end",
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
