"""Who did it: every change of a patient, a doctor or hours leaves who, when, from and to."""

from datetime import date, time
from uuid import uuid4

import pytest
from django.urls import reverse

from scheduling.booking import actions, attention, doctors, hours, merging, patients
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.seen import Seen
from scheduling.models import ActorKind, AppointmentEvent, Flag, RecordEvent, Source
from scheduling.times.intervals import Interval
from scheduling.times.weeks import Weekly
from tests import factories
from tests.conftest import NOW, madrid
from tests.weeks import week_of

Kind = RecordEvent.Kind
pytestmark = pytest.mark.django_db(transaction=True)


def told():
    """All that is told: subject, what, what kind of actor, who, when, from, to."""
    rows = RecordEvent.objects.order_by("pk")
    return [(e.subject, e.subject_uuid, e.kind, e.actor, e.by, e.at, e.before, e.after) for e in rows]


def test_a_new_patient(rae):
    new = NewPatient(patient_name="Eva", patient_lastname="Sanz")
    eva = patients.record(new, by=rae, now=NOW)
    ((*event, after),) = told()
    assert event == ["patient", eva.uuid, Kind.RECORDED, ActorKind.PERSON, rae, NOW, {}]
    assert after == {
        "patient_name": "Eva",
        "patient_lastname": "Sanz",
        "wants_reminders": True,
        "is_active": True,
        "needs_review": False,
    }
    assert RecordEvent.objects.get().version == 1


def test_a_change_of_a_patient_asked_for_twice_is_told_once(ana, rae):
    seen, was = Seen.of(ana), str(ana.phone)
    for _time in range(2):
        patients.change(seen, {"phone": "+34600555999", "note": ana.note}, by=rae, now=NOW)
    expected = ({"phone": was}, {"phone": "+34600555999"})
    assert told() == [("patient", ana.uuid, Kind.CHANGED, ActorKind.PERSON, rae, NOW, *expected)]
    assert RecordEvent.objects.get().version == ana.version + 1


@pytest.mark.parametrize(("to", "kind"), [(False, Kind.SWITCHED_OFF), (True, Kind.SWITCHED_ON)])
def test_switching_a_patient(ana, rae, to, kind):
    ana.is_active = not to
    patients.save(ana)
    patients.change(Seen.of(ana), {"is_active": to}, by=rae, now=NOW)
    expected = ({"is_active": not to}, {"is_active": to})
    assert told() == [("patient", ana.uuid, kind, ActorKind.PERSON, rae, NOW, *expected)]


def test_a_name_that_is_confirmed_and_doubted_again(ana, rae):
    ana.needs_review = True
    patients.save(ana)
    flag = Flag.objects.create(kind=Flag.Kind.NAME_NOT_SPLIT, patient=ana, created_at=NOW)
    assert patients.confirm([ana.uuid], by=rae, now=NOW) == 1
    assert patients.confirm([ana.uuid], by=rae, now=NOW) == 0
    later = madrid("2026-03-02 11:00")
    flag.refresh_from_db()
    assert attention.take_back(resolved_at=flag.resolved_at, by=rae, now=later) == 1
    yes, no = {"needs_review": True}, {"needs_review": False}
    assert told() == [
        ("patient", ana.uuid, Kind.CONFIRMED, ActorKind.PERSON, rae, NOW, yes, no),
        ("patient", ana.uuid, Kind.DOUBTED, ActorKind.PERSON, rae, later, no, yes),
    ]


