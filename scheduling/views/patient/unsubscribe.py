"""The end of reminders, for whoever holds the link of a message: one button, no name, nothing of a visit."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from scheduling.access import patient_link
from scheduling.booking import patients
from scheduling.models import Patient
from scheduling.notices.unsubscribing import patient_of


@patient_link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A GET writes nothing: scanners of mail follow links. A POST comes from the button, or from a mail
    program (RFC 8058), which has no cookie and no token of ours, and follows no redirect: the link is
    the key. It speaks the patient's language, as the message did."""
    uuid = patient_of(token)
    if uuid is None:
        raise Http404
    found = Patient.objects.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    patient = found if found.merged_into_id is None else patients.standing(found)
    is_done = request.method == "POST"
    if is_done:
        patients.end_reminders(uuid, now=timezone.now())
    context = {"is_done": is_done, "has_ended": not patient.wants_reminders}
    known = {code for code, _name in settings.LANGUAGES}
    with translation.override(patient.language if patient.language in known else get_language()):
        response = render(request, "patient/unsubscribe.html", context)
        response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
