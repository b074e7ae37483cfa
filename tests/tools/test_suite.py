"""`make test` passes only where all of it ran; what a machine cannot run is named with its reason."""

import pytest

# Stands for make: notes what it is asked for, and fails at the targets in $BROKEN.
MAKE = """#!/bin/sh
case $1 in
browser | .venv*) ;;
*) echo "$*" >>"$NOTES" ;;
esac
for each in $BROKEN; do
    if [ "$each" = "$1" ] || [ "$each" = "${2-}" ]; then
        echo "Missing: ask for $each" >&2; echo "make: *** [Makefile:1: $each] Error 1" >&2; exit 2
    fi
done
"""
FUZZER = ".venv-schemathesis/requirements-schemathesis.txt"
EVERYTHING = ["lint", "fuzz ARGS=", "test-sqlite ARGS=-k name", "test-mariadb ARGS=-k name"]


@pytest.fixture
def suite(machine):
    machine.program("make", MAKE)
    return lambda broken="": machine.run("tools/test.sh", "-k", "name", MAKE="make", BROKEN=broken)


def test_everything_runs_where_everything_is_there(suite):
    done = suite()
    assert (done.returncode, done.notes) == (0, EVERYTHING)
    assert "NOT RUN" not in done.stdout
    verdicts = [line.split()[-2] for line in done.stdout.splitlines()[-5:]]
    assert verdicts == ["ok"] * 5


@pytest.mark.parametrize("broken", ["lint", "fuzz", "test-sqlite", "test-mariadb"])
def test_one_failure_is_a_failure_and_the_rest_runs(suite, broken):
    done = suite(broken)
    assert (done.returncode, done.notes) == (1, EVERYTHING)
    verdicts = [line.split()[-2] for line in done.stdout.splitlines()[-5:]]
    assert verdicts.count("FAILED") == 2
    assert verdicts[-1] == "FAILED"


@pytest.mark.parametrize(
    ("broken", "part", "left"),
    [
        ("mariadb", "tests on MariaDB", EVERYTHING[:3]),
        (".venv/requirements-mysql.txt", "tests on MariaDB", EVERYTHING[:3]),
        (FUZZER, "API as documented", [EVERYTHING[0], *EVERYTHING[2:]]),
        (
            "browser",
            "tests in a browser",
            [*EVERYTHING[:2], *(f"test-{on} ARGS=--without-browser -k name" for on in ("sqlite", "mariadb"))],
        ),
    ],
)
def test_what_cannot_be_had_is_not_run_is_told_and_fails(suite, broken, part, left):
    done = suite(broken)
    assert [note for note in done.notes if note != "mariadb"] == left
    assert done.returncode == 1
    assert f"!! NOT RUN: {part}. Missing: ask for {broken}" in done.stdout.splitlines()
    assert any(line.split() == [*part.split(), "NOT", "RUN", "-"] for line in done.stdout.splitlines())
    assert done.stdout.splitlines()[-1].split()[:4] == ["all", "of", "it", "FAILED"]
