"""Any sequence of actions and changes of hours does what a few sets in memory say: no more, no less."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from scheduling.booking import records
from scheduling.booking.day import Day
from scheduling.booking.in_the_way import Obstacles
from scheduling.times import grid
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.machine import LENGTHS, LIMITS, PATIENTS, Clinic
from tests.environment import on_mariadb


def run(examples, **more):
    """The same examples every time. All of one example is rolled back after it."""
    run_state_machine_as_test(
        Clinic,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


@pytest.fixture
def cast(max_, monkeypatch):
    doctors = [factories.DoctorFactory(overbook_limit=limit) for limit in LIMITS]
    types = [
        factories.VisitTypeFactory(minutes=5 * length, buffer_minutes=5 * buffer)
        for length, buffer in LENGTHS
    ]
    people = (doctors, factories.PatientFactory.create_batch(PATIENTS), max_, types)
    monkeypatch.setattr(Clinic, "cast", people)
    return people


def test_any_sequence_of_actions_does_what_the_model_says(cast):
    run(examples=8 if on_mariadb() else 12)


# -- Controls: an engine with one thing wrong must be caught ---------------------------------------

OPEN = Day(
    has_hours=True, open=[Interval(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))]
)
BROKEN = {
    "a cancelled visit keeps its time": ("records.release", lambda visit: None),
    "buffers are not claimed": ("claims.grains_of", lambda v: grid.grains(v.appointment_datetime, v.minutes)),
    "a move looks at nothing but its own time": ("making.problems_now", lambda *args, **others: []),
    "nothing is told to the history": ("records.record_event", lambda *args, **others: None),
    "a longer visit takes what others have": ("editing.day.Day.beside", lambda *args, **others: OPEN),
    "a corrected visit holds the time that it had": ("editing._claim", lambda *args, **others: None),
    "what a correction was, is forgotten": (
        "edits.changes_back",
        lambda visit, _event: {"minutes": visit.minutes + 5},
    ),
    "time off of the whole clinic is forgotten": ("open_time.EVERYBODY", -1),
    "a series looks at nothing": (
        "series.in_the_way.of",
        lambda asked, **others: [Obstacles() for _ in asked],
    ),
    "those after a visit are not corrected": (
        "series_later.editing.corrected",
        lambda seen, *asked, **others: records.look(seen),
    ),
    "what is stranded is not said": ("stranding.outside", lambda *args, **others: []),
}


@pytest.mark.once
@pytest.mark.parametrize("wrong", BROKEN)
def test_an_engine_with_one_fault_is_caught(wrong, cast, monkeypatch):
    name, instead = BROKEN[wrong]
    monkeypatch.setattr(f"scheduling.booking.{name}", instead)
    with pytest.raises((AssertionError, DatabaseError)):
        run(examples=120, phases=[Phase.generate], report_multiple_bugs=False)


@pytest.mark.once
def test_overbooking_without_a_limit_is_caught(cast, monkeypatch):
    for doctor in cast[0]:
        doctor.overbook_limit += 1  # what the engine is told; the database and the model know better
    with pytest.raises(AssertionError):
        run(examples=120, phases=[Phase.generate], report_multiple_bugs=False)
