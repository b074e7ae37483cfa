"""To which ages something is offered."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.matching.ages import MOST_YEARS, Ages


class ForAges(models.Model):
    """Limits in years, counted on the day of the visit. Whoever changes them makes no visit invalid."""

    youngest_age = models.PositiveSmallIntegerField(
        _("youngest age"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_YEARS)],
        help_text=_("In years, on the day of the visit. Empty: no limit."),
    )
    oldest_age = models.PositiveSmallIntegerField(
        _("oldest age"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_YEARS)],
        help_text=_("In years: with 16, who is 16 on the day of the visit may still come. Empty: no limit."),
    )

    class Meta:
        abstract = True

    @property
    def ages(self) -> Ages:
        return Ages(self.youngest_age, self.oldest_age)


def constraints_of_ages(owner: str) -> list[models.CheckConstraint]:
    """What is true of the limits; `owner` is how the names of the constraints begin."""
    in_range = models.Q(
        models.Q(youngest_age=None) | models.Q(youngest_age__lte=MOST_YEARS),
        models.Q(oldest_age=None) | models.Q(oldest_age__lte=MOST_YEARS),
    )
    in_order = (
        models.Q(youngest_age=None)
        | models.Q(oldest_age=None)
        | models.Q(youngest_age__lte=models.F("oldest_age"))
    )
    return [
        models.CheckConstraint(condition=in_range, name=f"{owner}_ages_in_range"),
        models.CheckConstraint(
            condition=in_order,
            name=f"{owner}_ages_in_order",
            violation_error_message=_("The youngest age is above the oldest one."),
        ),
    ]
