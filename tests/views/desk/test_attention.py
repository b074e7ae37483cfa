"""What a person must look at: its lists, each with what resolves it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking import hours
from scheduling.identity import identity_of
from scheduling.models import Appointment, Flag, Patient, Status
from tests import factories
from tests.conftest import NOW, madrid
from tests.views.desk.conftest import UNKNOWN
from tests.views.desk.pages import text_of

PAGE = "/desk/attention/"
FLAGS = f"{PAGE}?group=flags"


def group(response, key):
    return next(one for one in response.context["groups"] if one.group.key == key)


def listed(response, key):
    return list(group(response, key).rows)


@pytest.fixture
def visit_at(osei, ana, db):
    def make(at):
        return Appointment.objects.create(
            doctor=osei,
            patient=ana,
            appointment_datetime=madrid(at),
            minutes=30,
            created_at=NOW,
            updated_at=NOW,
        )

    return make


def test_coming_visits_stand_first_then_people_then_the_past(desk, visit_at, osei, ben):
    for number, about in enumerate(
        (
            {"appointment": visit_at("2025-01-01 10:00")},
            {"doctor": osei},
            {"appointment": visit_at("2026-03-05 10:00")},
            {"patient": ben},
            {"appointment": visit_at("2025-06-01 10:00")},
            {"appointment": visit_at("2026-03-04 10:00")},
        )
    ):
        Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, detail=f"n{number}", created_at=NOW, **about)
    flags = listed(desk.get(PAGE), "flags")
    assert [flag.detail for _token, flag in flags] == ["n5", "n2", "n1", "n3", "n4", "n0"]


def test_a_doubt_tells_what_whom_and_the_original_text(desk, visit_at):
    visit = visit_at("2026-03-04 10:00")
    Flag.objects.create(
        kind=Flag.Kind.UNKNOWN_STATUS, appointment=visit, detail="<b>reprogr.</b>", created_at=NOW
    )
    response = desk.get(PAGE)
    text = text_of(response, "main")
    assert "3 things that a person must look at." not in text
    assert "Doubts from the old book 1" in text
    assert "Unknown status" in text
    assert "Ana Souza Prieto with Dr Ama Osei, Wednesday 4 March 2026, 10:00" in text
    assert "<b>reprogr.</b>" in text  # as text
    assert f"/desk/appointments/{visit.uuid}/" in response.content.decode()


def test_all_get_the_way_to_a_patients_record_and_a_manager_to_a_doctors(desk, max_, osei, ben):
    Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, patient=ben, created_at=NOW)
    Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, doctor=osei, created_at=NOW)
    assert f"/desk/patients/{ben.uuid}/" in desk.get(PAGE).content.decode()
    assert "/admin/" not in desk.get(PAGE).content.decode()
    desk.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get(PAGE).content.decode()
    address = f"/admin/scheduling/doctor/{osei.uuid}/change/"
    assert address in page
    assert desk.get(address).status_code == 200


def test_what_was_resolved_is_gone(desk, ben):
    Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, patient=ben, created_at=NOW, resolved_at=NOW)
    assert "Nothing to look at" in desk.get(PAGE).content.decode()


@pytest.fixture
def stranded(osei, ana, ben, book):
    """Ana and Ben on Tuesday morning, in which Dr Osei is away after all."""
    visits = [book(osei, ana, "2026-03-03 10:00"), book(osei, ben, "2026-03-03 11:00")]
    morning = hours.Interval(madrid("2026-03-03 09:00"), madrid("2026-03-03 12:00"))
    hours.add_time_off(osei, morning, reason="Ill", by=None, now=NOW)
    return visits


def older(visit, days):
    Appointment.objects.filter(pk=visit.pk).update(created_at=NOW - timedelta(days=days))
    return visit


@pytest.mark.parametrize("count", [1, 50])
def test_the_lists_cost_a_fixed_number_of_queries(
    desk, visit_at, osei, lind, cardiology, django_assert_num_queries, count
):
    gone = factories.DoctorFactory(specialty=cardiology, is_active=False)
    rows = []
    for n in range(count):
        visit = older(visit_at(f"2026-03-04 {10 + n // 12}:{n % 12 * 5:02}"), 4)
        if n % 2:
            Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, created_at=NOW, appointment=visit)
        Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, created_at=NOW, patient=factories.PatientFactory())
        visit.pk, visit.uuid, visit.doctor = None, uuid4(), gone
        rows.append(visit)
    Appointment.objects.bulk_create(rows)
    desk.get(PAGE)
    # Session, person, roles. Outside: doctors, visits, hours, kept, names. Off: keys, visits. Pending and
    # doubts: count and rows of each. Messages and replies: counts. The header's count is known, but for what
    # changed: 3.
    for address in (PAGE, f"{PAGE}?group=outside"):
        with django_assert_num_queries(15):
            desk.get(address)


def test_fifty_are_on_a_page_and_ten_where_all_lists_are_shown(desk, ben):
    Flag.objects.bulk_create(
        Flag(kind=Flag.Kind.BAD_EMAIL, patient=ben, detail=str(n), created_at=NOW) for n in range(51)
    )
    first = desk.get(PAGE)
    assert len(listed(first, "flags")) == 10
    assert "Show all 51" in text_of(first, "main")
    assert len(listed(desk.get(FLAGS), "flags")) == 50
    second = desk.get(PAGE, {"group": "flags", "page": "2"})
    assert len(listed(second, "flags")) == 1
    assert "51 to 51 of 51" in text_of(second, "main")
    assert desk.get(PAGE, {"group": "flags", "page": "nonsense"}).status_code == 200
    assert desk.get(PAGE, {"group": "nonsense"}).status_code == 404


def test_many_doubts_are_settled_at_once_with_who_and_when_and_opened_again(desk, rae, visit_at, ana, ben):
    about = [{"appointment": visit_at("2026-03-04 10:00")}, {"patient": ana}, {"patient": ben}]
    flags = [Flag.objects.create(kind=Flag.Kind.NAME_NOT_SPLIT, created_at=NOW, **one) for one in about]
    type(ana).objects.update(needs_review=True)
    tokens = [identity_of(flag) for flag in flags[:2]]
    response = desk.post(f"{PAGE}resolve/", {"flag": [*tokens, "k" + "0" * 24, "nonsense\0"], "next": FLAGS})
    assert response.headers["Location"].startswith(f"{FLAGS}&done=2026-03-02T07")
    told = desk.get(response.headers["Location"])
    assert "2 are settled." in text_of(told, "main")
    resolved = Flag.objects.exclude(resolved_at=None)
    assert {(flag.pk, flag.resolved_by, flag.resolved_at) for flag in resolved} == {
        (flag.pk, rae, NOW) for flag in flags[:2]
    }
    ana.refresh_from_db(), ben.refresh_from_db()
    assert (ana.needs_review, ben.needs_review) == (False, True)
    desk.post(f"{PAGE}take-back/", {"at": told.context["done"]})
    assert Flag.objects.unresolved().count() == 3
    ana.refresh_from_db()
    assert ana.needs_review


def test_what_somebody_else_settled_is_not_mine_to_take_back(desk, max_, ben):
    Flag.objects.create(
        kind=Flag.Kind.BAD_EMAIL, patient=ben, created_at=NOW, resolved_at=NOW, resolved_by=max_
    )
    for at in (NOW.isoformat(), "", "x", "2026-03-02", "\0", "9999-12-31T23:59:59-12:00"):
        assert desk.post(f"{PAGE}take-back/", {"at": at}).status_code == 302
        assert desk.get(PAGE, {"done": at}).context["undone"] == 0
    assert Flag.objects.unresolved().count() == 0


def test_a_visit_outside_hours_is_kept_until_it_changes(desk, rae, stranded):
    shown = desk.get(PAGE)
    assert listed(shown, "outside") == stranded
    assert shown.context["total"] == 2
    response = desk.post(f"{PAGE}keep/", {"visit": f"{stranded[0].uuid}.1"})
    assert listed(desk.get(PAGE), "outside") == stranded[1:]
    assert "1 is settled." in text_of(desk.get(response.headers["Location"]), "main")
    # Changed, it is to be decided again.
    desk.post(f"/desk/appointments/{stranded[0].uuid}/status/", {"version": 1, "status": "arrived"})
    Appointment.objects.filter(pk=stranded[0].pk).update(version=2)
    assert listed(desk.get(PAGE), "outside") == stranded


def test_keeping_is_taken_back(desk, stranded):
    address = desk.post(f"{PAGE}keep/", {"visit": f"{stranded[0].uuid}.1"}).headers["Location"]
    desk.post(f"{PAGE}take-back/", {"at": desk.get(address).context["done"]})
    assert listed(desk.get(PAGE), "outside") == stranded
    assert Flag.objects.count() == 0


@pytest.mark.parametrize("sent", ["", "x", f"{UNKNOWN}.1", "stale", "\0"])
def test_what_was_changed_meanwhile_is_not_kept(desk, stranded, sent):
    text = f"{stranded[0].uuid}.7" if sent == "stale" else sent
    assert desk.post(f"{PAGE}keep/", {"visit": text}).status_code == 302
    assert Flag.objects.count() == 0


def test_pending_for_more_than_three_days_is_confirmed_in_place(desk, osei, ana, ben, book):
    late = older(book(osei, ana, "2026-03-05 10:00", status=Status.PENDING), 4)
    older(book(osei, ben, "2026-03-05 11:00", status=Status.PENDING), 2)
    older(book(osei, ben, "2026-03-05 12:00"), 9)
    shown = desk.get(PAGE)
    assert listed(shown, "pending") == [late]
    page = shown.content.decode()
    assert f'action="/desk/appointments/{late.uuid}/status/"' in page
    response = desk.post(
        f"/desk/appointments/{late.uuid}/status/", {"version": 1, "status": "confirmed", "next": PAGE}
    )
    assert response.headers["Location"] == PAGE
    assert listed(desk.get(PAGE), "pending") == []


def test_visits_of_whoever_was_switched_off_and_a_manager_switches_on_again(
    desk, max_, osei, lind, ana, ben, book
):
    one, other = book(lind, ana, "2026-03-05 10:00"), book(osei, ben, "2026-03-04 11:00")
    type(lind).objects.filter(pk=lind.pk).update(is_active=False)
    type(ben).objects.filter(pk=ben.pk).update(is_active=False)
    assert listed(desk.get(PAGE), "off") == [other, one]
    sent = [f"{PAGE}doctors/{lind.uuid}/switch-on/", f"{PAGE}patients/{ben.uuid}/switch-on/"]
    assert "Switch on" not in desk.get(PAGE).content.decode()
    assert [desk.post(address).status_code for address in sent] == [404, 404]
    desk.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    assert "Switch on" in desk.get(PAGE).content.decode()
    for address in (*sent, *sent):
        assert desk.post(address).status_code == 302
    assert listed(desk.get(PAGE), "off") == []
    for whose in ("doctors", "patients"):
        assert desk.post(f"{PAGE}{whose}/{UNKNOWN}/switch-on/").status_code == 404


def test_a_record_that_is_part_of_another_stays_switched_off(desk, max_, ana, ben):
    type(ben).objects.filter(pk=ben.pk).update(is_active=False, merged_into=ana)
    desk.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    assert desk.post(f"{PAGE}patients/{ben.uuid}/switch-on/").status_code == 404


def test_the_way_back_leads_nowhere_else(desk, stranded):
    data = {"visit": f"{stranded[0].uuid}.1", "next": "https://elsewhere.example/"}
    assert desk.post(f"{PAGE}keep/", data).headers["Location"].startswith(f"{PAGE}?done=")


@pytest.mark.parametrize("phones", [{"phone": "+34600555482", "second_phone": "+442079460958"}, {}])
def test_the_phones_to_call_stand_beside_the_name(desk, visit_at, ana, ben, phones):
    """Of visits and of doubts, of a visit's patient and of a patient's own."""
    Patient.objects.update(**{"phone": "", "second_phone": ""} | phones)
    visit_at("2026-03-08 10:00")  # a Sunday
    for about in ({"appointment": visit_at("2026-03-04 10:00")}, {"patient": ben}):
        Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, detail="", created_at=NOW, **about)
    page = desk.get(PAGE).content.decode()
    links = re.findall(r'href="tel:([^"]+)">([^<]+)</a>', page)
    assert links == [("+34600555482", "600 55 54 82"), ("+442079460958", "+44 20 7946 0958")] * 3 * bool(
        phones
    )
    assert page.count("no phone on record") == (0 if phones else 3)
