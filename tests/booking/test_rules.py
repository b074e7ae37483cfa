"""Why a time is refused. Pure: unsaved rows, no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from scheduling.booking import rules
from scheduling.booking.day import Day
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rights import OUTSIDE_HOURS, OVERBOOK, UNDO
from scheduling.booking.rules import Problem, Refused, problems_with, remaining
from scheduling.models import Doctor, Patient, Source, Status, VisitType
from scheduling.times import grid
from scheduling.times.intervals import Interval
from tests.conftest import NOW, madrid

pytestmark = pytest.mark.once

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
        ({"minutes": 5}, []),
        ({"minutes": 4}, [("minutes_out_of_range", "minutes")]),
        ({"visit_type": None}, [("minutes_out_of_range", "minutes")]),
        ({"minutes": 721}, [("minutes_out_of_range", "minutes"), ("outside_hours", "start")]),
        ({"buffer_minutes": 120}, []),
        ({"buffer_minutes": 121}, [("buffer_out_of_range", "minutes")]),
        ({"buffer_minutes": -5}, [("buffer_out_of_range", "minutes")]),
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


def online(minutes=30):
    return VisitType(name="Check-up", minutes=minutes, is_online=True)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(0), ["too_soon"]),
        (timedelta(hours=2) - SECOND, ["too_soon"]),
        (timedelta(hours=2), []),
        (timedelta(days=90), []),
        (timedelta(days=90) + SECOND, ["too_far_ahead"]),
        (-timedelta(minutes=5), ["in_the_past"]),
    ],
)
def test_a_patient_who_books_alone_books_neither_too_soon_nor_too_far(ahead, expected):
    asked = proposal(source=Source.PATIENT, visit_type=online())
    assert [code for code, _ in codes(asked, day(), now=TEN - ahead)] == expected


@pytest.mark.parametrize("source", [source for source in Source if source != Source.PATIENT])
def test_every_other_door_books_at_once_and_two_years_ahead(source):
    for now in (TEN, TEN - timedelta(days=730)):
        assert codes(proposal(source=source), day(), now=now) == []


def test_only_what_is_offered_online_is_booked_online():
    assert codes(proposal(source=Source.PATIENT), day()) == [("not_online", "visit_type")]
    assert codes(proposal(source=Source.PATIENT, visit_type=online()), day()) == []
    assert codes(proposal(source=Source.PATIENT, visit_type=None, minutes=30), day()) == []


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("09:00", "10:00", []),
        ("10:30", "11:00", []),
        ("09:00", "10:05", ["time_off"]),
        ("10:25", "11:00", ["time_off"]),
        ("10:10", "10:15", ["time_off"]),
    ],
)
def test_time_off_is_named_wherever_it_touches_the_visit(first, last, expected):
    off = Interval(madrid(f"2026-03-03 {first}"), madrid(f"2026-03-03 {last}"))
    assert [code for code, _ in codes(proposal(), day(off=[off]))] == expected


def test_a_buffer_before_it_is_told_apart_from_a_visit():
    buffer = grains("2026-03-03 09:50", 15)
    assert codes(proposal(), day(buffer_taken=buffer)) == [("buffer", "start")]
    assert codes(proposal(), day(buffer_taken=grains("2026-03-03 09:45", 15))) == []
    both = day(buffer_taken=buffer, doctor_taken=grains("2026-03-03 10:20", 15))
    assert codes(proposal(), both) == [("doctor_taken", "start")]


def test_a_buffer_takes_the_doctor_and_not_the_patient_and_may_reach_past_closing_time():
    asked = proposal(buffer_minutes=15)
    following = grains("2026-03-03 10:30", 30)
    assert codes(asked, day(doctor_taken=following)) == [("doctor_taken", "start")]
    assert codes(asked, day(patient_taken=following)) == []
    assert codes(proposal(buffer_minutes=15, start=madrid("2026-03-03 13:30")), day()) == []


@pytest.mark.parametrize(
    ("right", "code", "facts"),
    [
        (OUTSIDE_HOURS, "outside_hours", {"open": []}),
        (OUTSIDE_HOURS, "no_hours", {"open": [], "has_hours": False}),
        (OUTSIDE_HOURS, "time_off", {"off": [MORNING]}),
    ],
)
def test_hours_are_overridden_knowingly_and_with_the_right(right, code, facts):
    problems = problems_with(proposal(), day(**facts), now=NOW)
    assert [problem.code for problem in problems] == [code]
    assert remaining(problems, accepted={code}, rights={right}) == []
    assert remaining(problems, accepted={code}, rights={OVERBOOK, UNDO}) == problems
    assert remaining(problems, accepted={"other"}, rights={right}) == problems


@pytest.mark.parametrize("facts", ["doctor_taken", "buffer_taken", "patient_taken"])
def test_what_is_taken_is_overridden_by_no_right_here(facts):
    problems = problems_with(proposal(), day(**{facts: grains("2026-03-03 10:00", 30)}), now=NOW)
    (problem,) = problems
    assert remaining(problems, accepted={problem.code}, rights={OUTSIDE_HOURS, OVERBOOK, UNDO}) == problems
    assert problem.right == (None if facts == "patient_taken" else OVERBOOK)


def test_a_right_overrides_nothing_else():
    wrong = proposal(
        doctor=Doctor(is_active=False), description="x" * 1001, start=madrid("2026-03-01 10:03"), minutes=0
    )
    problems = problems_with(wrong, day(), now=NOW)
    codes = {problem.code for problem in problems}
    assert len(codes) == 6
    left = remaining(problems, accepted=codes, rights={OUTSIDE_HOURS, OVERBOOK, UNDO})
    assert {problem.code for problem in left} == codes - {"outside_hours"}


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (rules.lanes_full(proposal()), "overbook_limit"),
        (rules.not_allowed(), "not_allowed"),
        (rules.reason_missing(), "reason_missing"),
        (rules.reason_too_long(1000), "reason_too_long"),
        (rules.gone_meanwhile(), "doctor_taken"),
        (rules.not_from_here("Cancelled"), "not_from_here"),
        (rules.too_early(), "too_early"),
        (rules.nothing_to_undo(), "nothing_to_undo"),
        (rules.already_booked(), "already_booked"),
        (rules.already_saved(), "already_saved"),
    ],
)
def test_the_answers_of_actions_are_problems_too_and_none_of_them_is_overridden(problem, code):
    assert (problem.code, problem.right) == (code, None)
    assert problem.message.endswith(".")
    assert "%" not in problem.message


def test_a_refusal_carries_its_problems_and_shows_only_their_codes():
    problems = (Problem("a", "", "Ana's secret."), Problem("b", "", "Another."))
    refused = Refused(*problems)
    assert (refused.problems, refused.codes, str(refused)) == (problems, {"a", "b"}, "a, b")


@pytest.mark.parametrize(
    ("zone", "shown", "expected", "code"),
    [
        ("Europe/Madrid", "2026-03-03 10:00", ["2026-03-03 09:00"], None),
        ("Europe/Madrid", "2026-03-29 02:30", [], "not_on_the_clock"),
        ("Europe/Madrid", "2026-10-25 02:30", ["2026-10-25 00:30", "2026-10-25 01:30"], "twice_on_the_clock"),
        ("America/Santiago", "2026-09-06 00:15", [], "not_on_the_clock"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", [], "not_on_the_clock"),
        ("Asia/Kathmandu", "2026-03-29 02:30", ["2026-03-28 20:45"], None),
    ],
)
def test_a_time_that_the_clocks_never_show_or_show_twice_is_said_so(zone, shown, expected, code):
    wall = datetime.fromisoformat(shown)
    found, problems = rules.on_the_clock(wall, ZoneInfo(zone))
    assert found == [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in expected]
    assert [problem.code for problem in problems] == ([code] if code else [])
    assert all(f"{wall:%H:%M}" in problem.message for problem in problems)


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


def test_a_proposal_keeps_its_start_in_utc_and_takes_none_without_a_zone():
    wall = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"), fold=1)
    asked = proposal(start=wall, minutes=60)
    assert asked.start.isoformat() == "2026-10-25T01:30:00+00:00"
    assert asked.time.end.isoformat() == "2026-10-25T02:30:00+00:00"
    assert "off_the_grid" not in {code for code, _ in codes(asked, day())}
    with pytest.raises(ValueError, match="aware"):
        proposal(start=datetime(2026, 3, 3, 10))
