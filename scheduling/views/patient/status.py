"""An appointment for whoever holds its link: state, day, time, doctor, clinic. No name and no reason."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from scheduling.access import patient_link
from scheduling.clock import clinic_zone
from scheduling.models import NEW, Appointment, MessageSettings
from scheduling.notices import words
from scheduling.views.patient import language
from scheduling.views.patient.headers import keep_to_the_patient
from scheduling.views.patient.wording import has_passed, saying


@patient_link
@require_safe
def status(request: HttpRequest, appointment: uuid.UUID) -> HttpResponse:
    # Only what the page shows is read, so that no later edit of the template can show more by accident.
    found = get_object_or_404(
        Appointment.objects.select_related("doctor").only(
            "uuid", "status", "appointment_datetime", "minutes", "visit_type", "doctor__doctor_name"
        ),
        uuid=appointment,
    )
    now = timezone.now()
    context = {
        **_shown(found, now),
        "now": now,
        "languages": language.others(),
        "kept": language.kept(request),
    }
    return keep_to_the_patient(render(request, "patient/status.html", context))


def _shown(found: Appointment, now: datetime) -> dict[str, Any]:
    """The visit, and what the clinic says of it."""
    zone = clinic_zone()
    settings = MessageSettings.current()
    is_to_come = found.status in NEW and not has_passed(found, now=now, zone=zone)
    values = words.values_of(found.appointment_datetime, doctor=found.doctor.doctor_name, name="")
    visit = {
        "status": found.status,
        "starts_at": found.appointment_datetime,
        "minutes": found.minutes,
        "doctor_name": found.doctor.doctor_name,
        "uuid": found.uuid,
        "is_to_come": is_to_come,
    }
    return {
        "visit": visit,
        "said": saying(found, now=now, zone=zone, answers_within=settings.answers_within_days),
        "words": words.on_the_page(get_language() or "", found.visit_type_id, values) if is_to_come else None,
    }
