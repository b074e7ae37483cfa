"""Kinds of visit and how long they take."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.ages import ForAges, constraints_of_ages
from scheduling.models.fields import PublicUUIDField
from scheduling.models.reminder_days import check_days

SHORTEST_VISIT, LONGEST_VISIT = 5, 720  # minutes of a visit
LONGEST_BUFFER = 120  # minutes after one


class VisitTypeQuerySet(models.QuerySet["VisitType"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def given_by(self, doctor: int) -> Self:
        """Those that the doctor (key) gives: those on the list, or all where there is none."""
        listed: Any = VisitType.doctors.through.objects.filter(doctor=doctor)
        is_listed = models.Exists(listed.filter(visittype=models.OuterRef("pk")))
        return self.filter(is_listed | ~models.Exists(listed))


class VisitType(ForAges):
    """An appointment copies `minutes` when it is made: editing a type never resizes old visits."""

    uuid = PublicUUIDField(_("public identity"))
    name = models.CharField(_("name"), max_length=100, unique=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=30,
        validators=[MinValueValidator(SHORTEST_VISIT), MaxValueValidator(LONGEST_VISIT)],
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("buffer after it"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(LONGEST_BUFFER)],
        help_text=_("Minutes that the doctor needs afterwards, without the patient."),
    )
    is_online = models.BooleanField(
        _("online"),
        default=False,
        db_default=False,
        help_text=_("Patients may book it themselves, once online booking is open."),
    )
    reminder_days = models.CharField(
        _("reminders"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        validators=[check_days],
        help_text=_("Days before the visit, such as: 7, 1. Empty: as for all types. 0: none."),
    )
    asks_for_answer = models.BooleanField(
        _("asks for an answer"),
        default=False,
        db_default=False,
        help_text=_("The first reminder asks the patient to say whether they come."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = VisitTypeQuerySet.as_manager()

    class Meta:
        db_table = "visit_types"
        ordering = ["minutes", "name"]
        verbose_name = _("visit type")
        verbose_name_plural = _("visit types")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(SHORTEST_VISIT, LONGEST_VISIT)),
                name="visit_type_minutes_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(buffer_minutes__lte=LONGEST_BUFFER), name="visit_type_buffer_in_range"
            ),
            *constraints_of_ages("visit_type"),
        ]

    def __str__(self) -> str:
        return self.name
