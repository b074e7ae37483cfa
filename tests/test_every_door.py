"""Whatever one door stores can be saved again unchanged at every other, is found by its own name, and opens
all pages. What one door refuses, the others refuse.

Each database compares texts by collations of its own.
"""

import json
import os
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts import api_keys
from accounts.models import Scope
from scheduling.booking import search_words
from scheduling.legacy import writing
from scheduling.matching.names import fold, squash
from scheduling.models import Appointment, Patient, RecordEvent
from scheduling.queries.patients import search
from tests import people
from tests.conftest import NOW
from tests.legacy.books import plan
from tests.views.desk.pages import typed_in

COLUMNS = (
    "patient_name",
    "patient_lastname",
    "date_of_birth",
    "email",
    "phone",
    "phone_label",
    "second_phone",
    "second_phone_label",
    "language",
    "may_contact",
    "contact_by",
    "wants_reminders",
    "alerts",
    "note",
    "is_active",
)
DOORS = ("desk", "booking", "office", "api", "api booking")
CHANGES = {"desk": "/desk/patients/{}/edit/", "office": "/admin/scheduling/patient/{}/change/"}
BOXES = ("is_active", "needs_review", "wants_reminders")
LANGUAGES = ("en", "es")
NORA = {"patient_name": "Nora", "patient_lastname": "Vidal"}


class Clinic:
    """Its doors, each of which puts a person on record, and its pages."""

    def __init__(self, rae, max_, doctor, visit_type):
        self.doctor, self.visit_type = doctor, visit_type
        self.staff = {"desk": rae, "office": max_}
        self.clients = {"desk": Client(), "office": Client()}
        for name, client in self.clients.items():
            client.force_login(self.staff[name], backend="django.contrib.auth.backends.ModelBackend")
        _key, secret = api_keys.issue("Website", Scope.BOOK, expires_at=None, now=NOW)
        self.program = Client(headers={"Authorization": f"Bearer {secret}"})

    def put(self, door, typed):
        """Whether it was taken; how the person is on record then."""
        response = getattr(self, door.replace(" ", "_"))(typed)
        assert response.status_code in (200, 201, 302, 422), response.status_code
        stored = Patient.objects.first()
        assert (stored is not None) == (response.status_code in (201, 302)), response.content.decode()
        return stored

    def desk(self, typed):
        return self.clients["desk"].post("/desk/patients/new/", typed)

    def booking(self, typed):
        wish = {"doctor": self.doctor.uuid, "visit_type": self.visit_type.uuid, "day": "2026-03-03"}
        wish |= {"uuid": uuid4(), "patient": "new", "time": "10:00", "status": "confirmed"}
        return self.clients["desk"].post("/desk/book/", wish | typed)

    def office(self, typed):
        return self.clients["office"].post("/admin/scheduling/patient/add/", typed | {"is_active": "on"})

    def api(self, typed):
        return self._send("patients", _said(typed))

    def api_booking(self, typed):
        wish = {"doctor_uuid": str(self.doctor.uuid), "visit_type_uuid": str(self.visit_type.uuid)}
        wish |= {"uuid": str(uuid4()), "appointment_datetime": "2026-03-03T10:00:00+01:00"}
        return self._send("appointments", wish | {"patient": _said(typed)})

    def adopt(self, name, lastname):
        rows = writing.rows(plan(patients=[(name, lastname)]))
        for row in (*rows.patients, *rows.words, *rows.record_events):
            row.save(force_insert=True)
        return Patient.objects.get()

    def _send(self, path, body):
        return self.program.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")

    # -- Nothing is changed by whoever changes nothing ------------------------------

    def saved_unchanged_everywhere(self, patient):
        was, events = on_record(patient), told()
        for door, path in CHANGES.items():
            address = path.format(patient.uuid)
            form = typed_in(self.clients[door].get(address))
            boxes = {each: "on" for each in BOXES if getattr(patient, each) and door == "office"}
            response = self.clients[door].post(address, form | boxes)
            assert response.status_code == 302, (door, response.content.decode())
            assert (door, on_record(patient)) == (door, was)
        assert told() == events
        if was["patient_name"].strip():  # old books have people without one
            self._copied_by_a_program(patient, was)

    def _copied_by_a_program(self, patient, was):
        """What the API says of a person, it takes: another system's copy is the same."""
        told = self.program.get(f"/api/v1/patients/{patient.uuid}").json()
        taken = {each: told[each] for each in (*COLUMNS[:8], "may_contact")}
        with rolled_back():
            response = self._send("patients", taken)
            assert response.status_code == 201, response.json()
            copy = on_record(Patient.objects.get(uuid=response.json()["uuid"]))
            old = {name: squash(was[name]) for name in NORA}  # old books have spaces at the ends
            assert {each: copy[each] for each in COLUMNS[:8]} == {
                each: was[each] for each in COLUMNS[:8]
            } | old

    # -- Found, and on every page ---------------------------------------------------

    def found_by_its_own_name(self, patient):
        name, lastname = patient.patient_name, patient.patient_lastname
        for text in {f"{name} {lastname}", f"{lastname}, {name}", f"{lastname} {name}", name, lastname}:
            pieces = fold(text).split()
            if not pieces or "@" in text or (len(pieces) > 1 and "".join(pieces).isdigit()):
                continue  # a number in pieces is a phone, an @ makes an e-mail; signs alone find nobody
            assert patient.uuid in [hit.uuid for hit in search(text, now=NOW).hits], ascii(text)
            assert patient in Patient.objects.named(text), ascii(text)
            asked = self._send("patients/search", {"text": text[:200]})
            assert str(patient.uuid) in [each["uuid"] for each in asked.json()["items"]], ascii(text)
            register = self.clients["office"].post("/desk/patients/", {"q": text}, follow=True)
            office = self.clients["office"].get("/admin/scheduling/patient/", {"q": text})
            for response in (register, office):
                assert str(patient.uuid) in response.content.decode(), ascii(text)

    def opens_every_page(self, patient, visit, language):
        user = self.staff["office"]
        type(user).objects.filter(pk=user.pk).update(language=language)
        pages = ["", "edit/"]
        pages = [f"/desk/patients/{patient.uuid}/{page}" for page in pages] + [
            "/desk/patients/",
            "/desk/waiting/",
        ]
        pages += [f"/desk/book/?patient={patient.uuid}", "/admin/scheduling/patient/", "/desk/attention/"]
        pages += [f"/admin/scheduling/patient/{patient.uuid}/{page}/" for page in ("change", "history")]
        if visit is not None:
            steps = ("", "cancel/", "booked/")
            pages += [f"/desk/appointments/{visit.uuid}/{step}" for step in steps]
            pages += [f"/desk/day/2026-03-03/?moving={visit.uuid}"]
            pages += ["/desk/day/2026-03-03/", "/desk/day/2026-03-03/sheet/"]
        for page in pages:
            response = self.clients["office"].get(page)
            assert response.status_code == 200, page


