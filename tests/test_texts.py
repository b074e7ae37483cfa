"""What is typed -> what is stored, shown and found, at every door: one table for all of them."""

import html
import json
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command

from accounts import api_keys
from accounts.models import ApiKey, Scope
from scheduling.booking import search_words
from scheduling.identity import identity_of
from scheduling.legacy import writing
from scheduling.models import (
    Appointment,
    Flag,
    Patient,
    RecordEvent,
)
from scheduling.queries import suspects
from scheduling.queries.patients import search
from tests import factories
from tests.booking.asking import booked
from tests.conftest import NOW
from tests.legacy.books import plan, visit
from tests.names import NAMES

UNSEEN = ["\u200b", "\u202e\u202c", " \u3164 ", "\u2800", "\x1b\x07", "\u00ad"]


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


class Doors:
    """Each puts a patient on record and answers with what it said."""

    def __init__(self, client, rae, max_):
        self.client, self.rae, self.max = client, rae, max_

    def desk(self, name, lastname):
        self.client.force_login(self.rae)
        typed = {"patient_name": name, "patient_lastname": lastname, "may_contact": "yes"}
        return self.client.post("/desk/patients/new/", typed)

    def office(self, name, lastname):
        self.client.force_login(self.max)
        typed = {"patient_name": name, "patient_lastname": lastname, "may_contact": "yes", "is_active": "on"}
        return self.client.post("/admin/scheduling/patient/add/", typed)

    def api(self, name, lastname):
        _key, secret = api_keys.issue(f"Website {uuid4()}", Scope.BOOK, expires_at=None, now=NOW)
        body = json.dumps({"patient_name": name, "patient_lastname": lastname})
        headers = {"Authorization": f"Bearer {secret}"}
        return self.client.post("/api/v1/patients", body, content_type="application/json", headers=headers)

    def adoption(self, name, lastname):
        rows = writing.rows(plan(patients=[(name, lastname)]))
        for row in (*rows.patients, *rows.words, *rows.record_events):
            row.save(force_insert=True)

    def change_everywhere(self, stored):
        """Another column at each door that changes records, all others as its page has them."""
        self.client.force_login(self.rae)
        address = f"/desk/patients/{stored.uuid}/edit/"
        form = self.client.get(address).context["form"]
        values = {each: form[each].value() or "" for each in form.fields}
        assert self.client.post(address, values | {"note": "Comes by bus"}).status_code == 302
        self.client.force_login(self.max)
        address = f"/admin/scheduling/patient/{stored.uuid}/change/"
        form = self.client.get(address).context["adminform"].form
        values = {each: form[each].value() or "" for each in form.fields}
        assert self.client.post(address, values | {"email": "a@post.example"}).status_code == 302
        stored.refresh_from_db()
        assert (stored.note, stored.email) == ("Comes by bus", "a@post.example")


DOORS = ["desk", "office", "api", "adoption"]


@pytest.fixture
def doors(client, rae, max_):
    return Doors(client, rae, max_)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("name", "lastname", "stored_name", "stored_lastname", "typed"), NAMES)
def test_a_name_is_stored_clean_shown_and_found(
    doors, door, name, lastname, stored_name, stored_lastname, typed
):
    other = factories.PatientFactory(pk=5000, patient_name="रीमा", patient_lastname="Zzz")
    getattr(doors, door)(name, lastname)
    patient = Patient.objects.exclude(pk=other.pk).get()
    assert (patient.patient_name, patient.patient_lastname) == (stored_name, stored_lastname)
    for text in typed:
        assert [hit.uuid for hit in search(text, now=NOW).hits] == [patient.uuid], ascii(text)
        assert list(Patient.objects.named(text)) == [patient], ascii(text)
    assert search_words.wrong() == []
    assert suspects.like(patient, now=NOW) == []
    doors.client.force_login(doors.rae)
    page = doors.client.get(f"/desk/patients/{patient.uuid}/").content.decode()
    full_name = f"{stored_name} {stored_lastname}".strip()
    heading = page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0].strip()
    assert html.unescape(heading).startswith(full_name)
    assert doors.client.get("/desk/patients/").status_code == 200
    told = dict(zip(("patient_name", "patient_lastname"), (name, lastname), strict=True))
    kept = dict(zip(("patient_name", "patient_lastname"), (stored_name, stored_lastname), strict=True))
    if door == "adoption" and told != kept:
        event = RecordEvent.objects.get(subject_uuid=patient.uuid)
        assert event.before == {column: text for column, text in told.items() if text != kept[column]}


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
@pytest.mark.parametrize("door", ["desk", "office", "api"])
def test_a_name_that_nobody_sees_is_none(doors, door, text):
    answer = getattr(doors, door)(text, "Lima")
    assert not Patient.objects.exists()
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("door", DOORS)
def test_what_nobody_sees_counts_for_nothing(doors, door):
    getattr(doors, door)("x" * 255 + "\u200b", "\u2066" + "y" * 255)
    patient = Patient.objects.get()
    assert (patient.patient_name, patient.patient_lastname) == ("x" * 255, "y" * 255)


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
def test_an_old_name_that_nobody_sees_is_to_be_looked_at(doors, text):
    doors.adoption(text, "\u200b")
    patient = Patient.objects.get()
    assert (patient.patient_name, patient.patient_lastname, patient.needs_review) == ("", "", True)
    assert RecordEvent.objects.get().before == {"patient_name": text, "patient_lastname": "\u200b"}


