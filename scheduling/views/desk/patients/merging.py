"""Two records that may be of one person, side by side: made one, two again, or told apart."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.who import account_of
from scheduling.access import desk
from scheduling.booking import merging
from scheduling.booking import patients as records
from scheduling.booking.merging import Collision, Unmergeable
from scheduling.booking.patients import StalePatient
from scheduling.booking.rights import MERGE_PATIENTS, VIEW_PATIENTS
from scheduling.forms.merging import MergeForm
from scheduling.models import Patient, PatientMerge
from scheduling.queries import patient_record
from scheduling.queries import patients as found_patients
from scheduling.views.desk.patients.record import found
from scheduling.views.desk.shared.statuses import REFUSED, STALE
from scheduling.views.desk.shared.typed import shown_by_get


@dataclass(frozen=True)
class Side:
    """One of the two, as its column says."""

    patient: Patient
    hit: found_patients.Hit | None
    visits: int


@desk(VIEW_PATIENTS, MERGE_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, uuid: UUID, other: UUID) -> HttpResponse:
    """Side by side with what would become of them; by POST, made one."""
    if request.method != "POST":
        return _page(request, uuid, other)
    one, second = _pair(uuid, other)
    form = MergeForm(request.POST, one=one, other=second, stays=one)
    if form.is_stale:
        return _page(request, uuid, other, status=STALE)
    if not form.is_valid():
        return _page(request, uuid, other, data=request.POST, status=REFUSED)
    kept, gone = form.kept, form.gone
    try:
        merging.merge(
            form.seen(kept), form.seen(gone), form.values, by=account_of(request), now=timezone.now()
        )
    except StalePatient:  # between that look and the write
        return _page(request, uuid, other, status=STALE)
    except Collision:
        return _page(request, uuid, other, data=request.POST, status=REFUSED)  # the preview names them
    except Unmergeable:
        return redirect("desk:patient", uuid)
    said = _("The two records of %(patient)s are merged.") % {"patient": kept.full_name}
    messages.success(request, said)
    return redirect("desk:patient", kept.uuid)


@desk(VIEW_PATIENTS, MERGE_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:patient-merge-preview", start="desk:patient-merge")
def preview(request: HttpRequest, typed: QueryDict, uuid: UUID, other: UUID) -> HttpResponse:
    """What the choices come to. Nothing is saved."""
    return _page(request, uuid, other, data=typed)


@desk(VIEW_PATIENTS, MERGE_PATIENTS)
@require_POST
def apart(request: HttpRequest, uuid: UUID, other: UUID) -> HttpResponse:
    one, second = found(uuid), found(other)
    if one == second:
        raise Http404
    records.tell_apart(one, second, by=account_of(request), now=timezone.now())
    names = {"one": one.full_name, "other": second.full_name}
    messages.success(request, _("Noted: %(one)s and %(other)s are two people.") % names)
    return redirect("desk:patient", uuid)


@desk(VIEW_PATIENTS, MERGE_PATIENTS)
@require_POST
def unmerge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    try:
        row = merging.unmerge(uuid, by=account_of(request), now=timezone.now())
    except PatientMerge.DoesNotExist:
        raise Http404 from None
    except Unmergeable:
        kept = PatientMerge.objects.select_related("kept").get(uuid=uuid).kept
        later = _("Nothing was changed: this record became a part of another since. Separate that one first.")
        messages.warning(request, later)
        return redirect("desk:patient", kept.uuid)
    said = _("Two records again: %(patient)s has the visits back.") % {"patient": row.gone.full_name}
    messages.success(request, said)
    return redirect("desk:patient", row.kept.uuid)


def _pair(uuid: UUID, other: UUID) -> tuple[Patient, Patient]:
    one, second = found(uuid), found(other)
    if one == second:
        raise Http404
    return one, second


def _page(
    request: HttpRequest, uuid: UUID, other: UUID, *, data: Any = None, status: int = 200
) -> HttpResponse:
    one, second = _pair(uuid, other)
    if one.merged_into_id is not None or second.merged_into_id is not None:
        return redirect("desk:patient", uuid)
    now = timezone.now()
    sides = [
        Side(each, found_patients.hit_of(each.uuid, now=now), patient_record.visit_count(each))
        for each in (one, second)
    ]
    stays = max(sides, key=lambda side: (side.visits, -side.patient.pk)).patient
    form = MergeForm(data, one=one, other=second, stays=stays)
    moved = {side.patient: side.visits for side in sides}
    context = {
        "form": form,
        "sides": sides,
        "moved": moved[form.gone],
        "together": sum(moved.values()),
        "collisions": merging.collisions(form.kept, form.gone),
        "is_stale": status == STALE,
        "now": now,
    }
    is_part = getattr(request, "htmx", False)
    template = "desk/patients/_merge_result.html" if is_part else "desk/patients/merge.html"
    return render(request, template, context, status=status)
