"""The waiting room of today, as a page that keeps itself up to date."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk, polled
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_zone
from scheduling.queries import board, board_visits, tokens
from scheduling.times import clinic_day
from scheduling.views.desk.waiting.room import room


@desk(VIEW_VISITS)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/waiting/waiting.html", _page(timezone.now()))


@polled
@desk(VIEW_VISITS)
@require_safe
def changes_of(request: HttpRequest) -> HttpResponse:
    """The lists again, or 204 where nothing has changed since the token was given."""
    now, zone = timezone.now(), clinic_zone()
    span = clinic_day.whole_day(clinic_day.day_of(now, zone), zone)
    if request.GET.get("token") == f"{tokens.token(span, now)}{now:%H%M}":
        return HttpResponse(status=204)
    return render(request, "desk/waiting/_lists.html", _page(now))


def _page(now: datetime) -> dict[str, Any]:
    zone = clinic_zone()
    day = clinic_day.day_of(now, zone)
    span = clinic_day.whole_day(day, zone)
    staff = board.staff_of(span, now=now)
    doctors = {doctor.pk: doctor for doctor in staff.doctors}
    visits = board_visits.visits_in(span, doctors)
    return {
        "room": room(((doctors[visit.doctor_id], visit) for visit in visits), now=now, zone=zone),
        # Who is due changes with the minute, though nothing was written.
        "token": f"{staff.token}{now:%H%M}",
        "day": day,
        "now": now,
    }
