"""A walk over the whole site, on every database: each page opened, each form sent, by somebody who may.

What pages say is tested beside them, on one database. A named page that is not in the walk fails it.
"""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import override_settings

from accounts.models import User
from scheduling.identity import identity_of
from scheduling.models import (
    Appointment,
    Claim,
    ExtraHours,
    Flag,
    Notice,
    OpeningTries,
    Patient,
    PatientMerge,
    Status,
    TimeOff,
    WorkingHours,
)
from scheduling.notices import opening, replies
from scheduling.notices.unsubscribing import token_of
from scheduling.times import weeks
from tests import bad_rows, crowd, factories
from tests.conftest import NOW, madrid
from tests.messages import notice
from tests.messages import sent as sent_before
from tests.notices.incoming.sent import sent
from tests.views.desk.pages import typed_in
from tests.views.walk_of_series import series
from tests.views.walk_of_the_back_office import PASSWORD, back_office, calendars
from tests.views.walking import Walk, named
from tests.weeks import week_of

TODAY, TUESDAY, MONDAY = "2026-03-02", "2026-03-03", "2026-03-09"


@pytest.fixture
def clinic(db, osei, lind, ana, ben, checkup, max_, rae):
    """The cast within a crowd, and something for every page to show."""
    with time_machine.travel(NOW, tick=False):
        crowd.fill(NOW.date(), now=NOW, doctors=5, visits=60)
        yield


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_walk_over_every_page(clinic, osei, lind, ana, ben, checkup, max_, rae):
    everywhere(Walk(), osei, lind, ana, ben, checkup, max_, rae)


def test_a_walk_over_every_page_beside_rows_at_the_ends_of_the_calendar(
    clinic, osei, lind, ana, ben, checkup, max_, rae
):
    bad_rows.plant(osei, ana)
    everywhere(Walk(), osei, lind, ana, ben, checkup, max_, rae)


def everywhere(walk, osei, lind, ana, ben, checkup, max_, rae):
    strangers(walk, rae)
    walk.sign_in(max_)
    own_account(walk)
    visit = booking(walk, osei, ana, ben, checkup)
    series(walk, osei, ben, checkup)
    what_is_told(walk, visit, max_)
    steps_of_a_visit(walk, osei, lind, visit)
    boards(walk, osei)
    absence(walk, osei, ben, visit)
    hours_of_a_doctor(walk, osei)
    records(walk, ana)
    attention(walk, ana, lind, visit)
    back_office(walk, visit)
    calendars(walk, osei)
    walk.sign_in(rae)
    walk.send("sign-out")
    missing = set(named()) - walk.been
    assert missing == set()


def strangers(walk, rae):
    for name in ("alive", "ready", "sign-in", "session", "api:openapi-json", "api:openapi-view"):
        walk.open(name)
    walk.open("api:api-root", status=404)
    walk.open("metrics", status=404)
    walk.open("messages", status=302)  # for those who are signed in, where the program is worked on
    walk.send("sign-in", username="rae", password="wrong", stays=True)
    assert AccessAttempt.objects.get().username == "rae"
    assert walk.send("sign-in", username="rae", password="clinic-demo", next="/desk/").url == "/desk/"
    assert walk.client.session["_auth_user_id"] == str(rae.pk)
    assert not AccessAttempt.objects.exists()


def own_account(walk):
    walk.open("home", status=302)
    walk.open("account")
    walk.open("password")
    walk.send("stay", stays=True)
    walk.send("account", language="es", single_keys="on")
    walk.send("account", language="en", single_keys="on")
    walk.send("password", old_password="clinic-demo", new_password1=PASSWORD, new_password2=PASSWORD)
    assert User.objects.get(username="max").check_password(PASSWORD)


