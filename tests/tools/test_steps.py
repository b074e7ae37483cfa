"""What a check prints: a line for each step, everything about a failure, a table at the end."""

import os
import sys
import time

import pytest

from tools.steps import FAILED, NOT_RUN, OK, Result, Step, side_by_side, summary

pytestmark = pytest.mark.once


def step(name, code):
    return Step(name, [sys.executable, "-c", code], dict(os.environ))


def test_a_failure_shows_its_whole_output_and_the_rest_goes_on(capfd):
    results = side_by_side([step("bad", "print('the reason'); exit(3)"), step("good", "print('chatter')")], 2)
    assert [(result.name, result.verdict) for result in results] == [("bad", FAILED), ("good", OK)]
    out = capfd.readouterr().out
    assert "the reason" in out
    assert "chatter" not in out


def test_steps_run_beside_each_other_and_keep_their_order():
    started = time.monotonic()
    names = [
        result.name for result in side_by_side([step(n, "import time; time.sleep(.5)") for n in "abcd"], 4)
    ]
    assert names == ["a", "b", "c", "d"]
    assert time.monotonic() - started < 2


def test_the_table_comes_last(capsys):
    code = summary([Result("lint", OK, 0.25), Result("tests on SQLite", OK, 61.04)], 62, strict=True)
    assert code == 0
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "step             result   seconds",
        "lint             ok           0.2",
        "tests on SQLite  ok          61.0",
        "in all           ok          62.0",
    ]


def test_what_did_not_run_is_told_loudly_and_fails_under_ci(capsys):
    results = [Result("lint", OK, 1), Result("tests on MariaDB", NOT_RUN, reason="Ask for mariadb.")]
    assert summary(results, 1, strict=False) == 0
    assert "!! NOT RUN: tests on MariaDB. Ask for mariadb." in capsys.readouterr().out
    assert summary(results, 1, strict=True) == 1
    assert "in all            FAILED" in capsys.readouterr().out


def test_one_failure_is_a_failure(capsys):
    assert summary([Result("lint", FAILED, 1), Result("types", OK, 1)], 2, strict=False) == 1
