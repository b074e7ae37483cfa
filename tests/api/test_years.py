"""A year that no clinic can mean: refused in words wherever a program says a day or a time."""

from uuid import uuid4

import pytest

from scheduling.models import Appointment

YEARS = ["9999", "9998", "2206", "0001"]


@pytest.mark.parametrize("year", YEARS)
def test_a_program_is_told_to_check_the_year(website, osei, ana, checkup, year):
    at, day = f"{year}-12-31T10:00:00+01:00", f"{year}-12-31"
    new = {
        "uuid": str(uuid4()),
        "doctor_uuid": str(osei.uuid),
        "patient_uuid": str(ana.uuid),
        "visit_type_uuid": str(checkup.uuid),
        "appointment_datetime": at,
    }
    answers = [
        website.post("appointments", new),
        website.get("openings", doctor=osei.uuid, minutes=30, **{"from": day}),
        website.get("openings/check", doctor=osei.uuid, minutes=30, at=at),
        website.get("appointments", day=day),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert f"Check the year: {year}." in answer.content.decode()
    assert not Appointment.objects.exists()
