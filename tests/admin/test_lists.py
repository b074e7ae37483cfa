"""Searching, filtering, and the number of queries behind each list."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import api_keys
from accounts.models import ApiKey, Scope
from scheduling.models import Appointment, Flag, Patient, VisitType
from tests import factories
from tests.admin.conftest import booked, doubt
from tests.conftest import in_role, madrid


def rows(response):
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def a_row_of(model, number, osei, now):
    if model == "specialty":
        factories.SpecialtyFactory()
    elif model == "doctor":
        factories.DoctorFactory(user=factories.UserFactory())
    elif model == "visittype":
        factories.VisitTypeFactory()
    elif model == "user":
        in_role(factories.UserFactory(), "receptionist", "doctor")
    elif model == "apikey":
        count = ApiKey.objects.count()
        key, _ = api_keys.issue(f"Program {count}", Scope.BOOK, expires_at=None, now=now)
        if number % 2:
            api_keys.revoke(key, now=now)
    else:
        patient = factories.PatientFactory()
        if model == "patient":
            return
        visit = Appointment.objects.create(
            doctor=factories.DoctorFactory(),
            patient=patient,
            visit_type=factories.VisitTypeFactory(),
            appointment_datetime=now + timedelta(days=number),
            minutes=30,
            created_at=now,
            updated_at=now,
        )
        if model == "flag":
            doubt((visit, patient, visit.doctor)[number % 3], resolved_by=factories.UserFactory())


@pytest.mark.parametrize(
    "model", ["appointment", "doctor", "flag", "patient", "specialty", "visittype", "user", "apikey"]
)
def test_a_list_asks_as_often_for_fifty_rows_as_for_one(root, model, osei, now):
    page = f"/admin/{'accounts' if model in {'user', 'apikey'} else 'scheduling'}/{model}/"
    counts = []
    for more in (3, 50):
        for number in range(more):
            a_row_of(model, number, osei, now)
        root.get(page)  # content types and such are read once per process
        with CaptureQueriesContext(connection) as asked:
            assert len(rows(root.get(page))) >= more
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


@pytest.mark.parametrize("typed", ["prieto ana", "ANA SOUZA", "sóuzä", "+34600555001", "@example", "  ana  "])
def test_a_patient_is_found_by_any_part_of_the_name_by_phone_and_by_mail(office, ana, ben, typed):
    ana.phone, ana.email = "+34600555001", "ana@example.com"
    ana.save()
    assert rows(office.get("/admin/scheduling/patient/", {"q": typed})) == [ana]


def test_a_patient_is_found_by_identity(office, ana, ben):
    assert rows(office.get("/admin/scheduling/patient/", {"q": str(ben.uuid)})) == [ben]
    assert rows(office.get("/admin/scheduling/patient/", {"q": "nobody such"})) == []


def test_patients_to_be_reviewed_can_be_picked_out(office, ana, ben):
    Patient.objects.filter(pk=ben.pk).update(needs_review=True)
    response = office.get("/admin/scheduling/patient/", {"needs_review__exact": "1"})
    assert rows(response) == [ben]
    assert "To be reviewed" in response.content.decode()


def test_doctors_are_picked_by_specialty_and_by_name(office, osei, lind):
    eyes = factories.DoctorFactory(doctor_name="Dr Noor", specialty__specialty_name="Eyes")
    page = "/admin/scheduling/doctor/"
    assert rows(office.get(page, {"specialty": str(eyes.specialty.uuid)})) == [eyes]
    assert rows(office.get(page, {"specialty": "nonsense"})) == []
    assert rows(office.get(page, {"q": "lind"})) == [lind]
    assert rows(office.get(page, {"q": str(osei.uuid)})) == [osei]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("today", ["2026-03-28 00:00", "2026-03-28 23:55"]),
        ("week", ["2026-03-28 00:00", "2026-03-28 23:55", "2026-04-03 23:55"]),
        ("coming", ["2026-03-28 00:00", "2026-03-28 23:55", "2026-04-03 23:55", "2026-04-04 00:00"]),
        ("past", ["2026-03-27 23:55"]),
    ],
)
def test_days_are_the_clinics_days_also_around_the_change_of_clocks(
    office, max_, osei, ana, now, chosen, found
):
    starts = [
        "2026-03-27 23:55",
        "2026-03-28 00:00",
        "2026-03-28 23:55",
        "2026-04-03 23:55",
        "2026-04-04 00:00",
    ]
    for text in starts:
        Appointment.objects.create(
            doctor=osei,
            patient=ana,
            appointment_datetime=madrid(text),
            minutes=5,
            created_at=now,
            updated_at=now,
        )
    # Half past midnight in Madrid, still the day before in UTC; clocks change on the 29th.
    with time_machine.travel(datetime(2026, 3, 27, 23, 30, tzinfo=UTC), tick=False):
        office.force_login(max_)  # a session of this moment
        listed = rows(office.get("/admin/scheduling/appointment/", {"day": chosen}))
    assert sorted(visit.appointment_datetime for visit in listed) == [madrid(text) for text in found]


def test_visits_are_found_by_patient_doctor_and_state(office, osei, lind, ana, ben, checkup):
    first = booked("2026-03-02 10:00", osei, ana, checkup)
    second = booked("2026-03-02 10:00", lind, ben, checkup)
    Appointment.objects.filter(pk=second.pk).update(status="pending")
    page = "/admin/scheduling/appointment/"
    assert rows(office.get(page, {"q": "prieto"})) == [first]
    assert rows(office.get(page, {"q": "lind"})) == [second]
    assert rows(office.get(page, {"q": str(first.uuid)})) == [first]
    assert rows(office.get(page, {"doctor": str(lind.uuid)})) == [second]
    assert rows(office.get(page, {"status__exact": "pending"})) == [second]
    assert set(rows(office.get(page))) == {first, second}


def test_staff_are_found_by_role(office, max_, rae):
    assert rows(office.get("/admin/accounts/user/", {"group": "receptionist"})) == [rae]


@pytest.mark.parametrize("model", ["patient", "doctor", "appointment", "flag", "specialty", "visittype"])
@pytest.mark.parametrize("typed", ["\x00", "%", "'", "🦷", "a" * 300, "🏥 \u202e"])
def test_odd_text_in_a_search_finds_nothing_and_breaks_nothing(office, osei, ana, model, typed):
    assert office.get(f"/admin/scheduling/{model}/", {"q": typed}).status_code == 200


def test_doubts_are_listed_while_they_are_open(office, osei, ana, now):
    first, second = doubt(osei), doubt(ana, resolved_at=now)
    page = "/admin/scheduling/flag/"
    assert rows(office.get(page)) == [first]
    assert rows(office.get(page, {"state": "resolved"})) == [second]
    assert set(rows(office.get(page, {"state": "all"}))) == {first, second}
    Flag.objects.filter(pk=first.pk).update(kind=Flag.Kind.BAD_EMAIL)
    assert rows(office.get(page, {"kind__exact": "bad_email"})) == [first]
    assert rows(office.get(page, {"kind__exact": "doctor_overlap"})) == []


def test_visit_types_and_specialties_in_use_have_no_button_to_delete_them(office, visit, osei, checkup):
    for row, model in ((checkup, "visittype"), (osei.specialty, "specialty")):
        page = f"/admin/scheduling/{model}/{row.uuid}/"
        assert "deletelink" not in office.get(f"{page}change/").content.decode()
        assert office.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    unused = factories.VisitTypeFactory()
    page = f"/admin/scheduling/visittype/{unused.uuid}/"
    assert "deletelink" in office.get(f"{page}change/").content.decode()
    assert office.post(f"{page}delete/", {"post": "yes"}).status_code == 302
    assert not VisitType.objects.filter(pk=unused.pk).exists()
