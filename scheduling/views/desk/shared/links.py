"""Addresses that the desk hands on."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from scheduling.models import Appointment


def patient_link(request: HttpRequest, visit: Appointment) -> str:
    """The address of the patient's page: from where patients come, which may be another than the desk's."""
    path = reverse("appointment-status", args=[visit.uuid])
    if settings.PUBLIC_URL and not settings.DEBUG:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path)
