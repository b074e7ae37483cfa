"""Who waits, who is due, who is inside: pure, from rows as the board reads them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.models import Doctor, Status
from scheduling.queries.board_visits import Visit
from scheduling.views.desk.waiting.room import room
from tests.conftest import MADRID, madrid

TEN = madrid("2026-03-02 10:00")
OSEI, LIND = Doctor(pk=1, doctor_name="Dr Ama Osei"), Doctor(pk=2, doctor_name="Dr Per Lind")


def visit(name, at, status, *, doctor=OSEI, arrived=None):
    arrived_at = None if arrived is None else TEN - timedelta(minutes=arrived)
    start = madrid(f"2026-03-02 {at}")
    end = start + timedelta(minutes=30)
    row = Visit(doctor.pk, uuid4(), start, 30, 0, status, 3, False, arrived_at, name, "", "Check-up", "", end)
    return doctor, row


def at_ten(*visits):
    return room(visits, now=TEN, zone=MADRID)


def told(rows):
    return [(row.visit.patient, row.minutes, [step.word for step in row.steps]) for row in rows]


def test_who_waits_longest_comes_first_and_each_doctors_next_is_marked():
    found = at_ten(
        visit("Ana", "09:30", Status.ARRIVED, arrived=5),
        visit("Ben", "09:00", Status.ARRIVED, arrived=2),
        visit("Eva", "09:15", Status.ARRIVED, arrived=40),
        visit("Leo", "09:45", Status.ARRIVED, arrived=19, doctor=LIND),
        visit("Zoe", "10:30", Status.ARRIVED, arrived=60),
    )
    assert told(found.waiting) == [
        ("Eva", 40, ["Start"]),
        ("Leo", 15, ["Start"]),
        ("Ana", 5, ["Start"]),
        ("Ben", 2, ["Start"]),
        ("Zoe", -30, ["Start"]),
    ]
    assert [row.visit.patient for row in found.waiting if row.is_early] == ["Zoe"]
    assert [row.visit.patient for row in found.waiting if row.is_next] == ["Leo", "Ben"]
    assert [row.visit.patient for row in found.waiting if row.is_long] == ["Eva"]


def test_who_came_is_unknown_in_an_adopted_visit_and_said_so():
    assert told(at_ten(visit("Ana", "09:30", Status.ARRIVED)).waiting) == [("Ana", None, ["Start"])]


def test_due_are_those_of_the_next_half_hour_and_those_who_are_late():
    found = at_ten(
        visit("Too far", "10:30", Status.CONFIRMED),
        visit("Soon", "10:25", Status.PENDING),
        visit("Now", "10:00", Status.CONFIRMED),
        visit("Late", "09:51", Status.CONFIRMED),
        visit("Very late", "09:50", Status.CONFIRMED),
        visit("An hour", "09:00", Status.PENDING),
        visit("Long past", "08:59", Status.PENDING),
        visit("Off", "10:05", Status.CANCELLED),
    )
    assert told(found.due) == [
        ("An hour", 60, ["Arrived", "No-show"]),
        ("Very late", 10, ["Arrived", "No-show"]),
        ("Late", 9, ["Arrived"]),
        ("Now", 0, ["Arrived"]),
        ("Soon", None, ["Arrived"]),
    ]
    assert told(found.unmarked) == [("Long past", 61, ["Arrived", "No-show"])]


def test_who_is_inside_can_be_done():
    found = at_ten(
        visit("Ana", "09:30", Status.IN_PROGRESS),
        visit("Ben", "09:00", Status.COMPLETED),
        visit("Eva", "09:00", Status.NO_SHOW),
    )
    assert told(found.inside) == [("Ana", None, ["Done"])]
    assert (found.waiting, found.due, found.unmarked) == ([], [], [])


@pytest.mark.parametrize("status", Status)
def test_everybody_stands_in_one_list_at_most(status):
    found = at_ten(visit("Ana", "09:30", status, arrived=3))
    assert len([*found.waiting, *found.due, *found.unmarked, *found.inside]) <= 1
