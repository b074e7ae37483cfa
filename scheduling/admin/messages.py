"""How and in which words the clinic writes to its patients, and how that looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.forms.fields import TextField
from scheduling.forms.untouched import UntouchedForm
from scheduling.identity import identity_of
from scheduling.models import MessageSettings, MessageWords, Notice, VisitType
from scheduling.models.placeholders import NAMES
from scheduling.notices import gsm7, words
from scheduling.notices.compose import compose
from scheduling.notices.outgoing import Outgoing
from scheduling.notices.samples import sample
from scheduling.templatetags.clinic import spoken_language
from scheduling.views.as_mailed import as_mailed

PLACEHOLDERS: Final = format_lazy(
    _("What can be put in: {names}. Of several visits, day, time and doctor are the first one's."),
    names=", ".join(f"{{{name}}}" for name in NAMES),
)
LANGUAGES: Final = dict(settings.LANGUAGES)
ADD_SETTINGS: Final = "scheduling_messagesettings_add"
PREVIEW: Final = "scheduling_messagewords_preview"


class SettingsForm(UntouchedForm):
    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        begins, ends = (self.cleaned_data.get(name) for name in ("sends_from", "sends_until"))
        if begins is not None and ends is not None and begins >= ends:
            self.add_error("sends_until", _("This has to be later than the beginning."))
        return values


@admin.register(MessageSettings)
class MessageSettingsAdmin(PublicIdentityAdmin):
    """One row, made when somebody first saves it."""

    form = SettingsForm
    fieldsets = [
        (_("When messages are sent"), {"fields": [("sends_from", "sends_until"), "writes_to_unasked"]}),
        (_("Reminders"), {"fields": ["reminder_days", "asks_pending", "says_what_missing_costs"]}),
        (_("The patient’s page"), {"fields": ["answers_within_days", "shows_reason"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Where the first one is being made: the menu, which every page has, neither offers nor asks it."""
        match = request.resolver_match
        if match is None or match.url_name != ADD_SETTINGS:
            return False
        return super().has_change_permission(request) and not MessageSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """No list: the row itself, or the form that makes it."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = MessageSettings.objects.order_by("pk").first()
        if row is not None:
            return redirect("admin:scheduling_messagesettings_change", identity_of(row))
        if self.has_change_permission(request):
            return redirect(f"admin:{ADD_SETTINGS}")
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        shown = {"title": self.opts.verbose_name, "show_save_and_add_another": False}
        return super().changeform_view(request, object_id, form_url, shown | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: MessageSettings, form: Any, change: bool) -> None:
        if not change:  # another manager may have saved the first one meanwhile
            obj.pk = MessageSettings.objects.order_by("pk").values_list("pk", flat=True).first()
        super().save_model(request, obj, form, change)
        if obj.says_what_missing_costs and (missing := _without_the_cost()):
            said = gettext(
                "Reminders in %(languages)s do not say what a missed visit costs: it is not among the words."
            )
            self.message_user(request, said % {"languages": ", ".join(missing)}, messages.WARNING)


def _without_the_cost() -> list[str]:
    """Languages whose words have no sentence about it. 1 query."""
    has = set(MessageWords.objects.exclude(missed_visit="").values_list("language", flat=True))
    return [spoken_language(code) for code in LANGUAGES if code not in has]


@dataclass(frozen=True)
class Shown:
    """A kind of message on the page that shows them all."""

    label: Any
    message: Outgoing
    short: gsm7.Segments
    page: str  # the address of its HTML


@admin.register(MessageWords)
class MessageWordsAdmin(PublicIdentityAdmin):
    form = UntouchedForm
    list_display = ["language", "greeting", "closing"]
    fieldsets = [
        (
            None,
            {
                "fields": ["language", "greeting", "how_to_find_us", "closing", "missed_visit"],
                "description": PLACEHOLDERS,
            },
        )
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["language"] if obj is not None else []

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.TextField):
            kwargs = {"form_class": TextField, "widget": AdminTextareaWidget} | kwargs
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, AdminTextareaWidget):
            field.widget.attrs["rows"] = 3
        return field

    # -- As they would be sent ---------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        own = [
            path("preview/", guarded(self.preview), name=PREVIEW),
            path("preview/<str:kind>/<str:language>/", guarded(self.preview_page), name=f"{PREVIEW}_page"),
        ]
        return [*own, *super().get_urls()]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """Each kind in one language, as saved: what is typed and not saved is not in it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        language = request.GET.get("language") or (get_language() or settings.LANGUAGE_CODE)
        if language not in LANGUAGES:
            language = next(iter(LANGUAGES))
        visit_type = _chosen_type(request)
        own = words.current()
        made = [(kind, _made(kind, language, visit_type, own, now)) for kind in Notice.Kind]
        context = self.admin_site.each_context(request) | {
            "title": _("Messages as they are sent"),
            "opts": self.opts,
            "language": language,
            "languages": settings.LANGUAGES,
            "visit_type": visit_type,
            "visit_types": VisitType.objects.active(),
            "shown": [
                Shown(kind.label, message, gsm7.segments(message.short), _page(kind, language, visit_type))
                for kind, message in made
            ],
        }
        return TemplateResponse(request, "admin/scheduling/messagewords/preview.html", context)

    def preview_page(self, request: HttpRequest, kind: str, language: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in Notice.Kind.values or language not in LANGUAGES:
            raise Http404
        message = _made(Notice.Kind(kind), language, _chosen_type(request), words.current(), timezone.now())
        return as_mailed(message.html)


def _made(
    kind: Notice.Kind, language: str, visit_type: VisitType | None, own: words.ClinicsWords, now: datetime
) -> Outgoing:
    return compose(sample(kind, language, now=now, visit_type=visit_type), "", now=now, own=own)


def _page(kind: Notice.Kind, language: str, visit_type: VisitType | None) -> str:
    address = reverse(f"admin:{PREVIEW}_page", args=[kind.value, language])
    return f"{address}?{urlencode({'type': visit_type.uuid})}" if visit_type else address


def _chosen_type(request: HttpRequest) -> VisitType | None:
    """Of the address; the first one where it names none, None where there are none."""
    try:
        wanted = UUID(request.GET.get("type", ""))
    except ValueError:
        return VisitType.objects.active().first()
    return VisitType.objects.filter(uuid=wanted).first()
