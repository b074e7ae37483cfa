"""An environment is made once, kept in step with the requirement files, and repaired after an accident."""

import pytest

MADE = ["venv .venv", "pip -r requirements-dev.txt"]


def set_up(machine, **env):
    """What was made and installed for `make fast`."""
    done = machine.make("fast", **env)
    return [note for note in done.notes if "pytest" not in note]


def test_a_first_run_makes_and_installs_a_second_does_nothing(machine):
    assert set_up(machine) == MADE
    assert set_up(machine) == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-sentry.txt", "requirements-dev.txt"])
def test_a_changed_file_is_installed_again(machine, name):
    set_up(machine)
    machine.age(name)
    assert set_up(machine) == ["pip -r requirements-dev.txt"]


def test_a_failed_installation_says_why_and_is_tried_again(machine):
    done = machine.make("fast", PIP="1")
    assert (done.returncode, done.notes) == (2, MADE)
    assert "ERROR: no such host" in done.stderr
    assert set_up(machine) == ["pip -r requirements-dev.txt"]


def test_a_killed_installation_is_started_afresh(machine):
    assert set_up(machine, PIP="9") == MADE
    assert set_up(machine) == MADE
    assert set_up(machine) == []


def test_an_environment_of_another_python_is_made_anew(machine):
    set_up(machine)
    assert set_up(machine, MINOR="13") == MADE


def test_an_environment_of_a_vanished_python_is_made_anew(machine):
    set_up(machine)
    (machine.root / ".venv" / "bin" / "python").unlink()
    assert set_up(machine) == MADE


def test_an_environment_that_came_from_elsewhere_is_made_anew(machine):
    """Its programs would run the one that it was copied from."""
    set_up(machine)
    machine.root = machine.root.rename(machine.root.with_name("moved"))
    assert set_up(machine) == MADE
    assert set_up(machine) == []


def test_a_python_that_is_too_old_is_told_in_one_line_and_removes_nothing(machine):
    set_up(machine)
    done = machine.make("fast", MINOR="10")
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "too old"
    assert done.notes == []
    assert (machine.root / ".venv" / "bin" / "python").exists()


def test_the_fuzzer_has_an_environment_of_its_own(machine):
    set_up(machine)
    made = ["venv .venv-schemathesis", "pip -r requirements-schemathesis.txt"]
    assert machine.make("fuzz", "ARGS=--seed 7").notes == [*made, "-m tools.fuzz --seed 7"]
    assert machine.make("fuzz").notes == ["-m tools.fuzz"]
    assert set_up(machine) == []
