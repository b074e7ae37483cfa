"""Any sequence of actions and changes of hours does what a few sets in memory say: no more, no less."""

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from scheduling.times import grid
from tests import factories
from tests.booking.machine import LIMITS, PATIENTS, Clinic
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
    people = (doctors, factories.PatientFactory.create_batch(PATIENTS), max_)
    monkeypatch.setattr(Clinic, "cast", people)
    return people


def test_any_sequence_of_actions_does_what_the_model_says(cast):
    run(examples=8 if on_mariadb() else 12)


# -- Controls: an engine with one thing wrong must be caught ---------------------------------------

BROKEN = {
    "a cancelled visit keeps its time": ("records.release", lambda visit: None),
    "buffers are not claimed": ("claims.grains_of", lambda v: grid.grains(v.appointment_datetime, v.minutes)),
    "a move looks at nothing but its own time": ("making.problems_now", lambda *args, **others: []),
    "nothing is told to the history": ("records.record_event", lambda *args, **others: None),
    "time off of the whole clinic is forgotten": ("open_time.EVERYBODY", -1),
    "what is stranded is not said": ("stranding.outside", lambda *args, **others: []),
}


@pytest.mark.once
@pytest.mark.parametrize("wrong", BROKEN)
def test_an_engine_with_one_fault_is_caught(wrong, cast, monkeypatch):
    name, instead = BROKEN[wrong]
    monkeypatch.setattr(f"scheduling.booking.{name}", instead)
    with pytest.raises((AssertionError, DatabaseError)):
        run(examples=30, phases=[Phase.generate], report_multiple_bugs=False)


@pytest.mark.once
def test_overbooking_without_a_limit_is_caught(cast, monkeypatch):
    for doctor in cast[0]:
        doctor.overbook_limit += 1  # what the engine is told; the database and the model know better
    with pytest.raises(AssertionError):
        run(examples=30, phases=[Phase.generate], report_multiple_bugs=False)
