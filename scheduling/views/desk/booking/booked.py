"""The confirmation of a booking."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_zone
from scheduling.queries import appointments
from scheduling.times import clinic_day


@desk(VIEW_VISITS)
@require_safe
def booked(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was booked, to be read back to the patient. It stays: reloading it shows the same."""
    appointment = appointments.find(uuid)
    if appointment is None:
        raise Http404
    zone = clinic_zone()
    context = {
        "appointment": appointment,
        "went_past": appointments.went_past(appointment),
        "day": clinic_day.day_of(appointment.appointment_datetime, zone),
        "today": clinic_day.day_of(timezone.now(), zone),
    }
    return render(request, "desk/booking/booked.html", context)
