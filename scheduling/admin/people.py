"""Doctors with their hours, specialties and patients."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from scheduling.admin.filters import BySpecialty
from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.booking import doctors, patients
from scheduling.booking.change import Change
from scheduling.models import Doctor, Patient, Specialty


def _change(request: HttpRequest) -> Change:
    return Change(by=cast(User, request.user), now=timezone.now())


class WrittenByDoctors(PublicIdentityAdmin):
    """For rows whose writer, and history, is `booking.doctors`."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            doctors.overwrite(obj, form.changed_data, _change(request))
        else:
            doctors.add(obj, _change(request))


class SwitchedOffInstead(PublicIdentityAdmin):
    """For rows that visits refer to: nobody deletes them, a manager switches them off."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Specialty)
class SpecialtyAdmin(WrittenByDoctors):
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


@admin.register(Doctor)
class DoctorAdmin(WrittenByDoctors, SwitchedOffInstead):
    list_display = ["doctor_name", "specialty", "email", "user", "is_active"]
    list_filter = [BySpecialty, "is_active"]
    list_select_related = ["specialty", "user"]
    search_fields = ["doctor_name", "email", "uuid"]
    search_help_text = _("Name, e-mail or public identity")
    fields = ["doctor_name", "email", "specialty", "user", "is_active", "overbook_limit", "hours", "uuid"]
    readonly_fields = ["hours", "uuid"]

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
class PatientAdmin(SwitchedOffInstead):
    list_display = ["patient_lastname", "patient_name", "date_of_birth", "phone", "email", "review"]
    list_display_links = ["patient_lastname", "patient_name"]
    list_filter = ["needs_review", "is_active"]
    # Names are searched folded (below); these are for what is typed as it is written.
    search_fields = ["email", "phone", "uuid"]
    search_help_text = _("Any part of a name, in any order and without accents; phone, e-mail or identity")
    readonly_fields = ["uuid", "created_at"]
    fieldsets = [
        (None, {"fields": ["patient_name", "patient_lastname", "date_of_birth"]}),
        (_("How to reach the patient"), {"fields": ["phone", "email", "language", "may_contact"]}),
        (_("For the clinic"), {"fields": ["note", "needs_review", "is_active", "uuid", "created_at"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Patient, form: Any, change: bool) -> None:
        if change:
            patients.overwrite(obj, form.changed_data, _change(request))
        else:
            patients.add(obj, _change(request))

    @admin.display(description=_("review"), ordering="needs_review")
    def review(self, patient: Patient) -> str:
        # A word where there is something to do; a red cross beside everybody else would look like a fault.
        return gettext("To be reviewed") if patient.needs_review else ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Patient], search_term: str
    ) -> tuple[QuerySet[Patient], bool]:
        if not search_term.strip():
            return queryset, False
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        named = Q(pk__in=Patient.objects.named(search_term).values("pk"))
        return queryset.filter(named | Q(pk__in=found.order_by().values("pk"))), may_have_duplicates
