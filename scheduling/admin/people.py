"""Doctors with their hours, specialties and patients."""

from itertools import chain
from typing import Any, Final, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from scheduling.admin.ages import ForAgesForm
from scheduling.admin.calendar_feeds import SharesCalendars
from scheduling.admin.filters import BySpecialty, IsPartOfAnother
from scheduling.admin.namesakes import WarnsOfNamesakes
from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.booking import doctors, patients
from scheduling.booking.change import Change
from scheduling.forms.contact import LABELS, BirthDateField, EmailField, PhoneField, part_labels
from scheduling.forms.fields import day_input
from scheduling.forms.untouched import UntouchedForm
from scheduling.models import Doctor, Patient, Specialty
from scheduling.models.people import MOST_OVERBOOKED

READ_BY: Final = {
    "phone": PhoneField,
    "second_phone": PhoneField,
    "email": EmailField,
    "date_of_birth": BirthDateField,
}
REACHED_BY: Final[Any] = [
    *chain.from_iterable(LABELS.items()),
    *("email", "language", "may_contact", "contact_by", "wants_reminders"),
]


def _change(request: HttpRequest) -> Change:
    return Change(by=cast(User, request.user), now=timezone.now())


def _is_part(patient: Patient | None) -> bool:
    return patient is not None and patient.merged_into_id is not None


class ReachedAsAtTheDesk(PublicIdentityAdmin):
    """For rows with phones, e-mails or a birth date: the same fields as on the desk's forms."""

    form = UntouchedForm

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in READ_BY:
            kwargs["form_class"] = READ_BY[db_field.name]
        if kwargs.get("form_class") is BirthDateField:
            kwargs["widget"] = day_input(is_birth=True)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class PatientForm(UntouchedForm):
    def clean(self) -> None:
        super().clean()
        part_labels(self)


class WrittenByDoctors(PublicIdentityAdmin):
    """For rows whose writer, and history, is `booking.doctors`."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            columns = [name for name in form.changed_data if name != "visit_types"]  # a table of its own
            doctors.overwrite(obj, columns, _change(request))
        else:
            doctors.add(obj, _change(request))


class SwitchedOffInstead(PublicIdentityAdmin):
    """For rows that visits refer to: nobody deletes them, a manager switches them off."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Specialty)
