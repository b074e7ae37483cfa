"""A patient like no other is booked, moved, refused and met by a fault, and then looked for in all that is
written, counted and reported. What looks for her has to find her where something does leak."""

import json
import logging
from contextlib import ExitStack
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from accounts import api_keys
from accounts.models import Scope
from scheduling.access import public
from scheduling.models import Appointment, Patient
from scheduling.notices import opening
from tests import planted
from tests.conftest import NOW, madrid
from tests.logged import reported, written

TUESDAY = "2026-03-03"
TOKEN = "kCq5mVzR8sWn2tYb7xLp"


@public
def fails(request, text=""):
    patient = Patient.objects.filter(patient_lastname=planted.LASTNAME).first()
    name, born = str(patient), patient.date_of_birth.isoformat()
    raise ValueError(f"{name} {patient.patient_name} {born} {patient.phone} {patient.email} {patient.uuid}")


@public
def leaks(request):
    patient = Patient.objects.filter(patient_lastname=planted.LASTNAME).first()
    logging.getLogger("scheduling.leak").error("Booked %s", patient.patient_lastname)
    return HttpResponse()


urlpatterns = [
    path("fails/<str:text>/", fails),
    path("fails/", fails),
    path("leaks/", leaks),
    path("", include("appointments_site.urls")),
]
handler500 = "appointments_site.refusals.server_error"


class Watched:
    """The site, and all that leaves it besides answers."""

    def __init__(self, log, sent, clinic):
        self.log, self.sent, self.clinic = log, sent, clinic
        self.client = Client(raise_request_exception=False)
        self.asked = []

    def post(self, address, form, **more):
        return self._kept(self.client.post(address, form, **more))

    def get(self, address, **asked):
        return self._kept(self.client.get(address, asked))

    def _kept(self, response):
        self.asked.append(response.status_code)
        return response

    def numbers(self):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = Client().get("/metrics", headers=headers)
        assert answer.status_code == 200
        return answer.content.decode()

    def leaks(self):
        """Where which of her values is found, and which of hers are looked for."""
        identities = [str(uuid) for uuid in Appointment.objects.values_list("uuid", flat=True)]
        identities += [str(uuid) for uuid in Patient.objects.values_list("uuid", flat=True)]
        assert len(identities) > 1
        places = {"log": self.log.getvalue(), "numbers": self.numbers(), "reports": self.sent.text}
        return {
            (place, value)
            for place, text in places.items()
            for value in [*planted.VALUES, *identities]
            if value.lower() in text.lower()
        }


@pytest.fixture(params=["line", "json"])
def watched(request, settings, rae, osei, lind, ben, checkup):
    settings.METRICS_TOKEN = TOKEN
    settings.ROOT_URLCONF = __name__
    with ExitStack() as stack:
        stack.enter_context(time_machine.travel(NOW, tick=False))
        log = stack.enter_context(written(request.param))
        sent = stack.enter_context(reported())
        yield Watched(log, sent, {"osei": osei, "lind": lind, "ben": ben, "checkup": checkup, "rae": rae})


def test_nobody_finds_her_in_what_is_written_counted_and_reported(watched):
    visit = at_the_desk(watched)
    by_a_program(watched)
    assert {200, 302, 201, 409, 422} <= set(watched.asked)
    faults(watched, visit)
    assert watched.log.getvalue().count("ValueError: …") == 3
    assert [event["exception"]["values"][-1]["value"] for event in watched.sent.events] == ["…"] * 3
    assert watched.leaks() == set()