@pytest.mark.parametrize("door", DOORS)
def test_who_is_stored_by_one_door_is_saved_again_unchanged_by_the_others(doors, door):
    for name, lastname, *_rest in NAMES:
        Patient.objects.all().delete()
        getattr(doors, door)(name, lastname)
        stored = Patient.objects.get()
        was = (stored.patient_name, stored.patient_lastname)
        doors.change_everywhere(stored)
        assert (stored.patient_name, stored.patient_lastname) == was


@pytest.mark.parametrize(("name", "lastname"), [("", "Lima"), ("", ""), ("\u200b", "Lima")])
def test_an_old_row_without_a_name_can_be_changed_otherwise(doors, name, lastname):
    doors.adoption(name, lastname)
    stored = Patient.objects.get()
    doors.change_everywhere(stored)
    assert (stored.patient_name, stored.patient_lastname) == ("", lastname)


def test_vowels_are_letters(doors):
    doors.adoption("राम", "")
    ram = Patient.objects.get()
    rima = factories.PatientFactory(patient_name="रीमा", patient_lastname="")
    assert suspects.like(rima, now=NOW) == suspects.like(ram, now=NOW) == []
    made = plan(visit(1, patient="राम"), visit(2, "2026-12-02 10:00:00", patient="रीमा"), patients=[])
    assert len({each.patient.id for each in made.visits}) == 2


def test_an_old_text_without_the_space_means_the_patient_on_record():
    texts = ("王伟", "王 伟", "伟 王", "王, 伟", "王，伟", "王、伟")
    visits = [visit(n, f"2026-12-0{n} 10:00:00", patient=text) for n, text in enumerate(texts, 1)]
    made = plan(*visits, patients=[("伟", "王")])
    assert {each.patient.id for each in made.visits} == {1}


@pytest.mark.parametrize("text", ["علي، أحمد", "علي, أحمد", "علي ,احمد"])
def test_an_old_text_with_the_comma_of_its_script_is_turned(text):
    made = plan(visit(1, patient=text), patients=[("أحمد", "علي")])
    assert made.visits[0].patient.id == 1
    alone = plan(visit(1, patient=text), patients=[]).visits[0].patient
    assert (alone.patient_name, alone.patient_lastname) == (text.split()[1].strip(","), "علي")


def test_a_birth_year_alone_finds(db, ana):
    ana.date_of_birth = date(1984, 6, 12)
    ana.save()
    search_words.write([ana])
    assert [hit.uuid for hit in search("1984", now=NOW).hits] == [ana.uuid]
    assert search("1985", now=NOW).hits == []


def test_people_of_one_name_stand_in_the_register_by_it(db):
    for name, lastname in (("Pelé", ""), ("Ana", "Ruiz"), ("Eva", "Otero")):
        factories.PatientFactory(patient_name=name, patient_lastname=lastname)
    names = [str(patient) for patient in Patient.objects.order_by("sort_key")]
    assert names == ["Eva Otero", "Pelé", "Ana Ruiz"]


