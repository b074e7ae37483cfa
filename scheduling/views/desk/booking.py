"""Booking a visit at the desk: the form, the search for its patient, the saving."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from scheduling import names
from scheduling.access import desk
from scheduling.booking import actions, openings
from scheduling.booking.open_time import clinic_zone
from scheduling.booking.rules import Refused
from scheduling.forms import prefill
from scheduling.forms.booking import BookingForm
from scheduling.forms.fields import uuid_of
from scheduling.queries import appointments
from scheduling.views.desk import booking_page, offers

REFUSED: Final = 422  # read, understood, and not done


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        return _save(request, now)
    filled = prefill.from_link(request.GET, clinic_zone())
    values = {"uuid": str(uuid4()), **filled.values}
    form = BookingForm(initial=values, now=now)
    return _page(request, form, values, now, notes=filled.notes)


@desk
@require_POST
def find_patients(request: HttpRequest) -> HttpResponse:
    """The patients who match what was typed: the list alone while typing, the whole form on "Find".

    A POST, though it changes nothing: a name in an address would stay in logs and in the browser's history.
    """
    now, typed = timezone.now(), request.POST.dict()
    if getattr(request, "htmx", False):
        return render(request, "desk/_hits.html", booking_page.hits(typed, now=now))
    typed["uuid"] = typed.get("uuid") or str(uuid4())
    if not typed.get("patient_name") and not typed.get("patient_lastname"):
        guess = names.split(names.in_spoken_order(str(typed.get("q", ""))))
        typed |= {"patient_name": guess.name, "patient_lastname": guess.lastname}
    return _page(request, BookingForm(initial=typed, now=now), typed, now, found=True)


@desk
@require_POST
def summary(request: HttpRequest) -> HttpResponse:
    """What would be booked, said again after each change of the form."""
    outline = booking_page.outline(request.POST, now=timezone.now())
    return render(request, "desk/_summary.html", {"outline": outline})


def _save(request: HttpRequest, now: datetime) -> HttpResponse:
    zone = clinic_zone()
    typed = prefill.from_press(request.POST, zone)
    form = BookingForm(typed, now=now)
    if not form.is_valid():
        refusal = booking_page.unreadable(form)
        typed["uuid"] = str(uuid_of(typed.get("uuid")) or uuid4())
        return _page(request, form, typed, now, refusal=refusal, status=REFUSED)
    proposal = form.proposal()
    # A form sent twice made its new patient the first time: that is no twin.
    if not form.cleaned_data["another_person"] and not appointments.exists(proposal.uuid):
        twins = booking_page.twins(proposal, now=now)
        if twins:
            return _page(request, form, typed, now, twins=twins, status=REFUSED)
    try:
        appointment = actions.book(proposal, by=cast(User, request.user), now=now)
    except Refused as refused:
        form.refuse(refused.problems)
        refusal = booking_page.refusal(refused, proposal, form)
        if refusal.stands_already:
            typed["uuid"] = str(uuid4())
        nearest = [] if refusal.stands_already else openings.nearest(proposal, now=now)
        offered = offers.grouped(nearest, proposal, now=now, zone=zone)
        more = {"refusal": refusal, "offers": offered, "earlier": proposal.uuid}
        return _page(request, form, typed, now, status=REFUSED, **more)
    return redirect("desk:booked", appointment.uuid)


def _page(
    request: HttpRequest,
    form: BookingForm,
    values: Mapping[str, Any],
    now: datetime,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "new_patient": form.new_patient,
        "outline": booking_page.outline(values, now=now),
        **booking_page.hits(values, now=now),
        **more,
    }
    return render(request, "desk/book.html", context, status=status)