class SpecialtyAdmin(WarnsOfNamesakes, WrittenByDoctors):
    name_field = "specialty_name"
    list_display = ["specialty_name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["specialty_name"]
    fields = ["specialty_name", "is_active", "uuid"]
    readonly_fields = ["uuid"]

    def has_delete_permission(self, request: HttpRequest, obj: Specialty | None = None) -> bool:
        # One with doctors is switched off instead: the database would refuse, this offers no button.
        return super().has_delete_permission(request, obj) and (obj is None or not obj.doctors.exists())

    def delete_model(self, request: HttpRequest, obj: Specialty) -> None:
        doctors.delete(obj, _change(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Specialty]) -> None:
        for specialty in queryset:
            doctors.delete(specialty, _change(request))


# Whatever is wrong with it, this is what helps.
LIMIT: Final = format_lazy(
    _("Type a whole number from 0, which forbids extra visits, to {most}."), most=MOST_OVERBOOKED
)


@admin.register(Doctor)
class DoctorAdmin(SharesCalendars, WrittenByDoctors, ReachedAsAtTheDesk, SwitchedOffInstead):
    list_display = ["doctor_name", "specialty", "email", "user", "is_active"]
    list_filter = [BySpecialty, "is_active"]
    list_select_related = ["specialty", "user"]
    search_fields = ["doctor_name", "email", "uuid"]
    search_help_text = _("Name, e-mail or public identity")
    form = ForAgesForm
    fieldsets = [
        (None, {"fields": ["doctor_name", "email", "specialty", "user", "is_active"]}),
        (_("Visits"), {"fields": ["visit_types", "youngest_age", "oldest_age", "overbook_limit"]}),
        (None, {"fields": ["hours", "calendars", "uuid"]}),
    ]
    readonly_fields = ["hours", "calendars", "uuid"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        doctors.give(form.instance, form.cleaned_data["visit_types"], _change(request))

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "overbook_limit":
            faults = ("required", "invalid", "min_value", "max_value")
            kwargs["error_messages"] = dict.fromkeys(faults, LIMIT)
        if db_field.name == "visit_types":
            kwargs["widget"] = CheckboxSelectMultiple
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_program=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("hours"))
    def hours(self, doctor: Doctor) -> str:
        """The way to them: they are changed at the desk, where the visits that it would strand are shown."""
        if doctor.pk is None:
            return gettext("Save the doctor first.")
        address = reverse("desk:hours", args=[doctor.uuid])
        return format_html('<a href="{}">{}</a>', address, gettext("Weekly hours, time off and extra hours"))


@admin.register(Patient)
class PatientAdmin(ReachedAsAtTheDesk, SwitchedOffInstead):
    form = PatientForm
    list_display = ["patient_lastname", "patient_name", "date_of_birth", "phone", "email", "review"]
    list_display_links = ["patient_lastname", "patient_name"]
    list_filter = ["needs_review", "is_active", IsPartOfAnother]
    list_select_related = ["merged_into"]
    # Names are searched folded (below); these are for what is typed as it is written.
    search_fields = ["email", "phone", "second_phone", "uuid"]
    search_help_text = _("Any part of a name, in any order and without accents; phone, e-mail or identity")
    readonly_fields = ["alerts_as_text", "uuid", "created_at"]
    fieldsets = [
        (None, {"fields": ["patient_name", "patient_lastname", "date_of_birth"]}),
        (_("How to reach the patient"), {"fields": REACHED_BY}),
        (
            _("For the clinic"),
            {"fields": ["alerts_as_text", "note", "needs_review", "is_active", "uuid", "created_at"]},
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Patient | None = None) -> Any:
        """A record that was made a part of another says so first."""
        sets = super().get_fieldsets(request, obj)
        return [(None, {"fields": ["part_of"]}), *sets] if _is_part(obj) else sets

    def get_readonly_fields(self, request: HttpRequest, obj: Patient | None = None) -> Any:
        # Switched off as long as it is a part: switched on, people would book for the wrong record.
        shown = super().get_readonly_fields(request, obj)
        return [*shown, "part_of", "is_active"] if _is_part(obj) else shown

    @admin.display(description=_("alerts"))
    def alerts_as_text(self, patient: Patient) -> str:
        """To be read: they are ticked at the desk."""
        return "; ".join(map(str, patient.alert_list))

    @admin.display(description=_("part of another record"))
    def part_of(self, patient: Patient) -> str:
        kept = patient.merged_into
        if kept is None:
            return ""
        address = reverse("admin:scheduling_patient_change", args=[kept.uuid])
        how = gettext("Visits are booked for that one. At the desk the two can be separated again.")
        return format_html('<a href="{}">{}</a>. {}', address, kept.full_name, how)

    def save_model(self, request: HttpRequest, obj: Patient, form: Any, change: bool) -> None:
        if change:
            changed = set(form.changed_data)
            changed |= {label for name, label in LABELS.items() if name in changed}
            patients.overwrite(obj, changed, _change(request))
        else:
            patients.add(obj, _change(request))

    def get_form(
        self, request: HttpRequest, obj: Patient | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None and not obj.patient_name and "patient_name" in form.base_fields:
            # What an old row lacks is no reason against another change.
            form.base_fields["patient_name"].required = False
        return form

    @admin.display(description=_("review"), ordering="needs_review")
    def review(self, patient: Patient) -> str:
        # A word where there is something to do; a red cross beside everybody else would look like a fault.
        if patient.merged_into is not None:
            return gettext("Part of another record: %(name)s") % {"name": patient.merged_into.full_name}
        return gettext("To be reviewed") if patient.needs_review else ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Patient], search_term: str
    ) -> tuple[QuerySet[Patient], bool]:
        if not search_term.strip():
            return queryset, False
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        named = Q(pk__in=Patient.objects.named(search_term).values("pk"))
        return queryset.filter(named | Q(pk__in=found.order_by().values("pk"))), may_have_duplicates
