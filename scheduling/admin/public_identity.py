"""An admin from which no key leaves the server: addresses, choices, check boxes and inline rows use the
public identity instead. Inside, Django's admin goes on working with keys."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.options import IS_POPUP_VAR, BaseModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.db import models
from django.forms import BaseInlineFormSet, CheckboxInput, Field, HiddenInput, TimeInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, register_converter, reverse
from django.urls.converters import get_converters
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from scheduling.admin.choices import ByIdentity, SeveralByIdentity
from scheduling.clock import clinic_today
from scheduling.forms.fields import DayField, NameField, TextField, day_input
from scheduling.identity import (
    NO_KEY,
    PATTERN,
    identity_of,
    identity_of_key,
    keys_of,
    token_of,
)

LONGEST_LINE: Final = 255  # a longer text may have several lines, as at the desk


class IdentityChangeList(ChangeList):
    def url_for_result(self, result: models.Model) -> str:
        # By the row itself: by its key, each line of the list would ask the database.
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[identity_of(result)], current_app=self.model_admin.admin_site.name)


class IdentityChoices(BaseModelAdmin):
    """For admins and inlines: related rows are chosen by identity; days and texts are read as at the desk."""

    formfield_overrides = {
        models.DateField: {"form_class": DayField, "widget": day_input()},
        models.TimeField: {"widget": TimeInput(attrs={"type": "time"}, format="%H:%M")},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": ByIdentity, **kwargs})

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        chosen = {"form_class": SeveralByIdentity, **kwargs}
        return super().formfield_for_manytomany(db_field, request, **chosen)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        if type(db_field) is models.CharField and not db_field.choices:
            is_long = (db_field.max_length or 0) > LONGEST_LINE
            texts = (
                {"form_class": TextField, "widget": AdminTextareaWidget}
                if is_long
                else {"form_class": NameField}
            )
            kwargs = texts | kwargs
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Its pop-ups hand over keys; the related rows have pages of their own in the menu.
            field.widget = field.widget.widget
        if isinstance(field, DayField):
            field.today = clinic_today(timezone.now())
        return field


class PublicIdentityAdmin(IdentityChoices, admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [self._public(pattern) for pattern in super().get_urls()]

    def _public(self, pattern: URLPattern) -> URLPattern:
        """The same address with an identity where Django has a key."""
        route = str(pattern.pattern)
        for parameter, name in (("<path:object_id>", "object_id"), ("<id>", "id")):
            if parameter in route:
                route = route.replace(parameter, f"<{self._converter()}:{name}>")
                return path(route, self._by_key(pattern.callback, name), name=pattern.name)
        return pattern

    def _converter(self) -> str:
        """The name of the path converter for this model, made on first use."""
        name = f"identity_of_{self.opts.app_label}_{self.opts.model_name}"
        if name not in get_converters():
            model = self.model

            class IdentityConverter:
                regex = f"(?:{PATTERN})"

                def to_python(self, value: str) -> str:
                    return value  # the row is looked for in the view: templates resolve addresses too

                def to_url(self, value: Any) -> str:
                    found = identity_of_key(model, value) if str(value).isdigit() else str(value)
                    if found is None:
                        raise ValueError(value)
                    return found

            register_converter(IdentityConverter, name)
        return name

    def _by_key(self, view: Callable[..., HttpResponseBase], name: str) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def by_key(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            allowed = self.admin_site.has_permission(request)
            keys = keys_of(self.model._default_manager.all(), [kwargs[name]]) if allowed else []
            if allowed and not keys:
                raise Http404
            # Whoever may not enter is sent to sign in, whether the row exists or not.
            return view(request, **{**kwargs, name: str(keys[0]) if keys else NO_KEY})

        return by_key

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST:
            raise Http404  # a pop-up answers with a key
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return IdentityChangeList

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, obj: models.Model) -> SafeString:
        label = _("Select %(row)s") % {"row": obj}
        box = CheckboxInput({"class": "action-select", "aria-label": label}, lambda value: False)
        return box.render(helpers.ACTION_CHECKBOX_NAME, identity_of(obj))

    # The stubs have an argument more than Django.
    def response_action(  # type: ignore[override]
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> HttpResponse | None:
        posted = request.POST.copy()
        keys = keys_of(queryset, posted.getlist(helpers.ACTION_CHECKBOX_NAME))
        posted.setlist(helpers.ACTION_CHECKBOX_NAME, [str(key) for key in keys])
        request.POST = posted  # type: ignore[assignment]
        return super().response_action(request, queryset)


class TokenInput(HiddenInput):
    """A hidden key, written as its token."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        self.model = model

    def format_value(self, value: Any) -> str | None:
        return None if value in (None, "") else token_of(self.model, value)


class Blank(HiddenInput):
    """The row's parent is the page's own row: its key need not travel."""

    def format_value(self, value: Any) -> str | None:
        return None


class IdentityFormSet(BaseInlineFormSet):
    """For rows that are only read: nothing is posted, so no token has to be read back."""

    model: type[models.Model]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[self.model._meta.pk.name].widget = TokenInput(self.model)
        form.fields[self.fk.name].widget = Blank()


class IdentityInline(IdentityChoices, admin.TabularInline):
    formset = IdentityFormSet
    extra = 0
