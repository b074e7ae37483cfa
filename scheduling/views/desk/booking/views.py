"""Booking a visit at the desk: the form and its saving."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import typed as typed_forms
from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import actions, openings
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rights import ADD_PATIENTS, BOOK, VIEW_PATIENTS, VIEW_VISITS, rights_of
from scheduling.booking.rules import Refused, not_allowed
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms import overrides, prefill
from scheduling.forms.booking import BookingForm
from scheduling.forms.fields import uuid_of
from scheduling.forms.offered import offer_given
from scheduling.models import Appointment
from scheduling.queries import appointments, usual
from scheduling.queries.suspects import Suspect
from scheduling.views.desk.booking import drafts, refusals
from scheduling.views.desk.booking import page as booking_page
from scheduling.views.desk.booking.page import BookingPage
from scheduling.views.desk.booking.refusals import Refusal
from scheduling.views.desk.shared import offers
from scheduling.views.desk.shared.statuses import REFUSED

Save = Callable[[BookingForm, Proposal], Appointment]


@filled_again_by("desk:book-fill")
@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    now, by = timezone.now(), account_of(request)
    if request.method == "POST":
        return _save(request, now, lambda form, proposal: actions.book(proposal, by=by, now=now))
    if "draft" in request.GET:
        return _go_on(request, now)
    if set(request.GET) <= {"day"} and (waiting := drafts.all_of(request, now=now)):
        return drafts.parked(request, waiting, now=now)
    filled = prefill.from_link(request.GET, clinic_zone())
    values = {"uuid": str(uuid4()), **filled.values}
    usually = {}
    if "patient" in values:
        usually = usual.proposed(UUID(values["patient"]), values, today=clinic_today(now))
    values = usually | values
    form = BookingForm(initial=values, now=now)
    return page(request, form, values, now, notes=filled.notes, proposed=usually)


def _go_on(request: HttpRequest, now: datetime) -> HttpResponse:
    """The form as it was left."""
    values = drafts.typed_for(request, request.GET["draft"], now=now)
    if values is None:
        messages.info(request, _("That booking is no longer kept: it was finished or discarded."))
        return redirect("desk:book")
    is_after_search = "found" in request.GET
    return page(request, BookingForm(initial=values, now=now), values, now, is_after_search=is_after_search)


@filled_again_by("desk:book-fill")
@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def overbook(request: HttpRequest) -> HttpResponse:
    """The deliberate second step after "taken": the same form, with a reason, beside another visit."""
    now, by = timezone.now(), account_of(request)

    def save(form: BookingForm, proposal: Proposal) -> Appointment:
        return actions.overbook(proposal, reason=form.cleaned_data["overbook_reason"], by=by, now=now)

    return _save(request, now, save)


def _save(request: HttpRequest, now: datetime, save: Save) -> HttpResponse:
    typed = prefill.from_press(request.POST, clinic_zone())
    response = _answer(request, typed, now, save)
    if response.status_code == REFUSED:
        drafts.keep(request, typed, now=now)
    return response


def _answer(request: HttpRequest, typed: QueryDict, now: datetime, save: Save) -> HttpResponse:
    form = BookingForm(typed, now=now)
    proposal = asked(request, form, typed, now)
    if isinstance(proposal, HttpResponse):
        return proposal
    try:
        appointment = save(form, proposal)
    except Refused as refused:
        return _refused(request, form, proposal, refused, typed, now)
    typed_forms.forget(request, appointment.uuid)
    return redirect("desk:booked", appointment.uuid)


def asked(
    request: HttpRequest, form: BookingForm, typed: QueryDict, now: datetime, *, is_again: bool = False
) -> Proposal | HttpResponse:
    """What the form asks for; or the page again, with what of it cannot be read, or who on record may be the
    new patient. `is_again`: it was booked before, and made its patient then."""
    if not form.is_valid():
        typed["uuid"] = str(uuid_of(typed.get("uuid")) or uuid4())
        return page(request, form, typed, now, refusal=refusals.unreadable(form), status=REFUSED)
    proposal = form.proposal()
    if isinstance(proposal.patient, NewPatient) and ADD_PATIENTS not in rights_of(account_of(request)):
        return _refused(request, form, proposal, Refused(not_allowed("patient")), typed, now)
    # A form sent twice made its new patient the first time: that is no twin.
    is_new = isinstance(proposal.patient, NewPatient) and not (is_again or appointments.exists(proposal.uuid))
    if isinstance(proposal.patient, NewPatient) and is_new:
        twins = booking_page.twins(proposal.patient, typed, now=now)
        if twins.open:
            return page(request, form, typed, now, twins=twins.open, is_refused=True, status=REFUSED)
        proposal = replace(proposal, patient=replace(proposal.patient, others=twins.others))
    return proposal


def _refused(
    request: HttpRequest,
    form: BookingForm,
    proposal: Proposal,
    refused: Refused,
    typed: QueryDict,
    now: datetime,
) -> HttpResponse:
    """The same form with everything typed, why, and the nearest free times."""
    form.refuse(refused.problems)
    refusal = refusals.refusal(refused, proposal, form, reader=account_of(request), now=now)
    nearest: list[offers.Offer] = []
    if refusal.stands_already:
        typed["uuid"] = str(uuid4())
    else:
        found = openings.nearest(proposal, now=now)
        nearest = offers.grouped(found, proposal, now=now, zone=clinic_zone())
    return page(
        request,
        form,
        typed,
        now,
        refusal=refusal,
        times=offers.Times(offers=nearest),
        earlier=proposal.uuid,
        status=REFUSED,
    )


def page(
    request: HttpRequest,
    form: BookingForm,
    values: Mapping[str, Any],
    now: datetime,
    *,
    status: int = 200,
    times: offers.Times | None = None,
    twins: Sequence[Suspect] | None = None,
    refusal: Refusal | None = None,
    earlier: UUID | None = None,
    notes: Sequence[str | Promise] = (),
    proposed: Collection[str] = (),
    is_refused: bool = False,
    is_after_search: bool = False,
) -> HttpResponse:
    """The whole booking page around a form; `values` are what stands in it, `proposed` the names of those
    that nobody chose."""
    outline = booking_page.outline(values, now=now)
    if outline.person:
        born, on = outline.person.date_of_birth, outline.day or clinic_today(now)
        form.given = offer_given(form, born=born, today=on, proposed=proposed)
    shown = BookingPage(
        form=form,
        outline=outline,
        search=booking_page.search(values, now=now),
        times=offers.times_for(outline, now=now, zone=clinic_zone()) if times is None else times,
        twins=booking_page.twins(outline.person, values, now=now).open if twins is None else twins,
        told_apart=overrides.others(overrides.told_apart(values)),
        overrides=refusals.boxes(outline.wish, values, refusal),
        may_add_patient=ADD_PATIENTS in rights_of(account_of(request)),
        notes=notes,
        proposed=" ".join(proposed),
        refusal=refusal,
        earlier=earlier,
        is_refused=is_refused,
        is_after_search=is_after_search,
    )
    if shown.focus in form.fields:  # of several choices the browser takes the first
        form.fields[shown.focus].widget.attrs["autofocus"] = True
    return render(request, "desk/booking/book.html", shown.context, status=status)