def test_two_records_made_one_and_two_again(ana, rae, max_):
    twin = factories.PatientFactory(patient_name="Anna")
    row = merging.merge(Seen.of(ana), Seen.of(twin), {"note": "Twice"}, by=rae, now=NOW)
    merging.unmerge(row.uuid, by=max_, now=NOW)
    kept, gone = str(ana.uuid), str(twin.uuid)
    assert told() == [
        ("patient", twin.uuid, Kind.MERGED, "person", rae, NOW, {}, {"kept": kept}),
        ("patient", ana.uuid, Kind.MERGED, "person", rae, NOW, {"note": ""}, {"note": "Twice", "gone": gone}),
        ("patient", twin.uuid, Kind.SEPARATED, "person", max_, NOW, {}, {"kept": kept}),
        (
            "patient",
            ana.uuid,
            Kind.SEPARATED,
            "person",
            max_,
            NOW,
            {"note": "Twice"},
            {"note": "", "gone": gone},
        ),
    ]


def test_two_who_are_told_apart(ana, rae):
    twin = factories.PatientFactory()
    for _time in range(2):
        patients.tell_apart(ana, twin, by=rae, now=NOW)
    assert told() == [
        ("patient", ana.uuid, Kind.TOLD_APART, "person", rae, NOW, {}, {"from": str(twin.uuid)}),
        ("patient", twin.uuid, Kind.TOLD_APART, "person", rae, NOW, {}, {"from": str(ana.uuid)}),
    ]


def test_a_doctor_of_a_program(osei):
    program = factories.UserFactory(is_program=True)
    made = doctors.record_once(
        uuid4(),
        doctor_name="Dr Vega",
        email="vega@clinic.example",
        specialty=osei.specialty,
        fingerprint="f" * 64,
        by=program,
        now=NOW,
    )
    ((*event, after),) = told()
    assert event == ["doctor", made.row.uuid, Kind.RECORDED, ActorKind.PROGRAM, program, NOW, {}]
    assert (after["doctor_name"], after["specialty"]) == ("Dr Vega", str(osei.specialty.uuid))
    assert RecordEvent.objects.get().channel == Source.API


def test_a_doctor_who_is_switched_on_is_told_once(osei, max_):
    osei.is_active = False
    osei.save()
    for _time in range(2):
        assert doctors.switch_on(osei.uuid, by=max_, now=NOW).is_active
    expected = ({"is_active": False}, {"is_active": True})
    assert told() == [("doctor", osei.uuid, Kind.SWITCHED_ON, "person", max_, NOW, *expected)]


def test_a_week(osei, max_):
    before = [hours_row(row) for row in week_of(osei)]
    week, first = [Weekly(1, time(9), time(12))], date(2026, 3, 9)
    for _time in range(2):
        hours.change_week(osei, week, first=first, by=max_, now=NOW)
    hours.change_week(osei, [], first=first, by=max_, now=NOW, dry_run=True)
    ((*event, was, became),) = told()
    assert event == ["doctor", osei.uuid, Kind.WEEK_CHANGED, ActorKind.PERSON, max_, NOW]
    after = [hours_row(row) for row in week_of(osei)]
    by_text = {"key": str}
    assert sorted(was["week"], **by_text) == sorted((row for row in before if row not in after), **by_text)
    assert sorted(became["week"], **by_text) == sorted((row for row in after if row not in before), **by_text)
    assert {
        "weekday": 1,
        "starts": "09:00",
        "ends": "12:00",
        "valid_from": "2026-03-09",
        "valid_until": None,
    } in (became["week"])


def hours_row(row):
    def day(on):
        return on and on.isoformat()

    return {
        "weekday": row.weekday,
        "starts": f"{row.starts:%H:%M}",
        "ends": f"{row.ends:%H:%M}",
        "valid_from": day(row.valid_from),
        "valid_until": day(row.valid_until),
    }


