"""When each job of the clock is due, who does it now, and how it went."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """The state of one job, whose work `scheduling.jobs` knows by its name.

    `holder` is a process that does it; its lease runs out at `lease_ends_at` unless it is renewed.
    """

    name = models.CharField(_("name"), max_length=50, unique=True)
    is_on = models.BooleanField(_("set up"), default=True, db_default=True)  # as who does the jobs has it set
    due_at = models.DateTimeField(_("due"))
    lease_ends_at = models.DateTimeField(null=True)
    holder = models.CharField(max_length=32, blank=True, default="")
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    succeeded = models.BooleanField(_("succeeded"), null=True)  # the last time; None before the first
    succeeded_at = models.DateTimeField(_("last done"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    result = models.CharField(_("result"), max_length=500, blank=True, default="")  # no personal data

    class Meta:
        db_table = "jobs"
        ordering = ["name"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return self.name
