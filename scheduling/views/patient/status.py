"""An appointment for whoever holds its link: state, day, time, doctor, clinic. No name and no reason."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import patient_link
from scheduling.clock import clinic_zone
from scheduling.models import NEW, Appointment
from scheduling.views.patient.headers import keep_to_the_patient
from scheduling.views.patient.wording import has_passed, saying


@patient_link
@require_safe
def status(request: HttpRequest, appointment: uuid.UUID) -> HttpResponse:
    # Only what the page shows is read, so that no later edit of the template can show more by accident.
    found = get_object_or_404(
        Appointment.objects.select_related("doctor").only(
            "uuid", "status", "appointment_datetime", "minutes", "doctor__doctor_name"
        ),
        uuid=appointment,
    )
    now, zone = timezone.now(), clinic_zone()
    said = saying(found, now=now, zone=zone)
    visit = {
        "status": found.status,
        "starts_at": found.appointment_datetime,
        "minutes": found.minutes,
        "doctor_name": found.doctor.doctor_name,
        "uuid": found.uuid,
        "is_to_come": found.status in NEW and not has_passed(found, now=now, zone=zone),
    }
    return keep_to_the_patient(render(request, "patient/status.html", {"visit": visit, "said": said}))
