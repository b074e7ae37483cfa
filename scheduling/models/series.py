"""Regular visits that were booked together."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scheduling.models.fields import PublicUUIDField
from scheduling.times import recurring
from scheduling.times.recurring import FEWEST, LAST, LONGEST_INTERVAL, MOST

BY_WEEKS: Final = Q(every_weeks__range=(1, LONGEST_INTERVAL), week_of_month=None)
BY_MONTH: Final = Q(every_weeks=None, week_of_month__range=(1, LAST))
BY_NUMBER: Final = Q(count__range=(FEWEST, MOST), until_on=None)
BY_DAY: Final = Q(count=None, until_on__isnull=False)


class Series(models.Model):
    """The rule by which visits were booked. Each of them lives on its own: what is left of the series, and
    whose it is, say the visits."""

    uuid = PublicUUIDField(_("public identity"))
    every_weeks = models.PositiveSmallIntegerField(_("every so many weeks"), null=True)
    week_of_month = models.PositiveSmallIntegerField(_("week of the month"), null=True)
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # 0 is Monday
    count = models.PositiveSmallIntegerField(_("how many"), null=True)
    until_on = models.DateField(_("until"), null=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "series"
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(condition=BY_WEEKS | BY_MONTH, name="series_has_one_rhythm"),
            models.CheckConstraint(condition=BY_NUMBER | BY_DAY, name="series_has_one_end"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="series_weekday_known"),
        ]

    def __str__(self) -> str:
        return str(_("Series %(uuid)s") % {"uuid": self.uuid})

    @property
    def rule(self) -> recurring.Rule:
        return recurring.Rule(
            every_weeks=self.every_weeks,
            week_of_month=self.week_of_month,
            count=self.count,
            until=self.until_on,
        )
