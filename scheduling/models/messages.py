"""How and in which words this clinic writes to its patients: what a manager sets in the back office."""

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.placeholders import check_placeholders
from scheduling.models.reminder_days import DEFAULT_DAYS, check_days
from scheduling.models.visit_types import VisitType

LONGEST_ANSWER = 30  # working days


class MessageSettings(models.Model):
    """One row: how patients are written to."""

    sends_from = models.TimeField(_("sent from"), default=time(9), help_text=_("By the clinic's clock."))
    sends_until = models.TimeField(_("sent until"), default=time(20))
    reminder_days = models.CharField(
        _("reminders"),
        max_length=40,
        blank=True,
        default=DEFAULT_DAYS,
        validators=[check_days],
        help_text=_("Days before the visit, such as: 3, 1. Empty: none."),
    )
    writes_to_unasked = models.BooleanField(
        _("write to patients who were not asked yet"),
        default=True,
        help_text=_("Who said no is never written to."),
    )
    says_what_missing_costs = models.BooleanField(
        _("say in reminders what a missed visit costs"),
        default=False,
        help_text=_("In a trial, visits missed fell from 11.1 to 8.4 %. The sentence is among the words."),
    )
    asks_pending = models.BooleanField(
        _("ask for an answer where a visit that the desk booked is still pending"), default=False
    )
    answers_within_days = models.PositiveSmallIntegerField(
        _("requests are answered within"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ANSWER)],
        help_text=_("Working days, as patients read it on their page. Empty: not said."),
    )
    shows_reason = models.BooleanField(
        _("show patients the reason of their visit"),
        default=False,
        db_default=False,
        help_text=_("On their own page, after they opened it by a message or their date of birth."),
    )

    class Meta:
        db_table = "message_settings"
        verbose_name = _("settings of messages")
        verbose_name_plural = _("settings of messages")

    def __str__(self) -> str:
        return str(_("Settings of messages"))

    @classmethod
    def current(cls) -> "MessageSettings":
        """The row, or what holds where nobody has set anything. 1 query."""
        return cls.objects.order_by("pk").first() or cls()


class MessageWords(models.Model):
    """The clinic's own words in one language. They may have the placeholders of `models.placeholders`."""

    language = models.CharField(_("language"), max_length=10, unique=True, choices=settings.LANGUAGES)
    greeting = models.CharField(
        _("greeting"),
        max_length=200,
        blank=True,
        validators=[check_placeholders],
        help_text=_("Instead of “Hello {name},”."),
    )
    how_to_find_us = models.TextField(
        _("how to find us"), max_length=1000, blank=True, validators=[check_placeholders]
    )
    closing = models.CharField(_("closing"), max_length=500, blank=True, validators=[check_placeholders])
    missed_visit = models.CharField(
        _("what a missed visit costs"),
        max_length=200,
        blank=True,
        validators=[check_placeholders],
        help_text=_("One sentence, in reminders."),
    )

    class Meta:
        db_table = "message_words"
        ordering = ["language"]
        verbose_name = _("words of messages")
        verbose_name_plural = _("words of messages")

    def __str__(self) -> str:
        return self.get_language_display()


class VisitTypeWords(models.Model):
    """How to prepare for visits of a type, in one language."""

    visit_type = models.ForeignKey(VisitType, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    how_to_prepare = models.TextField(
        _("how to prepare"), max_length=1000, blank=True, validators=[check_placeholders]
    )

    class Meta:
        db_table = "visit_type_words"
        ordering = ["visit_type", "language"]
        verbose_name = _("words for a visit type")
        verbose_name_plural = _("words for visit types")
        constraints = [
            models.UniqueConstraint(fields=["visit_type", "language"], name="words_once_a_language"),
        ]

    def __str__(self) -> str:
        return self.get_language_display()
