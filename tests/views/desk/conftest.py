"""Rae at her desk, on a Monday at 08:00."""

from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.models import Appointment, AppointmentEvent, Claim, Patient, Status
from scheduling.views.context import COUNT
from tests.conftest import NOW, madrid

TUESDAY = "2026-03-03"
UNKNOWN = "0b1d8a52-6d0e-4a53-9a57-3f7f3c1d2e4a"  # nobody and nothing has it


@pytest.fixture
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


class Browser(Client):
    """Goes on to the address at which what was posted is shown, as a browser does."""

    def post(self, *args, **kwargs):
        response = super().post(*args, **kwargs)
        address = response.headers.get("Location", "")
        return self.get(address) if "?typed=" in address or "?draft=" in address else response


@pytest.fixture
def client():
    return Browser()


@pytest.fixture
def desk(at_eight, client, rae):
    """A browser in which Rae is signed in."""
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    cache.set(COUNT, 0)  # known for the next minute, so that a page's query count is its own
    return client


@pytest.fixture
def office(at_eight, client, max_):
    """A browser in which Max is signed in."""
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def book(rae, checkup):
    """`book(doctor, patient, "2026-03-03 10:00")`"""

    def make(doctor, patient, at, *, visit_type=None, status=Status.CONFIRMED, description=""):
        return actions.book(
            Proposal(
                uuid=uuid4(),
                doctor=doctor,
                patient=patient,
                visit_type=visit_type or checkup,
                start=madrid(at),
                status=status,
                description=description,
            ),
            by=rae,
            now=NOW,
        )

    return make


@pytest.fixture
def filled_in(osei, ana, checkup):
    """The booking form as Rae fills it in: Ana with Dr Osei, Tuesday at 10:00."""

    def form(**changes):
        return {
            "uuid": str(uuid4()),
            "q": "ana",
            "patient": str(ana.uuid),
            "visit_type": str(checkup.uuid),
            "doctor": str(osei.uuid),
            "day": "03/03/2026",
            "time": "10:00",
            "description": "Short of breath on stairs",
            "status": "confirmed",
        } | changes

    return form


def written():
    """How many rows there are of everything that a booking writes."""
    return tuple(model.objects.count() for model in (Appointment, Claim, AppointmentEvent, Patient))
