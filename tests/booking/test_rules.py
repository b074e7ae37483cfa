"""Why a time is refused. Pure: unsaved rows, no database."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking.day import Day
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rules import problems_with
from scheduling.models import Doctor, Patient, Status, VisitType
from scheduling.times import grid
from scheduling.times.intervals import Interval
from tests.conftest import NOW, madrid

TEN = madrid("2026-03-03 10:00")
MORNING = Interval(madrid("2026-03-03 09:00"), madrid("2026-03-03 14:00"))


def proposal(**changes):
    values = {
        "uuid": uuid4(),
        "doctor": Doctor(doctor_name="Dr Ama Osei"),
        "patient": Patient(patient_name="Ana", patient_lastname="Souza"),
        "visit_type": VisitType(name="Check-up", minutes=30),
        "start": TEN,
    }
    return Proposal(**{**values, **changes})


def day(**changes):
    return replace(
        Day(has_hours=True, open=[MORNING], doctor_taken=frozenset(), patient_taken=frozenset()), **changes
    )


def codes(proposal, day, now=NOW):
    return [(problem.code, problem.field) for problem in problems_with(proposal, day, now=now)]


def grains(text, minutes):
    return frozenset(grid.grains(madrid(text), minutes))


@pytest.mark.parametrize("start", ["2026-03-03 09:00", "2026-03-03 13:30"])
def test_a_free_time_within_the_hours_has_no_problem(start):
    assert codes(proposal(start=madrid(start)), day()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"doctor": Doctor(is_active=False)}, [("doctor_inactive", "doctor")]),
        ({"patient": Patient(is_active=False)}, [("patient_inactive", "patient")]),
        ({"patient": NewPatient(patient_name="Ana", patient_lastname="Souza")}, []),
        ({"visit_type": VisitType(minutes=30, is_active=False)}, [("visit_type_inactive", "visit_type")]),
        ({"description": "x" * 1000}, []),
        ({"description": "x" * 1001}, [("description_too_long", "description")]),
        ({"status": Status.PENDING}, []),
        ({"status": Status.COMPLETED}, [("status_not_new", "status")]),
        ({"start": madrid("2026-03-03 10:03")}, [("off_the_grid", "start")]),
        ({"start": madrid("2026-03-03 08:55")}, [("outside_hours", "start")]),
        ({"start": madrid("2026-03-03 13:35")}, [("outside_hours", "start")]),
        ({"visit_type": VisitType(minutes=720)}, [("outside_hours", "start")]),
    ],
)
def test_each_fault_is_named_beside_its_field(changes, expected):
    assert codes(proposal(**changes), day()) == expected


@pytest.mark.parametrize(
    ("minutes_ago", "expected"), [(-60, []), (0, []), (4, []), (5, [("in_the_past", "start")])]
)
def test_a_time_is_past_once_its_five_minutes_are_over(minutes_ago, expected):
    assert codes(proposal(), day(), now=TEN + timedelta(minutes=minutes_ago)) == expected


def test_two_years_ahead_is_far_enough():
    assert codes(proposal(), day(), now=TEN - timedelta(days=730)) == []
    assert codes(proposal(), day(), now=TEN - timedelta(days=731)) == [("too_far_ahead", "start")]


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        (grains("2026-03-03 09:30", 30), []),
        (grains("2026-03-03 10:30", 30), []),
        (grains("2026-03-03 09:35", 30), ["taken"]),
        (grains("2026-03-03 10:25", 30), ["taken"]),
        (grains("2026-03-03 09:00", 300), ["taken"]),
    ],
)
def test_neighbours_do_not_collide_and_overlaps_do(taken, expected):
    doctor = [("doctor_taken", "start") for _ in expected]
    patient = [("patient_taken", "start") for _ in expected]
    assert codes(proposal(), day(doctor_taken=taken)) == doctor
    assert codes(proposal(), day(patient_taken=taken)) == patient


def test_a_doctor_without_any_hours_is_told_apart_from_one_who_is_off():
    assert codes(proposal(), day(has_hours=False, open=[])) == [("no_hours", "doctor")]
    assert codes(proposal(), day(open=[])) == [("outside_hours", "start")]


def test_every_problem_is_told_at_once():
    wrong = proposal(doctor=Doctor(is_active=False), description="x" * 1001, start=madrid("2026-03-01 10:03"))
    assert codes(wrong, day()) == [
        ("doctor_inactive", "doctor"),
        ("description_too_long", "description"),
        ("in_the_past", "start"),
        ("off_the_grid", "start"),
        ("outside_hours", "start"),
    ]
