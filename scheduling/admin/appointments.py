"""Visits with their history, to be read. They are changed at the desk, where booking guards the schedule."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.admin.filters import ByDay, ByDoctor
from scheduling.admin.public_identity import IdentityInline, PublicIdentityAdmin
from scheduling.identity import identity_of
from scheduling.models import Appointment, AppointmentEvent, Flag, Patient, Status
from scheduling.templatetags.clinic import clock, long_date, when
from scheduling.templatetags.texts import seen


class ReadOnly:
    """Nobody adds, changes or deletes it here, a superuser neither."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HistoryInline(ReadOnly, IdentityInline):
    model = AppointmentEvent
    fields = ["happened", "kind", "who", "channel", "was", "became", "reason"]
    readonly_fields = ["happened", "who", "was", "became"]
    verbose_name_plural = _("History")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentEvent]:
        return super().get_queryset(request).select_related("by")

    @admin.display(description=_("at"))
    def happened(self, event: AppointmentEvent) -> str:
        return when(event.at)

    @admin.display(description=_("by"))
    def who(self, event: AppointmentEvent) -> str:
        return event.by.spoken_name if event.by else ""

    @admin.display(description=_("from"))
    def was(self, event: AppointmentEvent) -> str:
        return _as_text(event.before)

    @admin.display(description=_("to"))
    def became(self, event: AppointmentEvent) -> str:
        return _as_text(event.after)


class FlagInline(ReadOnly, IdentityInline):
    model = Flag
    fields = ["kind", "shown_detail", "resolved_at"]
    readonly_fields = ["shown_detail"]
    verbose_name_plural = _("Doubts")

    @admin.display(description=_("detail"))
    def shown_detail(self, flag: Flag) -> str:
        return seen(flag.detail)


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly, PublicIdentityAdmin):
    list_display = ["starts", "status", "patient", "doctor", "visit_type", "minutes"]
    list_per_page = 50
    list_filter = [ByDay, "status", ByDoctor, "source"]
    list_select_related = ["patient", "doctor", "visit_type"]
    search_fields = ["uuid", "doctor__doctor_name", "original_patient_name"]
    search_help_text = _("Patient, doctor or public identity")
    ordering = ["-appointment_datetime", "-id"]
    show_full_result_count = False
    inlines = [HistoryInline, FlagInline]
    fieldsets = [
        (None, {"fields": ["at_the_desk", "starts", "minutes", "status", "description"]}),
        (_("Who"), {"fields": ["patient", "original_name", "doctor", "visit_type"]}),
        (_("Record"), {"fields": ["uuid", "source", "overbook_reason", "booked", "changed", "version"]}),
    ]
    readonly_fields = ["at_the_desk", "starts", "original_name", "uuid", "booked", "changed"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Appointment], search_term: str
    ) -> tuple[QuerySet[Appointment], bool]:
        if not search_term.strip():
            return queryset, False
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        named = Q(patient__in=Patient.objects.named(search_term).values("pk"))
        return queryset.filter(named | Q(pk__in=found.order_by().values("pk"))), may_have_duplicates

    @admin.display(description=_("date and time"), ordering="appointment_datetime")
    def starts(self, visit: Appointment) -> str:
        # With the year: this list goes back further than the desk's days.
        return f"{long_date(visit.appointment_datetime)}, {clock(visit.appointment_datetime)}"

    @admin.display(description=_("patient as the old book had it"))
    def original_name(self, visit: Appointment) -> str:
        return seen(visit.original_patient_name or "")

    @admin.display(description=_("booked"))
    def booked(self, visit: Appointment) -> str:
        who = visit.created_by.spoken_name if visit.created_by else ""
        return f"{when(visit.created_at)} {who}".strip()

    @admin.display(description=_("changed"))
    def changed(self, visit: Appointment) -> str:
        return when(visit.updated_at)

    @admin.display(description=_("To change it"))
    def at_the_desk(self, visit: Appointment) -> str:
        address = reverse("desk:appointment", args=[identity_of(visit)])
        return format_html('<a href="{}">{}</a>', address, gettext("Open it at the desk"))


def _as_text(facts: dict[str, Any]) -> str:
    """The facts of an event in words, one a line; those of a kind not known here as they are."""
    return format_html_join("", "<div>{}</div>", ((_fact(name, value),) for name, value in facts.items()))


def _fact(name: str, value: Any) -> str:
    if name == "status" and value in Status.values:
        return str(Status(value).label)
    if name == "start":
        start = parse_datetime(str(value))
        if start is not None:
            return when(start)
    if name == "minutes":
        return gettext("%(minutes)s minutes") % {"minutes": value}
    return seen(f"{name}: {value}")
