"""The confirmation of a booking."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.who import account_of
from scheduling.access import desk, may_open
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_zone
from scheduling.notices import coming
from scheduling.queries import appointments
from scheduling.times import clinic_day
from scheduling.views.desk.shared import mail
from scheduling.views.desk.shared.links import patient_link


@desk(VIEW_VISITS)
@require_safe
def booked(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was booked, to be read back to the patient. It stays: reloading it shows the same."""
    appointment = appointments.find(uuid)
    if appointment is None:
        raise Http404
    zone, now = clinic_zone(), timezone.now()
    context = {
        "appointment": appointment,
        "went_past": appointments.went_past(appointment),
        "day": clinic_day.day_of(appointment.appointment_datetime, zone),
        "today": clinic_day.day_of(now, zone),
        "now": now,
        "patient_link": patient_link(request, appointment),
        "mail": mail.after_booking(
            coming.of(appointment, now=now),
            may_send=may_open(account_of(request), "desk:notice-hold"),
            now=now,
        ),
    }
    return render(request, "desk/booking/booked.html", context)
