"""Kinds of visit."""

from django.contrib import admin

from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.models import VisitType


@admin.register(VisitType)
class VisitTypeAdmin(PublicIdentityAdmin):
    list_display = ["name", "minutes", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    fields = ["name", "minutes", "is_active", "uuid"]
    readonly_fields = ["uuid"]
