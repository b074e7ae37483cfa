"""A visit opened beside its card on the board: who it is, how to reach them, and what for."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk, polled
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_today
from scheduling.matching.birth_dates import age_on
from scheduling.queries import appointments, stripes


@polled  # the focus may come back to a card after a change: nobody has pressed anything
@desk(VIEW_VISITS)
@require_safe
def card(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A part of a page, asked for when a card on the board is pointed at or has the focus: 2 queries."""
    visit = appointments.find(uuid)
    if visit is None:
        raise Http404
    born = visit.patient.date_of_birth
    context = {
        "appointment": visit,
        "patient": visit.patient,
        "age": age_on(born, clinic_today(timezone.now())) if born else None,
        "stripe": stripes.stripe_of(visit.visit_type_id) if visit.visit_type_id else 0,
    }
    return render(request, "desk/visit/card.html", context)
