"""One patient's record: looking at it, changing it, confirming its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import patients as records
from scheduling.booking.patients import StalePatient
from scheduling.booking.rights import CHANGE_PATIENTS, VIEW_PATIENTS
from scheduling.forms import same_person
from scheduling.forms.merging import value_as_text
from scheduling.forms.patients import EditForm, PatientForm, as_typed
from scheduling.forms.same_person import Compared
from scheduling.models import Patient
from scheduling.queries import patient_record
from scheduling.times_in_words import rhythm_in_words
from scheduling.views.desk.patients import mail
from scheduling.views.desk.shared.statuses import REFUSED, STALE
from scheduling.views.desk.shared.typed import shown_by_get


@dataclass(frozen=True)
class ChangedField:
    """A field that another desk changed while the form stood open here."""

    label: str | Promise | None
    now: str  # the value on record
    is_taken: bool  # nothing else was typed for it here: the value on record stands in the form
    name: str


@desk(VIEW_PATIENTS)
@require_safe
def patient(request: HttpRequest, uuid: UUID) -> HttpResponse:
    now, row = timezone.now(), found(uuid)
    if row.merged_into_id is not None:
        return redirect("desk:patient", records.standing(row).uuid)
    record = patient_record.of(row, past=request.GET.get("past"), now=now)
    regular = [(left, rhythm_in_words(left.series.rule, left.series.weekday)) for left in record.series]
    context = {"record": record, "patient": row, "regular": regular, "mail": mail.of_record(row), "now": now}
    return render(request, "desk/patients/record.html", context)


@desk(VIEW_PATIENTS, CHANGE_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    now, row = timezone.now(), found(uuid)
    if row.merged_into_id is not None:
        return redirect("desk:patient-edit", records.standing(row).uuid)
    if request.method != "POST":
        return _form(request, EditForm(patient=row, now=now), row)
    form = EditForm(request.POST, patient=row, now=now)
    if not form.is_valid():
        return _form(request, form, row, status=REFUSED)
    try:
        changed = records.change(form.seen(), form.values, by=account_of(request), now=timezone.now())
    except StalePatient as stale:
        return _meanwhile(request, form, stale.current, now)
    messages.success(request, _("%(patient)s: the record is saved.") % {"patient": changed.full_name})
    return redirect("desk:patient", uuid)


@filled_again_by("desk:patient-edit-fill")
@desk(VIEW_PATIENTS, CHANGE_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:patient-edit-fill", start="desk:patient-edit")
def fill_edit(request: HttpRequest, typed: QueryDict, uuid: UUID) -> HttpResponse:
    """The record's form with what was typed for a new patient who turned out to be this one: not saved."""
    now, row = timezone.now(), found(uuid)
    if row.merged_into_id is not None:
        row = records.standing(row)
    compared = same_person.compared(row, typed, now=now)
    form = EditForm(patient=row, now=now, filled=compared.values)
    return _form(request, form, row, compared=compared)


@desk(VIEW_PATIENTS, CHANGE_PATIENTS)
@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The name is right as it stands."""
    row = found(uuid)
    records.confirm([row.uuid], by=account_of(request), now=timezone.now())
    messages.success(request, _("%(patient)s: the name is confirmed.") % {"patient": row.full_name})
    return redirect("desk:patient", uuid)


def found(uuid: UUID) -> Patient:
    row = patient_record.find(uuid)
    if row is None:
        raise Http404
    return row


def _meanwhile(request: HttpRequest, form: EditForm, current: Patient, now: datetime) -> HttpResponse:
    """Another desk saved this record since it was opened here: said field by field, and nothing is lost."""
    rebased = form.against(current)
    changes = [
        ChangedField(
            PatientForm.base_fields[name].label,
            value_as_text(name, getattr(current, name)),
            mine == theirs,
            name,
        )
        for name, theirs, mine in rebased.changes
    ]
    again = EditForm(rebased.values, patient=current, now=now)
    return _form(request, again, current, status=STALE, changes=changes)


def _form(
    request: HttpRequest,
    form: EditForm,
    row: Patient,
    *,
    status: int = 200,
    changes: Sequence[ChangedField] = (),
    compared: Compared | None = None,
) -> HttpResponse:
    """`changes`: what another desk saved meanwhile, where the record is refused for that. `compared`: what
    was typed of the same person as a new patient."""
    values = as_typed(row)
    if status == REFUSED:  # what was seen when the form was opened
        values = {name: request.POST.get(f"was_{name}", "") for name in values}
    if compared:  # that is what has the focus
        form.fields["patient_name"].widget.attrs.pop("autofocus", None)
    context = {
        "form": form,
        "patient": row,
        "was": values.items(),
        "changes": changes,
        "is_stale": status == STALE,
        "compared": compared,
        "added": [] if compared is None else [form[name] for name in compared.added],
        "differing": []
        if compared is None
        else [(form[name], value_as_text(name, value)) for name, value in compared.differing],
    }
    return render(request, "desk/patients/edit.html", context, status=status)