def _said(typed):
    """As JSON: what is not known is left out."""
    return {name: value for name, value in typed.items() if value and name in COLUMNS and name != "note"}


def on_record(patient):
    return Patient.objects.values(*COLUMNS).get(pk=patient.pk)


def told():
    """What the history says was changed."""
    return list(RecordEvent.objects.order_by("id").values("kind", "before", "after"))


class rolled_back:  # noqa: N801  # reads as a verb
    """All of an example is undone after it, also where it failed."""

    def __enter__(self):
        self.block = transaction.atomic()
        self.block._from_testcase = True  # bookings ask for a transaction that is in no other
        self.block.__enter__()

    def __exit__(self, *raised):
        transaction.set_rollback(True)
        self.block.__exit__(*raised)


@pytest.fixture
def clinic(rae, max_, osei, checkup):
    with time_machine.travel(NOW, tick=False):
        yield Clinic(rae, max_, osei, checkup)
    cache.clear()


def examples(count):
    """The same ones every time; EXAMPLES=20 tries twenty times as many."""
    return settings(
        phases=[Phase.generate],
        max_examples=count * int(os.environ.get("EXAMPLES", "1")),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@examples(10)
@given(typed=people.whole(), door=st.sampled_from(DOORS), language=st.sampled_from(LANGUAGES))
def test_what_a_door_stores_is_saved_found_and_shown_at_every_other(clinic, typed, door, language):
    with rolled_back():
        cache.clear()
        stored = clinic.put(door, typed)
        if stored is not None:
            whole(clinic, stored, language)


@examples(10)
@given(name=people.names, lastname=st.one_of(st.just(""), people.names), language=st.sampled_from(LANGUAGES))
def test_what_adoption_keeps_is_saved_found_and_shown_everywhere(clinic, name, lastname, language):
    with rolled_back():
        cache.clear()
        whole(clinic, clinic.adopt(name[:255], lastname[:255]), language)


def whole(clinic, stored, language):
    assert search_words.wrong() == []
    clinic.saved_unchanged_everywhere(stored)
    clinic.found_by_its_own_name(stored)
    clinic.opens_every_page(stored, Appointment.objects.first(), language)


@examples(40)
@given(typed=people.one_thing())
def test_every_door_takes_and_refuses_the_same(clinic, typed):
    found = {}
    for door in DOORS:
        with rolled_back():
            cache.clear()
            stored = clinic.put(door, NORA | typed)
            found[door] = None if stored is None else {name: on_record(stored)[name] for name in COLUMNS[:6]}
    assert all(each == found["desk"] for each in found.values()), found


BROKEN = {
    "a form checks what was not touched": ("scheduling.forms.patients.keep_untouched", lambda *asked: set()),
    "a name is found by its first word only": (
        "scheduling.matching.search_words._spelled",
        lambda part: [(word, True) for word in fold(part).split()[:1]],
    ),
}


@pytest.mark.once
@pytest.mark.parametrize("fault", BROKEN)
def test_a_door_with_one_fault_is_caught(clinic, monkeypatch, fault):
    monkeypatch.setattr(*BROKEN[fault])
    with pytest.raises(AssertionError):
        test_what_adoption_keeps_is_saved_found_and_shown_everywhere(clinic)
    if fault == "a name is found by its first word only":
        with pytest.raises(AssertionError):
            test_what_a_door_stores_is_saved_found_and_shown_at_every_other(clinic)
