"""Kinds of visit."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from scheduling.admin.ages import ForAgesForm
from scheduling.admin.namesakes import WarnsOfNamesakes
from scheduling.booking import fitting
from scheduling.models import Doctor, VisitType


@admin.register(VisitType)
class VisitTypeAdmin(WarnsOfNamesakes):
    form = ForAgesForm
    name_field = "name"
    list_display = ["name", "minutes", "buffer_minutes", "ages", "is_online", "is_active"]
    list_filter = ["is_active", "is_online"]
    search_fields = ["name"]
    fields = [
        *("name", "minutes", "buffer_minutes", "youngest_age", "oldest_age"),
        *("given_by", "is_online", "is_active", "uuid"),
    ]
    readonly_fields = ["given_by", "uuid"]

    def has_delete_permission(self, request: HttpRequest, obj: VisitType | None = None) -> bool:
        """One with visits is switched off instead: the database would refuse, this offers no button. So is
        one that is on a doctor's list: with an empty one they would give everything."""
        is_used = obj is not None and (obj.appointments.exists() or obj.doctors.exists())
        return super().has_delete_permission(request, obj) and not is_used

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Of several at once, too, none that is on a list."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        listing = Doctor.objects.filter(visit_types__in=[kind.pk for kind in objs]).distinct()
        return deleted, counts, missing, [*protected, *(doctor.doctor_name for doctor in listing)]

    @admin.display(description=_("ages"))
    def ages(self, kind: VisitType) -> str:
        return fitting.said(kind.ages)

    @admin.display(description=_("given by"))
    def given_by(self, kind: VisitType) -> str:
        """Who has it on their list, each with the way there, and how many have none."""
        if kind.pk is None:
            return gettext("Whoever has no list of types. The lists are on the doctors' pages.")
        listed = kind.doctors.active()
        rest = Doctor.objects.active().filter(visit_types=None).count()
        more = ngettext("%(n)s doctor who gives all types", "%(n)s doctors who give all types", rest)
        found = [
            format_html('<a href="{}">{}</a>', _address(doctor), doctor.doctor_name) for doctor in listed
        ]
        if rest or not found:
            found.append(format_html("{}", more % {"n": rest}))
        return format_html_join(mark_safe("<br>"), "{}", ((each,) for each in found))


def _address(doctor: Doctor) -> str:
    return reverse("admin:scheduling_doctor_change", args=[doctor.uuid])
