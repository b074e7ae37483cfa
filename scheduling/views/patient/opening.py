"""How a patient's page is opened and closed: by the link of a message, by a date of birth, by a button.

A visit that does not exist, a date that is wrong and one that is not known, a visit or an address that waits:
all are answered alike.
"""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import counted_address
from scheduling.access import patient_link
from scheduling.booking import proving
from scheduling.clock import clinic_today
from scheduling.forms.opening import OpeningForm
from scheduling.models import Appointment
from scheduling.notices.opening import opens
from scheduling.queries.patients_page import records_of
from scheduling.views.patient import language, opened
from scheduling.views.patient.headers import keep_to_the_patient


@patient_link
@require_safe
def by_link(request: HttpRequest, appointment: uuid.UUID, token: str) -> HttpResponse:
    """The token is swapped for a cookie at once, and is gone from the address. Nothing is written: scanners
    of mail follow links."""
    now = timezone.now()
    visits = Appointment.objects.select_related("patient").filter(uuid=appointment)
    visit = visits.only("uuid", "appointment_datetime", "minutes", "patient__uuid").first()
    if visit is None or not opens(token, visit, records_of(visit.patient), now=now):
        return keep_to_the_patient(_to_the_page(request, appointment, link="old"))
    response = _to_the_page(request, appointment)
    opened.open_for(response, "visit", appointment, visit.patient.uuid, now=now)
    return keep_to_the_patient(response)


@patient_link
@require_http_methods(["GET", "HEAD", "POST"])
def by_birth_date(request: HttpRequest, appointment: uuid.UUID) -> HttpResponse:
    now = timezone.now()
    form = OpeningForm(request.POST if request.method == "POST" else None, today=clinic_today(now))
    is_refused = False
    if form.is_bound and form.is_valid():
        born, address = form.cleaned_data["date_of_birth"], counted_address(request)
        patient = proving.patient_proved(appointment, born, address=address, now=now)
        if patient is not None:
            response: HttpResponse = _to_the_page(request, appointment)
            opened.open_for(response, "person", appointment, patient, now=now)
            return keep_to_the_patient(response)
        is_refused = True
    context = {
        "form": form,
        "is_refused": is_refused,
        "tries": proving.MOST_TRIES,
        "minutes": proving.WAIT.seconds // 60,
        "uuid": appointment,
        "languages": language.others(),
        "kept": language.kept(request),
    }
    return keep_to_the_patient(render(request, "patient/open.html", context), has_form=True)


@patient_link
@require_POST
def close(request: HttpRequest, appointment: uuid.UUID) -> HttpResponse:
    response = _to_the_page(request, appointment)
    opened.close(response, appointment)
    return keep_to_the_patient(response)


def _to_the_page(request: HttpRequest, appointment: uuid.UUID, **asked: str) -> HttpResponseRedirect:
    page = reverse("appointment-status", args=[appointment])
    return HttpResponseRedirect(f"{page}{language.kept(request, **asked)}")
