"""A server is waited for as long as it lives: a busy machine may take its time."""

import subprocess
import sys

import pytest

from tools import starting
from tools.starting import NotStarted, wait_until_it_answers


@pytest.fixture
def process():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_who_answers_late_has_started(process, monkeypatch):
    monkeypatch.setattr(starting.time, "sleep", lambda seconds: None)
    asked = iter([False] * 5000 + [True])
    wait_until_it_answers(process, lambda: next(asked), lambda: "")
    assert list(asked) == []


def test_who_has_ended_is_told_at_once_in_its_own_words(process):
    process.kill()
    process.wait()
    with pytest.raises(NotStarted, match=r"^It did not start: no such host$"):
        wait_until_it_answers(process, lambda: False, lambda: "no such host")


def test_who_lives_and_never_answers_is_given_up_at_last(process, monkeypatch):
    minutes = iter(range(0, 10_000, 60))
    monkeypatch.setattr(starting.time, "monotonic", lambda: next(minutes))
    with pytest.raises(NotStarted, match="has not answered in 300 s: nothing"):
        wait_until_it_answers(process, lambda: False, lambda: "nothing")
    assert next(minutes) == 420


@pytest.mark.parametrize(
    ("output", "line"),
    [("", "no message"), ("Traceback:\n  File x\nValueError: no such day\n\n", "ValueError: no such day")],
)
def test_the_last_line_says_what_went_wrong(output, line):
    assert starting.last_line(output) == line
