"""Kinds of visit."""

from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from scheduling.admin.ages import ForAgesForm
from scheduling.admin.namesakes import WarnsOfNamesakes
from scheduling.booking import fitting
from scheduling.forms.fields import TextField
from scheduling.models import Doctor, VisitType, VisitTypeWords
from scheduling.models.placeholders import check_placeholders

PREPARE: Final = "how_to_prepare_"  # and a language: a field of the form
IN_LANGUAGES: Final = {f"{PREPARE}{code}": code for code, _name in settings.LANGUAGES}


def _how_to_prepare(language: str) -> TextField:
    return TextField(
        label=format_lazy(_("How to prepare ({language})"), language=language),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        validators=[check_placeholders],
        help_text=_("Reminders say it."),
    )


class VisitTypeForm(ForAgesForm):
    """With a field for each language, which is a row of its own (`VisitTypeWords`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.words.all() if self.instance.pk else ()
        self.initial.update({f"{PREPARE}{row.language}": row.how_to_prepare for row in stored})


# Each language's name is its own.
FORM: Final[Any] = type(
    "VisitTypeForm",
    (VisitTypeForm,),
    {f"{PREPARE}{code}": _how_to_prepare(name) for code, name in settings.LANGUAGES},
)


@admin.register(VisitType)
class VisitTypeAdmin(WarnsOfNamesakes):
    form = FORM
    name_field = "name"
    list_display = ["name", "minutes", "buffer_minutes", "ages", "is_online", "is_active"]
    list_filter = ["is_active", "is_online"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "minutes", "buffer_minutes", "youngest_age", "oldest_age", "given_by"]}),
        (_("Messages"), {"fields": ["reminder_days", "asks_for_answer", *IN_LANGUAGES]}),
        (None, {"fields": ["is_online", "is_active", "uuid"]}),
    ]
    readonly_fields = ["given_by", "uuid"]

    def save_model(self, request: HttpRequest, obj: VisitType, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for name, language in IN_LANGUAGES.items():
            if name in form.changed_data:
                _write_words(obj, language, form.cleaned_data[name])

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


def _write_words(kind: VisitType, language: str, text: str) -> None:
    """No text, no row."""
    rows = VisitTypeWords.objects
    if text:
        rows.update_or_create(visit_type=kind, language=language, defaults={"how_to_prepare": text})
    else:
        rows.filter(visit_type=kind, language=language).delete()


def _address(doctor: Doctor) -> str:
    return reverse("admin:scheduling_doctor_change", args=[doctor.uuid])
