"""Weekly hours in the back office: the engine writes them, and says whom a change strands."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.models import Appointment, Status, WorkingHours
from tests.admin.test_identity import address, doctor_form
from tests.conftest import MADRID


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"working_hours-1-weekday": 0}, "The hours from 09:00 and from 09:00 overlap."),
        ({"working_hours-0-ends": "08:00"}, "The hours must begin before they end."),
        ({"working_hours-0-ends": "13:02"}, "09:00 to 13:02: hours begin and end on full five minutes."),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(office, osei, changed, told):
    before = list(WorkingHours.objects.values_list())
    response = office.post(address("doctor", osei), doctor_form(osei) | changed)
    assert response.status_code == 200
    assert told in response.content.decode()
    assert list(WorkingHours.objects.values_list()) == before


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_manager_is_told_how_many_visits_a_change_strands(office, osei, ana, checkup):
    now = timezone.now()
    monday = now.astimezone(MADRID).date() + timedelta(days=7 - now.astimezone(MADRID).weekday())
    start = datetime.combine(monday, time(13, 30), MADRID)
    proposal = Proposal(uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=start)
    visit = actions.book(proposal, by=None, now=now)
    response = office.post(
        address("doctor", osei), doctor_form(osei) | {"working_hours-0-ends": "12:00"}, follow=True
    )
    assert "1 visit now stands outside the hours. Nothing was cancelled." in response.content.decode()
    assert Appointment.objects.get() == visit
    assert Appointment.objects.get().status == Status.CONFIRMED
    assert osei.working_hours.filter(weekday=0).get().ends.hour == 12


def test_saving_a_doctor_without_touching_the_hours_writes_none(
    office, osei, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        response = office.post(address("doctor", osei), doctor_form(osei, doctor_name="Dr A. Osei"))
    assert response.status_code == 302
    assert callbacks == []
