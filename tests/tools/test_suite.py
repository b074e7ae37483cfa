"""What a machine cannot run is named with its reason, and the rest runs."""

import pytest

from tools import suite
from tools.console import Stop
from tools.fuzz import trial
from tools.steps import NOT_RUN, OK, Result

pytestmark = pytest.mark.once

REASON = "Could not install requirements-schemathesis.txt: no such host"


@pytest.fixture
def ran(monkeypatch):
    """A machine that has everything; the steps that were run on it, by name."""
    ran = []

    def step(name):
        ran.append(name)
        return Result(name, OK)

    monkeypatch.setattr(suite.venv, "prepare", lambda *files: None)
    monkeypatch.setattr(suite.system, "need", lambda parts, why: None)
    monkeypatch.setattr(trial, "prepare", lambda: None)
    monkeypatch.setattr(trial, "held", lambda: step(trial.NAME))
    monkeypatch.setattr(suite, "_static", lambda: [step("lint")])
    monkeypatch.setattr(suite, "_tests", lambda name, arguments, url="": step(name))
    monkeypatch.setattr(suite.mariadb, "running", Server)
    return ran


class Server:
    def __enter__(self):
        return "mysql://"

    def __exit__(self, *_):
        pass


def test_everything_runs_where_everything_is_there(ran):
    results = suite._everything([])
    assert ran == ["lint", trial.NAME, suite.ON_SQLITE, suite.ON_MARIADB]
    assert [result.name for result in results] == ran


def test_where_the_fuzzer_cannot_be_had_the_rest_runs_and_that_is_told(ran, monkeypatch):
    def no_such_host():
        raise Stop(REASON)

    monkeypatch.setattr(trial, "prepare", no_such_host)
    results = suite._everything([])
    assert ran == ["lint", suite.ON_SQLITE, suite.ON_MARIADB]
    assert results[-1] == Result(trial.NAME, NOT_RUN, reason=REASON)


def test_a_trial_that_cannot_begin_is_a_failure_in_words(monkeypatch, capsys):
    def no_database(*_):
        raise Stop("manage.py migrate failed:\nConnection error: no such host")

    monkeypatch.setattr(trial, "_held_in", no_database)
    result = trial.held()
    assert (result.name, result.verdict) == (trial.NAME, "FAILED")
    assert "Connection error: no such host" in capsys.readouterr().out