@pytest.mark.parametrize("kind", ["specialty", "doctor", "visittype", "user"])
def test_every_name_of_the_back_office_is_clean(doors, cardiology, kind):
    doors.client.force_login(doors.max)
    app, column, more = {
        "specialty": ("scheduling", "specialty_name", {}),
        "doctor": ("scheduling", "doctor_name", {"email": "new@clinic.example", "overbook_limit": "1"}),
        "visittype": ("scheduling", "name", {"minutes": "30", "buffer_minutes": "0"}),
        "user": ("accounts", "first_name", {"username": "rae", "password": "x"}),
    }[kind]
    more |= {"specialty": str(cardiology.uuid)} if kind == "doctor" else {}
    model = apps.get_model(app, kind)
    if kind == "user":
        doors.max.is_superuser = True
        doors.max.save()
        token = doors.client.get("/admin/accounts/user/", {"q": "rae"}).content.decode()
        address = token.split('<th class="field-username"><a href="')[1].split('"')[0]
    else:
        address = f"/admin/{app}/{kind}/add/"
    page = doors.client.get(address, follow=True)
    form = page.context["adminform"].form
    joined = {each: value for each in form.fields if isinstance(value := form[each].value(), str)}
    answer = doors.client.post(
        address, joined | more | {column: "\u200bFoot\u202e  care\x1b", "is_active": "on"}
    )
    assert answer.status_code == 302
    assert model.objects.filter(**{column: "Foot care"}).count() == 1
    if kind != "user":
        assert doors.client.post(address, joined | more | {column: "\u200b"}).status_code == 200


def test_reasons_keep_their_lines_and_nothing_unseen(doors, osei, ana, checkup, program_headers):
    body = {
        "uuid": str(uuid4()),
        "doctor_uuid": str(osei.uuid),
        "patient_uuid": str(ana.uuid),
        "visit_type_uuid": str(checkup.uuid),
        "appointment_datetime": "2026-03-03T10:00:00+01:00",
        "description": "Knee\r\n\tleft\u202e\x07",
    }
    answer = doors.client.post(
        "/api/v1/appointments", json.dumps(body), content_type="application/json", headers=program_headers
    )
    assert answer.status_code == 201
    assert Appointment.objects.get().description == "Knee\n\tleft"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("W\u200beb\u202esite", "Website"),
        ("می\u200cخواه", "می\u200cخواه"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
    ],
)
def test_the_name_of_a_key_is_clean(db, typed, stored):
    call_command("create_api_key", typed, scope="read", stdout=StringIO())
    assert ApiKey.objects.get().name == stored


def test_old_texts_that_are_kept_to_the_letter_turn_no_line_around(doors, osei, ana):
    odd = "\u202eana\u200b \x1bsouza"
    old = booked(osei, ana, factories.VisitTypeFactory(), "2026-03-03 12:00")
    Appointment.objects.filter(pk=old.pk).update(original_patient_name=odd)
    kinds = ((Flag.Kind.UNKNOWN_STATUS, {"appointment": old}), (Flag.Kind.NAME_NOT_SPLIT, {"patient": ana}))
    flags = [Flag.objects.create(kind=kind, created_at=NOW, detail=odd, **about) for kind, about in kinds]
    old.events.update(before={"patient_name": odd})
    doors.client.force_login(doors.max)
    addresses = [
        f"/desk/appointments/{old.uuid}/",
        f"/desk/patients/{ana.uuid}/",
        "/desk/attention/",
        f"/admin/scheduling/appointment/{old.uuid}/change/",
        "/admin/scheduling/flag/",
        f"/admin/scheduling/flag/{identity_of(flags[0])}/change/",
    ]
    for address in addresses:
        page = doors.client.get(address).content.decode()
        assert "ana souza" in page, address
        assert not {"\u202e", "\u200b", "\x1b"} & set(page), address


def test_an_old_e_mail_is_clean(db):
    rows = writing.rows(plan(email="\u202aos\u200bei@clinic.example\u202c"))
    assert rows.doctors[0].email == "osei@clinic.example"
    assert [flag for flag in rows.flags if flag.kind == "bad_email"] == []
    told = [event.before for event in rows.record_events if event.subject == "doctor"]
    assert {"email": "\u202aos\u200bei@clinic.example\u202c"} in told


@pytest.fixture
def program_headers(db):
    _key, secret = api_keys.issue("Website", Scope.BOOK, expires_at=None, now=NOW)
    return {"Authorization": f"Bearer {secret}"}