def booking(walk, osei, ana, ben, checkup):
    """Ana is booked, Zoë, who is new, and Ben beside Ana."""
    walk.open("desk:find", visit_type=checkup.uuid, **{"from": TUESDAY})
    walk.open("desk:book", doctor=osei.uuid, visit_type=checkup.uuid, day=TUESDAY, time="10:00")
    form = {
        "uuid": uuid4(),
        "q": "souza",
        "patient": ana.uuid,
        "visit_type": checkup.uuid,
        "doctor": osei.uuid,
        "day": TUESDAY,
        "time": "10:00",
        "status": "pending",
        "description": "Está mareada 🤕",
    }
    found = walk.ask("desk:book-patients", **form)
    assert "Souza Prieto" in found.content.decode()
    walk.ask("desk:book-fill", **form)
    walk.send("desk:book-summary", stays=True, **form)
    assert (
        walk.client.post(walk.at("desk:book-draft"), form | {"description": "Está mareada"}).status_code
        == 204
    )
    assert "Souza Prieto" in walk.open("desk:book").content.decode()
    walk.send("desk:book-draft-drop", form["uuid"])
    walk.send("desk:book", **form)
    visit = Appointment.objects.get(uuid=form["uuid"])
    assert (visit.patient, visit.description, visit.claims.count()) == (ana, "Está mareada 🤕", 6)
    walk.open("desk:booked", visit.uuid)
    new = {"patient": "new", "patient_name": "Zoë", "patient_lastname": "Ñandú", "time": "12:00"}
    walk.send("desk:book", **form | {"uuid": uuid4()} | new)
    assert Patient.objects.get(patient_lastname="Ñandú").appointments.count() == 1
    walk.send("desk:overbook", **form | {"uuid": uuid4(), "patient": ben.uuid, "overbook_reason": "Pain"})
    assert Claim.objects.filter(doctor=osei, lane=1, appointment__patient=ben).count() == 6
    return visit


def what_is_told(walk, visit, max_):
    """Messages about a visit of tomorrow: held back, sent after all, now and again; and the slip."""
    here = visit.uuid
    Patient.objects.filter(pk=visit.patient_id).update(email="ana@mail.example")
    with override_settings(NOTICE_CHANNELS=["email"]):
        told = sent_before(fresh(visit), version=0)
        due = notice(visit)
        assert (
            "Your appointment is agreed"
            in walk.open("desk:message", here, told.message.uuid).content.decode()
        )
        walk.send("desk:notice-hold", due.uuid, version=1)
        assert (fresh(due).why, fresh(due).settled_by) == (Notice.Why.HELD_BACK, max_)
        walk.send("desk:notice-release", due.uuid)
        assert (fresh(due).state, fresh(due).told) == (Notice.State.DUE, {})
        walk.send("desk:notice-now", due.uuid)
        assert fresh(due).due_at == NOW
        walk.send("desk:reminder-hold", here, 1)
        walk.send("desk:notice-again", here, copies=0)
        assert sorted(visit.notices.values_list("kind", "copy")) == [
            ("confirmed", 0),
            ("confirmed", 0),
            ("received", 1),
            ("reminder", 0),
        ]
        for name in ("desk:appointment", "desk:booked", "desk:slip"):
            walk.open(name, here)
        walk.open("desk:patient", visit.patient.uuid)
        walk.open("messages", status=404)


def steps_of_a_visit(walk, osei, lind, visit):
    here, at_noon = visit.uuid, f"{TUESDAY}T12:30+01:00"
    walk.open("desk:appointment", here)
    assert "Ana" in walk.open("desk:appointment-card", here).content.decode()
    walk.send("desk:status", here, version=1, status="confirmed")
    walk.send("desk:undo", here, version=2, to="pending")
    assert walk.open("desk:move", here, doctor=lind.uuid, start=at_noon).context["target"].doctor == lind
    walk.ask("desk:move-choose", here, choice=f"{lind.uuid}|{at_noon}", reason="Works late")
    walk.send("desk:move", here, version=3, doctor=lind.uuid, start=at_noon)
    moved = fresh(visit)
    assert (moved.doctor, moved.appointment_datetime) == (lind, madrid(f"{TUESDAY} 12:30"))
    assert {claim.doctor for claim in moved.claims.all()} == {lind}
    corrections(walk, moved)
    walk.open("desk:cancel", here)
    walk.send("desk:cancel", here, version=6, wish="patient", reason="Está enferma")
    assert (fresh(visit).status, visit.claims.count()) == (Status.CANCELLED, 0)
    walk.open("appointment-status", here)
    opened_by_the_patient(walk, visit)
    assert b"STATUS:CANCELLED" in walk.open("appointment-calendar-file", here).content
    assert "Está enferma" in walk.open("desk:appointment", here).content.decode()


def opened_by_the_patient(walk, visit):
    """By the link of a message, and by the date of birth."""
    here = visit.uuid
    Patient.objects.filter(pk=visit.patient_id).update(date_of_birth="1985-05-12")

    def is_open():
        return "Souza Prieto" in walk.open("appointment-status", here).content.decode()

    link = walk.at("appointment-open-link", here, opening.token_of(here, visit.patient.uuid))
    assert (walk.client.get(link).status_code, is_open()) == (302, True)
    walk.send("appointment-close", here)
    assert not is_open()
    walk.open("appointment-open", here)
    walk.send("appointment-open", here, stays=True, date_of_birth="1.1.1901")
    assert [count.tries for count in OpeningTries.objects.all()] == [1, 1]
    assert not is_open()
    walk.send("appointment-open", here, date_of_birth="12.5.1985")
    assert is_open()


