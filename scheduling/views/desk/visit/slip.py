"""A slip of paper with what a patient needs to come, in the patient's language."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.booking.rights import VIEW_VISITS
from scheduling.models import Appointment, MessageWords, VisitTypeWords
from scheduling.models.placeholders import filled
from scheduling.notices.whose import language_of
from scheduling.templatetags.clinic import clock, long_date
from scheduling.templatetags.clinic import phone as read_out
from scheduling.views.desk.shared.links import patient_link
from scheduling.views.desk.visit import answers


@desk(VIEW_VISITS)
@require_safe
def slip(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page stays in the reader's language, the slip on it is in the patient's: 3 queries."""
    visit = answers.visit_of(uuid)
    if not visit.holds_time:  # nobody is to come
        return answers.not_from_here(request, visit)
    language = language_of(visit.patient)
    with translation.override(language):
        given = _given(visit, language) | {"link": patient_link(request, visit)}
        paper = render_to_string("desk/visit/_slip.html", given)
    context = {"appointment": visit, "written_in": language, "paper": paper}
    return render(request, "desk/visit/slip.html", context)


def _given(visit: Appointment, language: str) -> dict[str, object]:
    values = _values(visit)
    own = MessageWords.objects.filter(language=language).first()
    prepare = VisitTypeWords.objects.filter(visit_type=visit.visit_type_id, language=language)
    return {
        "visit": visit,
        "clinic_name": settings.CLINIC_NAME,
        "clinic_address": settings.CLINIC_ADDRESS,
        "clinic_phone": settings.CLINIC_PHONE,
        "how_to_find_us": filled(own.how_to_find_us if own else "", values),
        "how_to_prepare": filled("".join(prepare.values_list("how_to_prepare", flat=True)[:1]), values),
    }


def _values(visit: Appointment) -> Mapping[str, str]:
    """What placeholders in the clinic's own words stand for."""
    return {
        "name": visit.patient.full_name,
        "clinic": settings.CLINIC_NAME,
        "phone": read_out(settings.CLINIC_PHONE),
        "address": settings.CLINIC_ADDRESS,
        "day": long_date(visit.appointment_datetime),
        "time": clock(visit.appointment_datetime),
        "doctor": visit.doctor.doctor_name,
    }
