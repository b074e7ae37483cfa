"""The Dockerfile, as far as reading it tells. `python -m tests.deployment image` runs its steps."""

import re
from pathlib import Path

import pytest

from tests.deployment import dockerfile
from tools.starting import ROOT

BUILDING = {"gcc", "libmariadb-dev", "pkg-config", "python3-dev", "python3-venv"}
SECRETS = re.compile(r"SECRET|PASSWORD|TOKEN|KEY", re.IGNORECASE)


@pytest.fixture(scope="module")
def stages():
    return dockerfile.read(ROOT / "Dockerfile")


def test_what_builds_stays_in_the_first_stage(stages):
    first, last = stages
    installed = [set(re.split(r"\s+", " ".join(stage.of("RUN")))) for stage in stages]
    assert installed[0] >= BUILDING
    assert installed[1] & BUILDING == set()
    assert (first.name, first.base, last.name) == ("build", last.base, "")


def test_it_runs_as_a_user_with_a_number_of_its_own_who_may_write_nothing_of_the_program(stages):
    last = stages[1]
    words = [word for word, _text in last.steps]
    assert last.of("USER") == ["10001:10001"]
    assert words.index("USER") > max(at for at, word in enumerate(words) if word in ("RUN", "COPY"))
    assert not any("--chown" in text for text in last.of("COPY"))


def test_no_secret_stays_in_the_image(stages):
    for stage in stages:
        assert [text for text in stage.of("ENV") + stage.of("ARG") if SECRETS.search(text)] == []
    assert not any(SECRETS.search(text) for text in stages[1].of("RUN"))


def test_its_health_is_asked_without_a_shell_or_another_program(stages):
    (check,) = stages[1].of("HEALTHCHECK")
    assert dockerfile.in_exec_form(check) == ["python3", "deploy/alive.py"]
    assert dockerfile.in_exec_form(stages[1].of("CMD")[0]) == ["gunicorn", "appointments_site.wsgi"]
    assert stages[1].env()["BIND"] == "0.0.0.0:8000"
    assert stages[1].of("EXPOSE") == ["8000"]


def test_what_is_copied_is_there_and_is_all_that_the_program_imports():
    names = dockerfile.allowed(ROOT)
    assert [name for name in names if not (ROOT / name).exists()] == []
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "tools", "bench"}
    assert packages <= {str(name) for name in names}
    assert {Path(".env"), Path("secrets"), Path("var"), Path("tests"), Path(".git")}.isdisjoint(names)


def test_lines_that_go_on_and_comments_between_them_are_read(tmp_path):
    file = tmp_path / "Dockerfile"
    file.write_text("FROM a AS b\nRUN one \\\n    # why\n    && two\nENV PATH=/x:$PATH A=1\nFROM b\n")
    first, second = dockerfile.read(file)
    assert [" ".join(text.split()) for text in first.of("RUN")] == ["one && two"]
    assert first.env()["PATH"].startswith("/x:/usr/")
    assert (first.name, second.base) == ("b", "b")
