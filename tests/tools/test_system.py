"""System packages: installed as root on Debian, asked for in one line elsewhere."""

import pytest

from tools import chromium

# Each call is noted; the codes that it ends with are the lines of a file.
APT = """#!/bin/sh
shift 3; echo "$*" >>"$NOTES"
read -r code <"$ANSWERS"; sed -i 1d "$ANSWERS"
[ "$code" = 0 ] || { echo "Reading lists"; echo "E: Unable to locate package away"; }
exit "${code:-0}"
"""
INSTALL = "install -y --no-install-recommends away far"


@pytest.fixture
def need(machine, tmp_path):
    """`need()`: ask for two packages that are missing and one that is there, as root on Debian."""
    machine.program("id", "#!/bin/sh\necho 0\n")
    machine.program("apt-get", APT)

    def ask(*codes, packages=("sed", "away", "far")):
        (tmp_path / "answers").write_text("".join(f"{code}\n" for code in codes))
        return machine.run("tools/system.sh", "for a test", *packages, ANSWERS=str(tmp_path / "answers"))

    return ask


def test_nothing_is_done_where_nothing_is_missing(need):
    done = need(packages=["sed"])
    assert (done.returncode, done.stdout, done.notes) == (0, "", [])


def test_root_on_debian_gets_what_is_missing_and_is_told(need):
    done = need(0)
    assert (done.returncode, done.notes) == (0, [INSTALL])
    assert done.stdout == "Installing system packages for a test: away far\n"


def test_an_old_list_of_packages_is_fetched_anew(need):
    done = need(100, 0, 0)
    assert (done.returncode, done.notes) == (0, [INSTALL, "update", INSTALL])


def test_a_package_that_is_not_to_be_had_is_told_with_its_reason(need):
    done = need(100, 0, 100)
    assert done.returncode == 1
    assert done.stderr == "apt-get could not install away far: E: Unable to locate package away\n"


def test_others_are_told_what_to_ask_for(need, machine):
    machine.program("id", "#!/bin/sh\necho 1000\n")
    done = need()
    assert (done.returncode, done.notes) == (1, [])
    asked = "apt-get install --no-install-recommends away far"
    assert done.stderr == f"Missing for a test: ask an administrator for: {asked}\n"


def test_other_systems_are_told_what_debian_calls_it(need, machine):
    (machine.programs / "apt-get").unlink()
    assert need().stderr == "Missing for a test: install what Debian calls away far.\n"


@pytest.mark.parametrize("name", chromium.NAMES)
def test_each_browser_that_tests_drive_is_one(need, machine, name):
    machine.program(name, "#!/bin/sh\n")
    assert need(packages=["chromium-headless-shell"]).stdout == ""
    (machine.programs / name).unlink()
    assert need(0, packages=["chromium-headless-shell"]).stdout.endswith(": chromium-headless-shell\n")
