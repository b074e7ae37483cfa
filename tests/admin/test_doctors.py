"""Doctors in the back office, beside their hours at the desk."""

import pytest

from scheduling.models import Doctor, RecordEvent
from tests import factories


@pytest.mark.parametrize("typed", ["21", "-1", "", "two", "40000"])
def test_an_overbooking_limit_that_cannot_be_says_which_can(office, osei, typed):
    form = {"doctor_name": "Dr Ida Berg", "specialty": str(osei.specialty.uuid), "overbook_limit": typed}
    page = office.post("/admin/scheduling/doctor/add/", form)
    said = [str(message) for message in page.context["adminform"].form.errors["overbook_limit"]]
    assert said == ["Type a whole number from 0, which forbids extra visits, to 20."]
    assert not Doctor.objects.filter(doctor_name="Dr Ida Berg").exists()


@pytest.fixture
def form(office, osei):
    """What a press of Save sends, as the page stands."""
    initial = office.get(f"/admin/scheduling/doctor/{osei.uuid}/change/").context["adminform"].form.initial
    return {
        "doctor_name": osei.doctor_name,
        "email": osei.email,
        "specialty": str(osei.specialty.uuid),
        "is_active": "on",
        "overbook_limit": initial["overbook_limit"],
    }


def test_types_and_ages_are_kept_and_the_history_says_from_what_to_what(office, osei, max_, checkup, form):
    echo = factories.VisitTypeFactory(name="Echo")
    address = f"/admin/scheduling/doctor/{osei.uuid}/change/"
    given = {"visit_types": [str(checkup.uuid), str(echo.uuid)], "youngest_age": "5", "oldest_age": "16"}
    assert office.post(address, form | given).status_code == 302
    osei.refresh_from_db()
    assert set(osei.visit_types.all()) == {checkup, echo}
    assert osei.ages == (5, 16)
    assert office.post(address, form | given).status_code == 302  # nothing new to tell
    assert office.post(address, form | given | {"visit_types": []}).status_code == 302
    assert not osei.visit_types.exists()
    told = RecordEvent.objects.filter(subject_uuid=osei.uuid).order_by("pk")
    both = sorted([str(checkup.uuid), str(echo.uuid)])
    assert [(event.before, event.after, event.by) for event in told] == [
        ({"youngest_age": None, "oldest_age": None}, {"youngest_age": 5, "oldest_age": 16}, max_),
        ({"visit_types": []}, {"visit_types": both}, max_),
        ({"visit_types": both}, {"visit_types": []}, max_),
    ]


def test_limits_in_the_wrong_order_are_said_even_where_one_was_not_touched(office, osei, form):
    osei.oldest_age = 16
    osei.save()
    address = f"/admin/scheduling/doctor/{osei.uuid}/change/"
    page = office.post(address, form | {"youngest_age": "17", "oldest_age": "16"})
    assert page.context["adminform"].form.errors == {"oldest_age": ["This is below the youngest age."]}
    page = office.post(address, form | {"youngest_age": "151"})
    assert set(page.context["adminform"].form.errors) == {"youngest_age"}
    page = office.post(address, form | {"visit_types": "nonsense"})
    assert set(page.context["adminform"].form.errors) == {"visit_types"}


def test_a_type_says_who_gives_it_and_stays_while_it_is_on_a_list(office, root, osei, lind, checkup):
    address = f"/admin/scheduling/visittype/{checkup.uuid}/"
    assert "2 doctors who give all types" in office.get(f"{address}change/").content.decode()
    osei.visit_types.set([checkup])
    page = root.get(f"{address}change/").content.decode()
    assert f'<a href="/admin/scheduling/doctor/{osei.uuid}/change/">Dr Ama Osei</a>' in page
    assert "1 doctor who gives all types" in page
    assert root.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    several = {"action": "delete_selected", "_selected_action": [str(checkup.uuid)], "post": "yes"}
    root.post("/admin/scheduling/visittype/", several)
    assert checkup.doctors.get() == osei
    osei.visit_types.clear()
    assert root.post(f"{address}delete/", {"post": "yes"}).status_code == 302
