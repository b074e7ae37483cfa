"""Keys of other programs: what they open, until when, and closing them.

No secret passes through here. A key is made where it can be told once and to one person: `create_api_key`.

Who may do what: a manager, who has the right to change keys, revokes any of them, for closing raises nobody.
Its scope or its last day is changed only by somebody who may do by hand all that the key does before and
after: else whoever holds a key's secret could, by a colleague's slip or favour, be let do more than the
colleague may. A manager's own rights reach as far as the widest scope.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import api_keys
from accounts.models import ApiKey, Scope
from scheduling.admin.instants import spoken
from scheduling.admin.people import SwitchedOffInstead
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms.fields import DayField, say_today
from scheduling.identity import identity_of
from scheduling.templatetags.clinic import full_date
from scheduling.times import clinic_day, possible

# What somebody does by hand at the desk and in the back office that a key of this scope does by itself.
READ: Final = frozenset({"view_doctor", "view_patient", "view_appointment"})
BOOK: Final = READ | {"add_patient", "add_appointment", "change_appointment"}
BY_HAND: Final = {Scope.READ: READ, Scope.BOOK: BOOK, Scope.MANAGE: BOOK | {"add_doctor", "change_doctor"}}


def scopes_within(user: Any) -> list[Scope]:
    """The scopes whose keys do nothing that the user may not do."""
    return [scope for scope in Scope if user.has_perms(f"scheduling.{right}" for right in BY_HAND[scope])]


def last_day_of(key: ApiKey) -> date | None:
    """The clinic's last day on which the key is good."""
    if key.expires_at is None:
        return None
    return clinic_day.day_of(key.expires_at - timedelta(microseconds=1), clinic_zone())


def is_expired(key: ApiKey, now: datetime) -> bool:
    return key.expires_at is not None and key.expires_at <= now


class KeyForm(forms.ModelForm):
    last_day = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("The key is good through the end of this day. Left empty: until it is revoked."),
    )

    class Meta:
        model = ApiKey
        fields = ["scope"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_today(self, clinic_today(timezone.now()))
        self.initial["last_day"] = last_day_of(self.instance)

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if "last_day" not in self.changed_data:
            return day
        if day and day > possible.LAST_DAY:
            raise forms.ValidationError(_("That day is too far away. Left empty, it never ends."))
        ends = clinic_day.whole_day(max(day, possible.FIRST_DAY), clinic_zone()).end if day else None
        if ends is not None and ends <= timezone.now():
            raise forms.ValidationError(_("That day is past. To close the key now, revoke it."))
        self.instance.expires_at = ends
        return day


class ByState(admin.SimpleListFilter):
    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("in_use", _("In use")), ("expired", _("Expired")), ("revoked", _("Revoked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        match self.value():
            case "in_use":
                return queryset.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
            case "expired":
                return queryset.filter(expires_at__lte=now, revoked_at=None)
            case "revoked":
                return queryset.exclude(revoked_at=None)
        return queryset


@admin.register(ApiKey)
class ApiKeyAdmin(SwitchedOffInstead):
    form = KeyForm
    list_display = ["name", "scope", "state", "good_through", "used_last", "made"]
    list_filter = [ByState, "scope"]
    search_fields = ["name"]
    fields = ["name", "state", "scope", "last_day", "used_last", "made", "revoked"]
    radio_fields = {"scope": admin.VERTICAL}
    actions = ["revoke_chosen"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return obj.revoked_at is None and obj.scope in scopes_within(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["name", "state", "used_last", "made", "revoked"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        shown = list(self.fields or ())
        if obj is not None and not self.has_change_permission(request, obj):
            shown[shown.index("last_day")] = "good_through"  # the form has no fields then
        if obj is not None and obj.revoked_at is None:
            shown.remove("revoked")
        return shown

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "scope":
            kwargs["choices"] = [(scope.value, scope.label) for scope in scopes_within(request.user)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        api_keys.change(obj, scope=Scope(obj.scope), expires_at=obj.expires_at)

    # -- What is shown -------------------------------------------------------------

    @admin.display(description=_("state"))
    def state(self, key: ApiKey) -> str:
        if key.revoked_at is not None:
            return gettext("Revoked")
        return gettext("Expired") if is_expired(key, timezone.now()) else gettext("In use")

    @admin.display(description=_("last day"), ordering="expires_at")
    def good_through(self, key: ApiKey) -> str:
        return full_date(last_day_of(key)) or gettext("None")

    @admin.display(description=_("last used"), ordering="last_used_at")
    def used_last(self, key: ApiKey) -> str:
        return spoken(key.last_used_at) if key.last_used_at else gettext("Never")

    @admin.display(description=_("made"), ordering="created_at")
    def made(self, key: ApiKey) -> str:
        return spoken(key.created_at)

    @admin.display(description=_("revoked"))
    def revoked(self, key: ApiKey) -> str:
        return spoken(key.revoked_at) if key.revoked_at else ""

    # -- Closing -------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.revoke_page)
        own = path("<path:object_id>/revoke/", page, name="accounts_apikey_revoke")
        return [self._public(own), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        key = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if key is not None and key.revoked_at is None and self.may_revoke(request):
            more["revoke_url"] = reverse("admin:accounts_apikey_revoke", args=[identity_of(key)])
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def may_revoke(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def revoke_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.get_object(request, object_id)
        if key is None or not self.may_revoke(request):
            raise Http404
        if request.method == "POST":
            self._revoke(request, [key])
            return redirect("admin:accounts_apikey_changelist")
        return self._asked(request, [key])

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke_chosen(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        keys = list(queryset.filter(revoked_at=None))
        if keys and "sure" not in request.POST:
            return self._asked(request, keys)
        self._revoke(request, keys)
        return None

    def _asked(self, request: HttpRequest, keys: list[ApiKey]) -> HttpResponse:
        chosen = [(identity_of(key), key, self.used_last(key)) for key in keys]
        context = self.admin_site.each_context(request) | {
            "title": ngettext("Revoke this key?", "Revoke these keys?", len(keys)),
            "opts": self.opts,
            "keys": chosen,
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/accounts/apikey/revoke.html", context)

    def _revoke(self, request: HttpRequest, keys: list[ApiKey]) -> None:
        now = timezone.now()
        done = [key for key in keys if api_keys.revoke(key, now=now)]
        for key in done:
            self.log_change(request, key, [{"changed": {"fields": ["revoked"]}}])
        said = ngettext("%(count)s key is revoked.", "%(count)s keys are revoked.", len(done))
        if done:
            self.message_user(request, said % {"count": len(done)}, messages.SUCCESS)
        else:
            self.message_user(request, gettext("Nothing was in use: nothing changed."), messages.INFO)
