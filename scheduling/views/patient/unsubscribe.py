"""The end of reminders, for whoever holds the link of a message: one button, no name, nothing of a visit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
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
    the key."""
    uuid = patient_of(token)
    if uuid is None:
        raise Http404
    is_done = request.method == "POST"
    try:
        if is_done:
            patients.end_reminders(uuid, now=timezone.now())
        elif not Patient.objects.filter(uuid=uuid).exists():
            raise Http404
    except Patient.DoesNotExist:
        raise Http404 from None
    response = render(request, "patient/unsubscribe.html", {"is_done": is_done})
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
