"""Doubts that a person must look at, such as those that the old book left."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.who import account_of
from scheduling.admin.filters import Resolved
from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.booking import attention
from scheduling.identity import identity_of
from scheduling.models import Flag
from scheduling.templatetags.clinic import when
from scheduling.templatetags.texts import seen


@admin.register(Flag)
class FlagAdmin(PublicIdentityAdmin):
    list_display = ["kind", "about", "shown_detail", "flagged", "resolved"]
    list_display_links = None
    exclude = ["detail"]
    list_filter = [Resolved, "kind"]
    list_select_related = [
        "appointment__doctor",
        "appointment__patient",
        "patient",
        "doctor",
        "resolved_by",
    ]
    search_fields = ["detail"]
    search_help_text = _("Any part of the detail")
    actions = ["mark_resolved"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["shown_detail" if field.name == "detail" else field.name for field in Flag._meta.fields]

    @admin.display(description=_("about"))
    def about(self, flag: Flag) -> str:
        row = flag.appointment or flag.patient or flag.doctor
        if row is None:
            return ""
        address = reverse(f"admin:scheduling_{row._meta.model_name}_change", args=[identity_of(row)])
        if flag.appointment is not None:
            visit = flag.appointment
            text = f"{when(visit.appointment_datetime)}, {visit.patient}, {visit.doctor}"
        else:
            text = str(row)
        return format_html('<a href="{}">{}</a>', address, text)

    @admin.display(description=_("detail"), ordering="detail")
    def shown_detail(self, flag: Flag) -> str:
        return seen(flag.detail)

    @admin.display(description=_("flagged"), ordering="created_at")
    def flagged(self, flag: Flag) -> str:
        return when(flag.created_at)

    @admin.display(description=_("resolved"), ordering="resolved_at")
    def resolved(self, flag: Flag) -> str:
        if flag.resolved_at is None:
            return ""
        who = flag.resolved_by.spoken_name if flag.resolved_by else ""
        return f"{when(flag.resolved_at)} {who}".strip()

    @admin.action(description=_("Mark as resolved"), permissions=["change"])
    def mark_resolved(self, request: HttpRequest, queryset: QuerySet[Flag]) -> None:
        done = attention.resolve(queryset, by=account_of(request), now=timezone.now())
        said = ngettext("%(count)s doubt is resolved.", "%(count)s doubts are resolved.", done)
        self.message_user(request, said % {"count": done}, messages.SUCCESS)
