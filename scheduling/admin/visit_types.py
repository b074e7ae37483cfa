"""Kinds of visit."""

from django.contrib import admin
from django.http import HttpRequest

from scheduling.admin.namesakes import WarnsOfNamesakes
from scheduling.models import VisitType


@admin.register(VisitType)
class VisitTypeAdmin(WarnsOfNamesakes):
    name_field = "name"
    list_display = ["name", "minutes", "buffer_minutes", "is_online", "is_active"]
    list_filter = ["is_active", "is_online"]
    search_fields = ["name"]
    fields = ["name", "minutes", "buffer_minutes", "is_online", "is_active", "uuid"]
    readonly_fields = ["uuid"]

    def has_delete_permission(self, request: HttpRequest, obj: VisitType | None = None) -> bool:
        # One with visits is switched off instead: the database would refuse, this offers no button.
        return super().has_delete_permission(request, obj) and (obj is None or not obj.appointments.exists())
