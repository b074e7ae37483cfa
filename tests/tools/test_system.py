"""System packages: installed as root on Debian, asked for in one line elsewhere."""

import pytest

from tools import system
from tools.console import Stop

pytestmark = pytest.mark.once

HERE = system.Part("here", lambda: True)
AWAY = system.Part("away", lambda: False)
FAR = system.Part("far", lambda: None)


@pytest.fixture
def apt(monkeypatch):
    """Root on Debian; gives the list of apt-get calls, each answered by the next of `answers`."""
    calls = []

    def answer(arguments):
        calls.append(list(arguments))
        return calls.answers.pop(0) if calls.answers else (0, "")

    class Calls(list):
        answers = []

    calls = Calls()
    monkeypatch.setattr(system, "_has_apt", lambda: True)
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    monkeypatch.setattr(system, "_apt", answer)
    monkeypatch.setattr(system.Path, "glob", lambda *_: ["a list of packages"])
    return calls


def test_nothing_is_done_where_nothing_is_missing(apt, capsys):
    system.need([HERE], "for a test")
    assert apt == []
    assert capsys.readouterr().out == ""


def test_root_on_debian_gets_what_is_missing_and_is_told(apt, capsys):
    system.need([HERE, AWAY, FAR], "for a test")
    assert apt == [["install", "-y", "-q", "--no-install-recommends", "away", "far"]]
    assert "away far" in capsys.readouterr().out


def test_an_old_list_of_packages_is_fetched_anew(apt):
    apt.answers = [(100, "E: Unable to locate package away")]
    system.need([AWAY], "for a test")
    assert [call[0] for call in apt] == ["install", "update", "install"]


def test_a_package_that_is_not_to_be_had_stops_with_its_reason(apt):
    apt.answers = [(100, ""), (0, ""), (100, "Reading lists\nE: Unable to locate package away\n")]
    with pytest.raises(Stop) as stop:
        system.need([AWAY], "for a test")
    assert stop.value.line == "apt-get could not install away: E: Unable to locate package away"
    assert stop.value.code == 100


def test_others_are_told_what_to_ask_for(apt, monkeypatch):
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    with pytest.raises(Stop) as stop:
        system.need([AWAY, FAR], "for a test")
    assert stop.value.line.endswith("apt-get install --no-install-recommends away far")
    assert "\n" not in stop.value.line
    assert apt == []


def test_other_systems_are_told_what_debian_calls_it(apt, monkeypatch):
    monkeypatch.setattr(system, "_has_apt", lambda: False)
    with pytest.raises(Stop, match="Missing for a test: install what Debian calls away"):
        system.need([AWAY], "for a test")
