"""Visits are read in the back office, and changed nowhere but at the desk."""

import pytest
from django.contrib import admin

from scheduling.models import Appointment, AppointmentEvent, Claim
from tests.admin.conftest import doubt


def test_a_visit_is_shown_with_its_history_and_its_doubts(office, visit):
    doubt(visit, detail="was: PENDIENTE?")
    html = office.get(f"/admin/scheduling/appointment/{visit.uuid}/change/").content.decode()
    for text in ("Monday 2 March 2026, 10:00", "Ana Souza Prieto", "Dr Ama Osei", "Check-up", "Confirmed"):
        assert text in html
    for text in ("Booked", "Rae Quist", "Mon 2 March, 08:00", "30 minutes", "Unknown status", "PENDIENTE?"):
        assert text in html
    assert str(visit.uuid) in html
    assert f'href="/desk/appointments/{visit.uuid}/"' in html


def test_what_a_program_did_bears_the_name_of_its_key(office, visit, website_account):
    AppointmentEvent.objects.update(by=website_account, channel="api")
    Appointment.objects.update(created_by=website_account)
    html = office.get(f"/admin/scheduling/appointment/{visit.uuid}/change/").content.decode()
    assert '<td class="field-who">' in html
    assert html.count("Website (program)") == 2  # booked by, and in the history
    assert "Another program" in html
    assert "Rae Quist" not in html


def test_what_a_person_typed_is_never_markup(office, visit):
    AppointmentEvent.objects.update(after={"<b>status</b>": "<script>alert(2)</script>"})
    html = office.get(f"/admin/scheduling/appointment/{visit.uuid}/change/").content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "&lt;b&gt;status&lt;/b&gt;: &lt;script&gt;alert(2)" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("who", ["office", "root"])
def test_nobody_adds_changes_or_deletes_a_visit_here(request, who, visit):
    client = request.getfixturevalue(who)
    page = f"/admin/scheduling/appointment/{visit.uuid}"
    before = list(Appointment.objects.values())
    form = {"status": "cancelled", "minutes": 60, "post": "yes"}
    assert client.get("/admin/scheduling/appointment/add/").status_code == 403
    assert client.post("/admin/scheduling/appointment/add/", form).status_code == 403
    assert client.post(f"{page}/change/", form).status_code == 403
    assert client.get(f"{page}/delete/").status_code == 403
    assert client.post(f"{page}/delete/", form).status_code == 403
    delete = {"action": "delete_selected", "_selected_action": [str(visit.uuid)], "post": "yes"}
    client.post("/admin/scheduling/appointment/", delete)
    assert list(Appointment.objects.values()) == before
    assert Claim.objects.filter(appointment=visit).count() == 6
    html = client.get(f"{page}/change/").content.decode()
    assert 'name="_save"' not in html
    assert 'name="status"' not in html


@pytest.mark.parametrize("who", ["office", "root"])
@pytest.mark.parametrize("model", ["doctor", "patient"])
def test_nobody_deletes_doctors_or_patients(request, who, model, osei, ana):
    client = request.getfixturevalue(who)
    row = {"doctor": osei, "patient": ana}[model]
    page = f"/admin/scheduling/{model}/{row.uuid}"
    assert client.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert "deletelink" not in client.get(f"{page}/change/").content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()


def test_claims_and_events_have_no_pages_of_their_own():
    registered = {model.__name__ for model in admin.site._registry}
    assert registered.isdisjoint({"Claim", "AppointmentEvent", "WorkingHours"})
    assert {
        "Appointment",
        "Doctor",
        "Flag",
        "Group",
        "Patient",
        "Specialty",
        "User",
        "VisitType",
    } <= registered


def test_the_back_office_bears_the_clinics_name_and_leads_to_the_desk(office):
    html = office.get("/admin/").content.decode()
    assert "Clínica San Telmo" in html
    assert "Django" not in html
    assert 'href="/desk/"' in html
    assert "Max Thorn" in html


def test_nothing_in_the_back_office_needs_an_exception_from_the_content_security_policy(office, visit):
    pages = ["", "scheduling/doctor/", "scheduling/doctor/add/"]
    pages.append(f"scheduling/appointment/{visit.uuid}/change/")
    for page in pages:
        response = office.get(f"/admin/{page}")
        assert "unsafe" not in response["Content-Security-Policy"]
        html = response.content.decode()
        assert "style=" not in html
        assert "onclick=" not in html
