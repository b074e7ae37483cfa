from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command

from scheduling.booking import integrity
from scheduling.booking.actions import book
from scheduling.booking.proposal import Proposal
from scheduling.models import Appointment, Claim, Status
from tests.conftest import NOW, madrid


@pytest.fixture
def visit(osei, ana, checkup, now):
    start = madrid("2026-03-03 10:00")
    proposal = Proposal(uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=start)
    return book(proposal, by=None, now=now)


def kinds(now):
    return [
        (problem.appointment, problem.kind, len(problem.grains)) for problem in integrity.problems(now=now)
    ]


def test_a_booked_visit_is_sound(visit, now):
    assert kinds(now) == []


def test_a_lost_grain_is_missing(visit, now):
    Claim.objects.filter(appointment=visit).order_by("grain").last().delete()
    assert kinds(now) == [(visit.uuid, "missing", 1)]


def test_time_held_beyond_the_visit_is_extra(visit, now):
    Appointment.objects.update(minutes=20)
    assert kinds(now) == [(visit.uuid, "extra", 2)]


def test_time_held_by_a_cancelled_visit_is_extra(visit, now):
    Appointment.objects.update(status=Status.CANCELLED)
    assert kinds(now) == [(visit.uuid, "extra", 6)]


def test_claims_of_another_doctor_or_patient_are_foreign(visit, lind, ben, now):
    Claim.objects.update(patient=ben)
    assert kinds(now) == [(visit.uuid, "foreign", 6)]
    Appointment.objects.update(patient=ben, doctor=lind)
    assert kinds(now) == [(visit.uuid, "foreign", 6)]


def test_a_visit_split_over_two_lanes_is_foreign(visit, now):
    last = Claim.objects.order_by("grain").last()
    Claim.objects.filter(grain=last.grain).update(lane=1)
    assert kinds(now) == [(visit.uuid, "foreign", 6)]


def test_yesterdays_visits_need_no_claims(visit):
    Claim.objects.all().delete()
    assert kinds(madrid("2026-03-03 23:00")) == [(visit.uuid, "missing", 6)]
    assert kinds(madrid("2026-03-04 00:00")) == []


def test_the_command_says_so_and_exits_accordingly(visit):
    out, err = StringIO(), StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("check_schedule", stdout=out)
        assert "sound" in out.getvalue()
        Claim.objects.all().delete()
        with pytest.raises(SystemExit) as left:
            call_command("check_schedule", stderr=err)
    assert left.value.code == 1
    assert f"{visit.uuid}: 6 missing grains from 2026-03-03 10:00" in err.getvalue()
