"""A specialty or a visit type with the name of another one: saved, with a warning."""

import pytest
from django.contrib.messages import get_messages

from scheduling.models import Specialty, VisitType
from tests import factories

WARNING = "There is another one called “{}”. At the desk nobody could tell the two apart."


def warnings(response):
    found = [message for message in get_messages(response.wsgi_request) if message.level_tag == "warning"]
    return [str(message) for message in found]


@pytest.mark.parametrize("name", ["cardiology", "Cardiology", "CARDIOLOGY", "Cárdiology"])
def test_a_specialty(office, cardiology, name):
    response = office.post("/admin/scheduling/specialty/add/", {"specialty_name": name, "is_active": "on"})
    assert (response.status_code, warnings(response)) == (302, [WARNING.format("Cardiology")])
    assert Specialty.objects.filter(specialty_name=name).exists()


def test_another_name_and_ones_own_are_no_matter(office, cardiology):
    for address in ("add/", f"{cardiology.uuid}/change/"):
        name = "Eyes" if address == "add/" else "CARDIOLOGY"
        response = office.post(
            f"/admin/scheduling/specialty/{address}", {"specialty_name": name, "is_active": "on"}
        )
        assert (response.status_code, warnings(response)) == (302, [])


def test_names_without_letters_are_compared_as_they_are(office, db):
    for name, said in (("★", []), ("☆", []), ("★", [WARNING.format("★")])):
        response = office.post(
            "/admin/scheduling/specialty/add/", {"specialty_name": name, "is_active": "on"}
        )
        assert warnings(response)[-1:] == said


def test_a_visit_type(office, checkup):
    form = {"name": "check up", "minutes": 20, "buffer_minutes": 0, "is_active": "on"}
    response = office.post("/admin/scheduling/visittype/add/", form)
    assert (response.status_code, warnings(response)) == (302, [WARNING.format("Check-up")])
    other = factories.VisitTypeFactory(name="Second visit")
    response = office.post(f"/admin/scheduling/visittype/{other.uuid}/change/", form | {"name": "CHECK UP!"})
    assert warnings(response)[-1] == WARNING.format("check up")  # the first of the two
    assert VisitType.objects.filter(name="CHECK UP!").exists()
