"""One appointment: its page with the history."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.queries import appointments


@desk
@require_safe
def appointment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    record = appointments.record(uuid)
    if record is None:
        raise Http404
    context = {
        "record": record,
        "appointment": record.appointment,
        "patient_link": request.build_absolute_uri(reverse("appointment-status", args=[uuid])),
        "now": timezone.now(),
    }
    return render(request, "desk/appointment.html", context)
