"""An appointment for whoever holds its link: state, day, time, doctor, clinic. The name, and what the clinic
lets patients read, only to who opened the page (`opened`)."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from scheduling.access import patient_link
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms.opening import OpeningForm
from scheduling.models import NEW, Appointment, MessageSettings
from scheduling.notices import words
from scheduling.queries import patients_page
from scheduling.views.patient import language, opened
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
    settings = MessageSettings.current()
    is_open = _opened(request, found, settings, now)
    context = {
        **_shown(found, settings, is_open.get("name", ""), now),
        **(is_open or {"form": OpeningForm(today=clinic_today(now))}),
        "is_old_link": request.GET.get("link") == "old",
        "now": now,
        "languages": language.others(),
        "kept": language.kept(request),
    }
    return keep_to_the_patient(render(request, "patient/status.html", context), has_form=True)


def _opened(
    request: HttpRequest, found: Appointment, settings: MessageSettings, now: datetime
) -> dict[str, Any]:
    """What is shown to the patient alone; nothing where the page is not open."""
    claimed = list(opened.in_request(request, found.uuid, now=now))
    if not claimed:
        return {}
    visit = patients_page.with_patient(found)
    for each in claimed:
        if patients_page.is_record_of(each.patient, visit.patient):
            is_whole = each.scope == "person"
            return {
                "name": visit.patient.full_name,
                "reason": visit.description if settings.shows_reason else "",
                "others": patients_page.others_to_come(visit, now=now) if is_whole else [],
                "open_until": each.until,
            }
    return {}


def _shown(found: Appointment, settings: MessageSettings, name: str, now: datetime) -> dict[str, Any]:
    """The visit, and what the clinic says of it; `name`: of the patient, who opened the page, else ""."""
    zone = clinic_zone()
    is_to_come = found.status in NEW and not has_passed(found, now=now, zone=zone)
    values = words.values_of(found.appointment_datetime, doctor=found.doctor.doctor_name, name=name)
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