def at_the_desk(watched):
    """She is looked for, booked, refused a second time at once, moved and called off."""
    clinic = watched.clinic
    watched.client.force_login(clinic["rae"], "django.contrib.auth.backends.ModelBackend")
    watched.post("/desk/patients/", {"q": planted.LASTNAME})
    watched.get("/desk/patients/", q=planted.LASTNAME)
    person = planted.AS_A_FORM
    watched.post("/desk/patients/new/", person | {"email": f"{planted.EMAIL} @"})
    watched.post("/desk/patients/new/", person)
    patient = Patient.objects.get(patient_lastname=planted.LASTNAME)
    form = {
        "uuid": uuid4(),
        "patient": patient.uuid,
        "visit_type": clinic["checkup"].uuid,
        "doctor": clinic["osei"].uuid,
        "day": TUESDAY,
        "time": "10:00",
        "status": "pending",
        "description": planted.REASON,
    }
    watched.post("/desk/book/draft/", form)
    watched.post("/desk/book/", form | {"time": planted.REASON})
    watched.post("/desk/book/", form)
    watched.post("/desk/book/", form | {"uuid": uuid4()})
    visit = Appointment.objects.get()
    assert visit.description == planted.REASON
    here = f"/desk/appointments/{visit.uuid}"
    moved = {"version": 1, "doctor": clinic["lind"].uuid, "start": f"{TUESDAY}T12:30+01:00"}
    watched.post(f"{here}/move/", moved | {"reason": planted.REASON})
    visit.refresh_from_db()
    assert (visit.doctor, visit.appointment_datetime) == (clinic["lind"], madrid(f"{TUESDAY} 12:30"))
    watched.post(f"{here}/cancel/", {"version": 1, "wish": "patient", "reason": planted.REASON})
    watched.post(f"{here}/cancel/", {"version": 2, "wish": "patient", "reason": planted.REASON})
    visit.refresh_from_db()
    assert visit.status == "cancelled"
    by_herself(watched, visit)
    return visit


def by_herself(watched, visit):
    """She opens her page by the link of a message, and by her date of birth after a wrong one."""
    here = f"/appointment/{visit.uuid}/"
    watched.get(here)
    for token in (opening.token_of(visit.uuid, visit.patient.uuid), planted.REASON):
        watched.get(f"{here}open/{token}/")
    assert planted.LASTNAME in watched.client.get(here).content.decode()
    watched.post(f"{here}close/", {})
    for typed in (planted.LASTNAME, "1.1.1901", planted.BORN):
        watched.post(f"{here}open/", {"date_of_birth": typed})
    assert planted.LASTNAME in watched.client.get(here).content.decode()


def by_a_program(watched):
    """The same through the API, with what it refuses."""
    clinic = watched.clinic
    _key, secret = api_keys.issue("Website", Scope.MANAGE, expires_at=None, now=NOW)

    def post(address, body, if_match=""):
        headers = {"Authorization": f"Bearer {secret}"} | ({"If-Match": if_match} if if_match else {})
        text = json.dumps(body, default=str)
        return watched.post(f"/api/v1/{address}", text, content_type="application/json", headers=headers)

    person = planted.AS_A_FORM | {"date_of_birth": planted.BORN}
    booking = {
        "uuid": uuid4(),
        "doctor_uuid": clinic["osei"].uuid,
        "patient": person,
        "visit_type_uuid": clinic["checkup"].uuid,
        "appointment_datetime": f"{TUESDAY}T11:00:00+01:00",
        "description": planted.REASON,
    }
    assert post("patients", {"uuid": uuid4(), **person}).status_code == 201
    assert post("patients", {"uuid": uuid4(), **person, planted.NAME: planted.EMAIL}).status_code == 422
    assert post("patients/search", {"text": planted.LASTNAME}).status_code == 200
    assert post("appointments", booking).status_code == 201
    assert post("appointments", booking | {"uuid": uuid4()}).status_code == 409
    assert post("appointments", booking | {"appointment_datetime": planted.REASON}).status_code == 422
    here = f"appointments/{booking['uuid']}"
    assert (
        post(f"{here}/move", {"appointment_datetime": f"{TUESDAY}T13:00:00+01:00"}, '"1"').status_code == 200
    )
    assert post(f"{here}/cancel", {"reason": planted.REASON, "wish": "patient"}, '"1"').status_code == 412
    assert post(f"{here}/cancel", {"reason": planted.REASON, "wish": "patient"}, '"2"').status_code == 200


def faults(watched, visit):
    """A view that breaks with all of her in its hands, also at an address with a visit and a question."""
    for address in ("/fails/", f"/fails/{visit.uuid}/", f"/fails/?q={planted.LASTNAME}"):
        assert watched.post(address, planted.AS_A_FORM).status_code == 500


def test_where_something_leaks_it_is_found(watched):
    at_the_desk(watched)
    assert watched.get("/leaks/").status_code == 200
    short = planted.LASTNAME.partition("-")[0]
    assert watched.leaks() == {
        (place, name) for place in ("log", "reports") for name in (short, planted.LASTNAME)
    }


def test_a_number_that_names_her_is_found(watched):
    from scheduling import metrics

    at_the_desk(watched)
    try:
        metrics.refused([planted.EMAIL])
        assert ("numbers", planted.EMAIL) in watched.leaks()
    finally:
        metrics.REFUSALS.remove(planted.EMAIL)