def corrections(walk, visit):
    """Longer, with another reason, and back."""
    form = walk.open("desk:edit", visit.uuid).context["form"]
    typed = form.initial | {"minutes": "45", "description": "Está mareada, alergia", "q": "okafor"}
    assert "Okafor" in walk.ask("desk:edit-fill", visit.uuid, **typed, find="1").content.decode()
    walk.send("desk:edit", visit.uuid, **typed)
    assert (fresh(visit).minutes, visit.claims.count()) == (45, 9)
    assert "Está mareada, alergia" in walk.open("desk:appointment", visit.uuid).content.decode()
    walk.send("desk:undo-edit", visit.uuid, version=5)
    assert (fresh(visit).minutes, visit.claims.count()) == (30, 6)


def boards(walk, osei):
    for name in ("desk:day", "desk:day-sheet", "desk:day-changes"):
        assert "Dr Ama Osei" in walk.open(name, TODAY).content.decode()
    walk.send("desk:day-choose", TODAY, doctor=osei.uuid)
    walk.send("desk:day-choose-all", TODAY)
    assert "Dr Ama Osei" in walk.open("desk:columns").content.decode()
    walk.send("desk:columns", **{str(osei.uuid): "2"})
    walk.send("desk:columns-usual")
    walk.open("desk:today", status=302)
    walk.open("desk:week-go", status=302, doctor=osei.uuid, date=TODAY)
    for name in ("desk:week", "desk:week-changes"):
        walk.open(name, osei.uuid, date(2026, 3, 2))
    walk.open("desk:month-go", status=302, date=TODAY)
    walk.open("desk:month", date(2026, 3, 1))
    for name in ("desk:waiting", "desk:waiting-changes", "desk:keys"):
        walk.open(name)


def absence(walk, osei, ben, visit):
    """Ben's visit beside Ana's, of Dr Osei's, who is away."""
    walk.open("desk:absence")
    bens = Appointment.objects.get(doctor=osei, patient=ben, series=None)
    page = walk.open("desk:absence", doctor=osei.uuid, first=TUESDAY, last=TUESDAY)
    plan = typed_in(page, form="plan") | {"visit": f"{bens.uuid}.1", f"way-{bens.uuid}": "cancel"}
    shown = walk.ask("desk:absence-preview", **plan)
    assert shown.context["cancelled"] == 1
    walk.send("desk:absence-told", **plan, told=f"{bens.uuid}.0.no_answer")
    walk.send("desk:absence-apply", **plan | {"token": shown.context["token"], "reason": "Está enferma"})
    assert (fresh(bens).status, bens.claims.count()) == (Status.CANCELLED, 0)
    assert list(bens.calls.values_list("outcome", flat=True)) == ["no_answer", "to_call"]


def hours_of_a_doctor(walk, osei):
    for name, args in (
        ("hours-of-all", ()),
        ("closure", ()),
        ("hours", (osei.uuid,)),
        ("time-off", (osei.uuid,)),
    ):
        walk.open(f"desk:{name}", *args)
    walk.open("desk:extra-hours", osei.uuid)
    week = {
        "first": MONDAY,
        "last": "",
        "seen": weeks.token(week_of(osei)),
        "from-0": "10:00",
        "to-0": "16:00",
    }
    walk.ask("desk:hours-fill", osei.uuid, **week)
    walk.ask("desk:hours-add-session", osei.uuid, 1, **week)
    walk.ask("desk:hours-drop-session", osei.uuid, 0, 0, **week)
    agreed = typed_in(walk.ask("desk:hours-check", osei.uuid, **week), form="week")["agreed"]
    walk.send("desk:hours-save", osei.uuid, agreed=agreed, **week)
    assert [row.weekday for row in WorkingHours.objects.filter(doctor=osei, valid_from=MONDAY)] == [0]
    off = {"first": "2026-03-16", "last": "2026-03-20", "starts": "", "ends": ""}
    walk.send("desk:time-off", osei.uuid, uuid=uuid4(), reason="Congreso", **off)
    walk.send("desk:closure", uuid=uuid4(), reason="Año nuevo", **off | {"first": "2027-01-01", "last": ""})
    extra = {"first": "2026-03-14", "last": "", "starts": "9:00", "ends": "13:00"}
    walk.send("desk:extra-hours", osei.uuid, uuid=uuid4(), **extra)
    walk.open("desk:hours", osei.uuid)
    added = TimeOff.objects.filter(doctor=osei, reason="Congreso")
    walk.send("desk:time-off-remove", added.get().uuid)
    block = {"first": "2026-03-16", "starts": "12:00", "ends": "13:00", "reason": "Comida con el laboratorio"}
    walk.open("desk:block-add", doctor=osei.uuid)
    walk.send("desk:block-add", doctor=osei.uuid, uuid=uuid4(), **block)
    blocked = TimeOff.objects.get(is_block=True)
    walk.open("desk:block", blocked.uuid)
    walk.send("desk:block-remove", blocked.uuid)
    session = ExtraHours.objects.get(doctor=osei, starts_at=madrid("2026-03-14 09:00"))
    walk.send("desk:extra-hours-remove", session.uuid)
    assert not added.exists()


