"""Doctors in the back office, beside their hours at the desk."""

import pytest

from scheduling.models import Doctor


@pytest.mark.parametrize("typed", ["21", "-1", "", "two", "40000"])
def test_an_overbooking_limit_that_cannot_be_says_which_can(office, osei, typed):
    form = {"doctor_name": "Dr Ida Berg", "specialty": str(osei.specialty.uuid), "overbook_limit": typed}
    page = office.post("/admin/scheduling/doctor/add/", form)
    said = [str(message) for message in page.context["adminform"].form.errors["overbook_limit"]]
    assert said == ["Type a whole number from 0, which forbids extra visits, to 20."]
    assert not Doctor.objects.filter(doctor_name="Dr Ida Berg").exists()
