"""Filters of lists, whose addresses hold identities, and whose days are the clinic's."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.clock import clinic_zone
from scheduling.identity import identity_of
from scheduling.models import Appointment, Doctor, Specialty
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval


class _ByRelated(admin.SimpleListFilter):
    """Rows that belong to one other row, named by its uuid."""

    model: type[models.Model]
    field: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(identity_of(row), str(row)) for row in self.model._default_manager.all()]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        text = self.value()
        if text is None:
            return queryset
        try:
            return queryset.filter(**{f"{self.field}__uuid": UUID(text)})
        except ValueError:
            return queryset.none()


class BySpecialty(_ByRelated):
    title, parameter_name = _("specialty"), "specialty"
    model, field = Specialty, "specialty"


class ByDoctor(_ByRelated):
    title, parameter_name = _("doctor"), "doctor"
    model, field = Doctor, "doctor"


class ByDay(admin.SimpleListFilter):
    """By ranges of UTC: the database's own local time is wrong on a MariaDB without time-zone tables."""

    title, parameter_name = _("day"), "day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("today", _("Today")),
            ("week", _("Next 7 days")),
            ("coming", _("From today on")),
            ("past", _("Before today")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Appointment]
    ) -> models.QuerySet[Appointment]:
        zone = clinic_zone()
        day = clinic_day.day_of(timezone.now(), zone)
        today = clinic_day.whole_day(day, zone)
        match self.value():
            case "today":
                return _within(queryset, today)
            case "week":
                # Seven days of the clinic's calendar, beginning with this one.
                last = clinic_day.whole_day(day + timedelta(days=6), zone)
                return _within(queryset, Interval(today.start, last.end))
            case "coming":
                return queryset.filter(appointment_datetime__gte=today.start)
            case "past":
                return queryset.filter(appointment_datetime__lt=today.start)
        return queryset


def _within(queryset: models.QuerySet[Appointment], span: Interval) -> models.QuerySet[Appointment]:
    return queryset.filter(appointment_datetime__gte=span.start, appointment_datetime__lt=span.end)


class Resolved(admin.SimpleListFilter):
    """Without a choice, what is still open: that is what the list is for."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("resolved", _("Resolved")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("Unresolved"),
        }
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        match self.value():
            case None:
                return queryset.filter(resolved_at=None)
            case "resolved":
                return queryset.exclude(resolved_at=None)
        return queryset


class IsPartOfAnother(admin.SimpleListFilter):
    """Patients' records: those of their own, or those that were made a part of another."""

    title, parameter_name = _("part of another record"), "part"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Parts of another record")), ("no", _("Records of their own"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(merged_into__isnull=self.value() == "no")