def records(walk, ana):
    walk.open("desk:patients")
    walk.open("desk:patients", letter="S")
    assert "Souza Prieto" in walk.ask("desk:patients", q="prieto").content.decode()
    assert "Souza Prieto" in walk.send("desk:patients-hits", stays=True, q="prieto").content.decode()
    walk.open("desk:patient-new")
    walk.ask("desk:patient-new-fill", q="Íñigo de la Peña")
    walk.send("desk:patient-new", patient_name="Íñigo", patient_lastname="de la Peña", phone="600 555 482")
    inigo = Patient.objects.get(patient_lastname="de la Peña")
    walk.open("desk:patient", inigo.uuid)
    walk.ask("desk:patient-edit-fill", inigo.uuid, patient_name="Íñigo", second_phone="910 555 010")
    edited = typed_in(walk.open("desk:patient-edit", inigo.uuid)) | {"patient_lastname": "Peña Ruiz"}
    walk.send("desk:patient-edit", inigo.uuid, **edited)
    assert fresh(inigo).patient_lastname == "Peña Ruiz"
    walk.send("desk:patient-confirm", inigo.uuid)
    twin = factories.PatientFactory(patient_name="Ana", patient_lastname="Souza Prieto")
    walk.open("desk:patient-duplicates")
    choices = typed_in(walk.open("desk:patient-merge", ana.uuid, twin.uuid))
    walk.ask("desk:patient-merge-preview", ana.uuid, twin.uuid, **choices)
    walk.send("desk:patient-merge", ana.uuid, twin.uuid, **choices)
    assert fresh(twin).merged_into == ana
    walk.send("desk:patient-unmerge", PatientMerge.objects.get().uuid)
    assert fresh(twin).merged_into is None
    walk.send("desk:patient-apart", ana.uuid, twin.uuid)
    token = token_of(ana.uuid)
    walk.open("unsubscribe", token)
    walk.send("unsubscribe", token, stays=True)
    assert not fresh(ana).wants_reminders


def attention(walk, ana, lind, visit):
    flag = Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, created_at=NOW, patient=ana, detail="¿ana@?")
    lind.is_active = False
    lind.save()
    Appointment.objects.filter(status=Status.PENDING).update(created_at=NOW - timedelta(days=9))
    assert walk.open("desk:attention").context["total"] > 1
    for group in ("untold", "replies", "outside", "off", "pending", "flags"):
        walk.open("desk:attention", group=group)
    walk.send("desk:attention-keep", visit=f"{visit.uuid}.{fresh(visit).version}")
    walk.send("desk:attention-resolve", flag=identity_of(flag))
    assert fresh(flag).resolved_at == NOW
    walk.send("desk:attention-take-back", at=NOW.isoformat())
    assert fresh(flag).resolved_at is None
    walk.send("desk:attention-switch-doctor-on", lind.uuid)
    assert fresh(lind).is_active
    Patient.objects.filter(pk=ana.pk).update(is_active=False)
    walk.send("desk:attention-switch-patient-on", ana.uuid)
    assert fresh(ana).is_active
    messages(walk, visit)


def messages(walk, visit):
    """One that came back, and what Ana wrote about it."""
    coming = Appointment.objects.filter(appointment_datetime__gte=NOW, status=Status.CONFIRMED)[0]
    (notice,) = sent(coming, state=Notice.State.FAILED, why=Notice.Why.BOUNCED, told={})
    reply = replies.take("msg_1", sender="anonymous", text="¿Y si no? 🤕", at=NOW, now=NOW)
    assert "¿Y si no? 🤕" in walk.open("desk:attention").content.decode()
    walk.send("desk:attention-told", visit=f"{notice.uuid}.{coming.version}")
    walk.send("desk:attention-take-back", at=NOW.isoformat())
    walk.send("desk:attention-again", notice.uuid)
    assert fresh(notice).state == Notice.State.DUE
    walk.send("desk:attention-dealt-with", reply.uuid)
    assert fresh(reply).settled_at == NOW