def test_time_off_of_the_clinic_and_extra_hours_of_a_doctor(osei, max_):
    span, off, extra = Interval(madrid("2026-03-03 09:00"), madrid("2026-03-03 11:00")), uuid4(), uuid4()
    for _time in range(2):
        hours.add_time_off(None, span, reason="Flood", by=max_, now=NOW, uuid=off)
        hours.add_extra_hours(osei, span, by=None, now=NOW, uuid=extra)
    for _time in range(2):
        hours.remove_time_off(off, by=max_, now=NOW)
        hours.remove_extra_hours(extra, by=None, now=NOW)
    when = {"start": "2026-03-03T08:00:00+00:00", "end": "2026-03-03T10:00:00+00:00"}
    flood, session = {"uuid": str(off), **when, "reason": "Flood"}, {"uuid": str(extra), **when}
    assert told() == [
        ("clinic", None, Kind.TIME_OFF_ADDED, ActorKind.PERSON, max_, NOW, {}, flood),
        ("doctor", osei.uuid, Kind.EXTRA_HOURS_ADDED, ActorKind.CLOCK, None, NOW, {}, session),
        ("clinic", None, Kind.TIME_OFF_REMOVED, ActorKind.PERSON, max_, NOW, flood, {}),
        ("doctor", osei.uuid, Kind.EXTRA_HOURS_REMOVED, ActorKind.CLOCK, None, NOW, session, {}),
    ]
    assert RecordEvent.objects.first().reason == "Flood"


@pytest.mark.parametrize(
    ("channel", "actor"),
    [(Source.PATIENT, ActorKind.PATIENT), (Source.API, ActorKind.PROGRAM), (Source.DESK, ActorKind.CLOCK)],
)
def test_without_an_account_the_door_says_who(channel, actor):
    patients.record(NewPatient(patient_name="A", patient_lastname="B"), by=None, now=NOW, channel=channel)
    assert RecordEvent.objects.get().actor == actor


class TestTheBackOffice:
    @pytest.fixture
    def owner(self, client):
        owner = factories.UserFactory(is_superuser=True, is_staff=True)
        client.force_login(owner)
        return owner

    def test_a_specialty_added_switched_off_and_deleted(self, owner, client):
        client.post(
            reverse("admin:scheduling_specialty_add"), {"specialty_name": "Oncology", "is_active": "on"}
        )
        uuid = RecordEvent.objects.get().subject_uuid
        address = reverse("admin:scheduling_specialty_change", args=[uuid])
        client.post(address, {"specialty_name": "Oncology"})
        client.post(reverse("admin:scheduling_specialty_delete", args=[uuid]), {"post": "yes"})
        rows = [
            (subject, of, kind, by, before, after) for subject, of, kind, _, by, _, before, after in told()
        ]
        stored = {"specialty_name": "Oncology", "is_active": True}
        on, off = {"is_active": True}, {"is_active": False}
        assert rows == [
            ("specialty", uuid, Kind.RECORDED, owner, {}, stored),
            ("specialty", uuid, Kind.SWITCHED_OFF, owner, on, off),
            ("specialty", uuid, Kind.DELETED, owner, stored | off, {}),
        ]

    def test_a_doctor_whose_name_is_changed(self, owner, client, osei):
        form = {
            "doctor_name": "Dr Osei-Mensah",
            "email": osei.email,
            "specialty": osei.specialty.uuid,
            "user": "",
            "is_active": "on",
            "overbook_limit": osei.overbook_limit,
        }
        client.post(reverse("admin:scheduling_doctor_change", args=[osei.uuid]), form)
        ((*_event, was, became),) = told()
        assert (RecordEvent.objects.get().by, was, became) == (
            owner,
            {"doctor_name": osei.doctor_name},
            {"doctor_name": "Dr Osei-Mensah"},
        )


def test_an_appointments_event_says_the_kind_of_actor_too(osei, ana, checkup, rae):
    asked = Proposal(
        uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=madrid("2026-03-03 10:00")
    )
    visit = actions.book(asked, by=rae, now=NOW)
    actions.cancel(
        Seen.of(visit), reason="Ill", wish=actions.Wish.PATIENT, by=None, now=NOW, channel=Source.API
    )
    events = AppointmentEvent.objects.filter(appointment=visit)
    assert [(event.kind, event.actor, event.by) for event in events] == [
        ("booked", ActorKind.PERSON, rae),
        ("cancelled", ActorKind.PROGRAM, None),
    ]
