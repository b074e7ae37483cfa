"""Finding patients, all of them as a register, and putting a new one on record."""

from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import patients as records
from scheduling.booking.rights import ADD_PATIENTS, VIEW_PATIENTS
from scheduling.forms.patients import PatientForm
from scheduling.matching import names
from scheduling.queries import patients as found_patients
from scheduling.queries import register, suspects
from scheduling.views.desk.shared.statuses import REFUSED
from scheduling.views.desk.shared.typed import shown_by_get

MOST_FOUND: Final = 50
LONGEST_SEARCH: Final = 200


@desk(VIEW_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:patients", start="desk:patients")
def patients(request: HttpRequest, typed: QueryDict) -> HttpResponse:
    """The register; or who was looked for.

    Asked for by a POST: a name in an address would stay in logs and in the browser's history.
    """
    now = timezone.now()
    text = typed.get("q", "")[:LONGEST_SEARCH]
    context = {"query": text, "now": now, "letters": register.LETTERS}
    if text.strip():
        found = found_patients.search(text, now=now, most=MOST_FOUND, also_inactive=True)
        context |= {"found": found, "guess": names.split(names.in_spoken_order(text))}
    else:
        letter = request.GET.get("letter", "")
        letter = letter if len(letter) == 1 and letter in register.LETTERS else ""
        context["register"] = register.page(letter, request.GET.get("page"), now=now)
    is_part = getattr(request, "htmx", False)
    return render(request, "desk/patients/_found.html" if is_part else "desk/patients/register.html", context)


@desk(VIEW_PATIENTS)
@require_POST
def hits(request: HttpRequest) -> HttpResponse:
    """Who matches what is typed in the header so far: the statements of a search, as while booking."""
    text = request.POST.get("q", "")[:LONGEST_SEARCH]
    found = found_patients.search(text, now=timezone.now(), also_inactive=True)
    search = {
        "query": text,
        "is_searched": bool(text.strip()),
        "is_close": found.is_close,
        "more": found.more,
        "count": len(found.hits),
    }
    return render(request, "desk/patients/_hits.html", {"search": search, "found": found})


@desk(VIEW_PATIENTS, ADD_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        return render(request, "desk/patients/new.html", {"form": PatientForm(now=now)})
    form = PatientForm(request.POST, now=now)
    if not form.is_valid():
        return render(request, "desk/patients/new.html", {"form": form}, status=REFUSED)
    person = form.new_patient()
    alike = suspects.like(person, now=now)
    if alike and not form.cleaned_data["another_person"]:
        context = {"form": form, "suspects": alike, "name": person.full_name}
        return render(request, "desk/patients/new.html", context, status=REFUSED)
    person = replace(person, others=frozenset(suspect.hit.uuid for suspect in alike))
    patient = records.record(person, by=account_of(request), now=now, **form.more)
    messages.success(request, _("%(patient)s is on record now.") % {"patient": patient.full_name})
    return redirect("desk:patient", patient.uuid)


@filled_again_by("desk:patient-new-fill")
@desk(VIEW_PATIENTS, ADD_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:patient-new-fill", start="desk:patient-new")
def fill_new(request: HttpRequest, searched: QueryDict) -> HttpResponse:
    """The empty form with the name that was looked for in vain. Nothing is saved yet."""
    guess = names.split(names.in_spoken_order(searched.get("q", "")[:LONGEST_SEARCH]))
    typed = {"patient_name": guess.name, "patient_lastname": guess.lastname}
    form = PatientForm(now=timezone.now(), initial=typed)
    return render(request, "desk/patients/new.html", {"form": form})


@desk(VIEW_PATIENTS)
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Every pair of records that may be of one person."""
    now = timezone.now()
    pairs = suspects.pairs(_number(request), now=now)
    return render(request, "desk/patients/duplicates.html", {"pairs": pairs, "now": now})


def _number(request: HttpRequest) -> int:
    """The page asked for, of pairs that nobody counts; the first where it is none."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
