"""An environment is made once, kept in step with the requirement files, and repaired after an accident."""

import sys
from pathlib import Path

import pytest

from tools import venv
from tools.console import Stop

pytestmark = pytest.mark.once


class World:
    """A repository in a temporary folder, with a `run` that only remembers what it was asked."""

    def __init__(self, root):
        self.root = root
        self.calls = []
        self.pip_ends_with = 0
        self.python_says = f"{root}/.venv {sys.version_info.major} {sys.version_info.minor}"

    def run(self, command, env=None, *, quiet=False):
        words = [str(word) for word in command]
        if "-c" in words:
            return (0, self.python_says) if Path(words[0]).exists() else self.no_such_program()
        if "venv" in words:
            self.calls.append("create")
            binaries = Path(words[-1]) / "bin"
            binaries.mkdir(parents=True)
            (binaries / "python").touch()
            return 0, ""
        self.calls.append(" ".join(words[words.index("-r") :]))
        return self.pip_ends_with, "ERROR: No matching distribution found for x\n[notice] newer pip"

    def no_such_program(self):
        raise FileNotFoundError


@pytest.fixture
def world(tmp_path, monkeypatch):
    world = World(tmp_path)
    monkeypatch.setattr(venv, "ROOT", tmp_path)
    monkeypatch.setattr(venv, "run", world.run)
    monkeypatch.setattr(venv.system, "need", lambda parts, why: None)
    monkeypatch.setattr(venv.shutil, "which", lambda name: None)
    (tmp_path / "run.txt").write_text("a==1\n")
    (tmp_path / "dev.txt").write_text("-r run.txt\nb==2\n")
    return world


def prepare(world, *names):
    world.calls.clear()
    venv.prepare(*names)
    return world.calls


def test_a_first_run_creates_and_installs_a_second_does_nothing(world):
    assert prepare(world, "run.txt") == ["create", "-r run.txt"]
    assert prepare(world, "run.txt") == []


def test_a_changed_file_is_installed_again(world):
    prepare(world, "run.txt")
    (world.root / "run.txt").write_text("a==2\n")
    assert prepare(world, "run.txt") == ["-r run.txt"]


def test_an_included_file_counts_both_ways(world):
    prepare(world, "dev.txt")
    assert prepare(world, "run.txt") == []
    (world.root / "run.txt").write_text("a==2\n")
    assert prepare(world, "dev.txt") == ["-r dev.txt"]
    assert prepare(world, "run.txt") == []


def test_one_more_file_leaves_the_others_installed(world):
    prepare(world, "dev.txt")
    (world.root / "more.txt").write_text("c==3\n")
    assert not venv.holds("more.txt")
    assert prepare(world, "more.txt") == ["-r more.txt"]
    assert venv.holds("more.txt")
    assert venv.holds("dev.txt")


def test_a_failed_installation_says_why_and_is_tried_again(world):
    world.pip_ends_with = 1
    with pytest.raises(Stop) as stop:
        prepare(world, "run.txt")
    assert stop.value.line == "Could not install run.txt: ERROR: No matching distribution found for x"
    world.pip_ends_with = 0
    assert prepare(world, "run.txt") == ["-r run.txt"]


def test_a_killed_installation_is_started_afresh(world, capsys):
    world.pip_ends_with = -9
    with pytest.raises(Stop):
        prepare(world, "run.txt")
    world.pip_ends_with = 0
    assert prepare(world, "run.txt") == ["create", "-r run.txt"]
    assert "cut short" in capsys.readouterr().out
    assert prepare(world, "run.txt") == []


@pytest.mark.parametrize("answer", ["/elsewhere/.venv 3 11", "", "Segmentation fault"])
def test_an_environment_of_another_python_is_made_anew(world, answer):
    right = world.python_says
    prepare(world, "run.txt")
    world.python_says = answer
    assert prepare(world, "run.txt") == ["create", "-r run.txt"]
    world.python_says = right
    assert prepare(world, "run.txt") == []


def test_an_environment_of_a_vanished_python_is_made_anew(world):
    prepare(world, "run.txt")
    (world.root / ".venv" / "bin" / "python").unlink()
    assert prepare(world, "run.txt") == ["create", "-r run.txt"]


def test_another_environment_has_a_folder_of_its_own_and_leaves_ours_alone(world):
    prepare(world, "run.txt")
    other = venv.Environment(".venv-other")
    world.python_says = world.python_says.replace(".venv", ".venv-other")
    world.calls.clear()
    other.prepare("run.txt")
    other.prepare("run.txt")
    assert world.calls == ["create", "-r run.txt"]
    (world.root / ".venv-other" / "unfinished").touch()
    assert (other.holds("run.txt"), venv.holds("run.txt")) == (True, True)
    world.python_says = world.python_says.replace(".venv-other", ".venv")
    assert prepare(world, "run.txt") == []
