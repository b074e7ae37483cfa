"""An appointment as a file for the patient's own calendar. It says what the page says, without the doctor."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import patient_link
from scheduling.models import Appointment
from scheduling.notices.calendar import Method, content_type, file_for
from scheduling.views.patient.headers import keep_to_the_patient

FILE_NAME = "appointment.ics"


@patient_link
@require_safe
def calendar_file(request: HttpRequest, appointment: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(
        Appointment.objects.only("uuid", "status", "version", "appointment_datetime", "minutes"),
        uuid=appointment,
    )
    link = request.build_absolute_uri(reverse("appointment-status", args=[appointment]))
    file = file_for(found, method=Method.PUBLISH, now=timezone.now(), link=link)
    response = HttpResponse(file, content_type=content_type(Method.PUBLISH))
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return keep_to_the_patient(response)
