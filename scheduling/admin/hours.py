"""Weekly hours on the doctor's page: shown as rows, written by `booking.hours` and by nothing else."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scheduling.admin.public_identity import IdentityFormSet, IdentityInline
from scheduling.booking import hours
from scheduling.models import Doctor, WorkingHours

COLUMNS = ("weekday", "starts", "ends", "valid_from", "valid_until")


class WeekFormSet(IdentityFormSet):
    def clean(self) -> None:
        super().clean()
        if not any(self.errors):
            problems = hours.week_problems(self.week)
            if problems:
                raise ValidationError([problem.message for problem in problems])

    @property
    def week(self) -> list[hours.Weekly]:
        """The week as the page says it, without rows that are to go or were left empty."""
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        return [hours.Weekly(*(row[name] for name in COLUMNS)) for row in kept if row.get("starts")]


class WorkingHoursInline(IdentityInline):
    model = WorkingHours
    formset = WeekFormSet
    fields = list(COLUMNS)
    verbose_name = _("stretch of work")
    verbose_name_plural = _("Weekly hours. A break is the gap between two stretches.")


def save(request: HttpRequest, formset: WeekFormSet) -> None:
    """Hand the week to the engine once the page's own transaction is done: it runs one of its own."""
    formset.save(commit=False)  # only for the admin's record of what was changed
    if formset.has_changed():
        transaction.on_commit(partial(_replace, request, formset.instance, formset.week))


def _replace(request: HttpRequest, doctor: Doctor, week: list[hours.Weekly]) -> None:
    stranded = hours.replace_week(doctor, week, now=timezone.now())
    if stranded:
        count = len(stranded)
        text = ngettext(
            "%(count)s visit now stands outside the hours. Nothing was cancelled.",
            "%(count)s visits now stand outside the hours. Nothing was cancelled.",
            count,
        )
        messages.warning(request, text % {"count": count})
