"""The environment of the tests comes from one place, and leaves nothing to a shell or a `.env`."""

import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import environment
from tools.starting import ROOT


def test_every_variable_that_the_settings_read_is_fixed_for_the_tests():
    source = (ROOT / "appointments_site" / "settings.py").read_text()
    read = set(re.findall(r'\benv(?:(?:\.\w+)?\(|,)\s*"([A-Z_]+)"', source))
    assert {"SECRET_KEY", "SESSION_IDLE_MINUTES"} <= read
    assert read - set(environment.values("/folder")) == set()


def test_the_settings_took_it():
    assert os.environ["SECRET_KEY"] == environment.FIXED["SECRET_KEY"]
    assert os.environ["CLINIC_NAME"] == "Clínica San Telmo"


def test_all_workers_share_the_one_private_folder():
    folder = Path(os.environ["TEST_DATABASE_FILE"]).parent
    assert folder.name.startswith("clinic-tests-")
    assert folder.is_dir()


@pytest.mark.parametrize(
    ("database_url", "without_browser", "left"),
    [
        ("sqlite:////x.sqlite3", False, ["plain", "browser"]),
        ("sqlite:////x.sqlite3", True, ["plain"]),
        ("mysql://root@localhost/clinic", False, ["plain", "browser", "mariadb"]),
        ("mysql://root@localhost/clinic", True, ["plain", "mariadb"]),
    ],
)
def test_tests_that_can_say_nothing_are_left_out(monkeypatch, database_url, without_browser, left):
    monkeypatch.setenv("DATABASE_URL", database_url)
    items = [Item("plain"), Item("browser"), Item("mariadb")]
    told = []
    hook = SimpleNamespace(pytest_deselected=lambda *, items: told.extend(items))
    config = SimpleNamespace(getoption=lambda name: without_browser, hook=hook)

    environment.pytest_collection_modifyitems(config, items)

    assert [item.mark for item in items] == left
    assert len(items) + len(told) == 3


@pytest.mark.parametrize(
    ("module", "once"),
    [
        ("tests/views/desk/board/test_board.py", True),
        ("tests/views/test_walk.py", False),
        ("tests/test_access.py", True),
        ("tests/booking/test_race.py", False),
        ("tests/viewsandmore/test_board.py", False),
    ],
)
def test_a_folder_that_asks_nothing_of_the_database_runs_once(module, once):
    assert environment.runs_once(module) is once


@pytest.mark.parametrize(
    ("database", "read"), [("sqlite:////x.sqlite3", True), ("mysql://root@localhost/x", False)]
)
def test_a_module_that_runs_once_is_not_read_on_mariadb(monkeypatch, database, read):
    monkeypatch.setenv("DATABASE_URL", database)
    config = SimpleNamespace(rootpath=ROOT, getoption=lambda name: False)
    for path, is_left_out in (("tests/test_access.py", not read), ("tests/views/test_walk.py", False)):
        assert bool(environment.pytest_ignore_collect(ROOT / path, config)) is is_left_out


def test_in_a_hurry_what_is_slow_is_not_read(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////x.sqlite3")
    config = SimpleNamespace(rootpath=ROOT, getoption=lambda name: name == "--fast")
    for path, is_left_out in (("tests/booking/test_race.py", True), ("tests/booking/test_rules.py", False)):
        assert bool(environment.pytest_ignore_collect(ROOT / path, config)) is is_left_out
    assert [path for path in environment.SLOW if not (ROOT / path).exists()] == []


def test_every_folder_that_runs_once_is_there_and_every_exception_lies_in_one():
    assert [path for path in environment.ONCE | environment.ON_EACH if not (ROOT / path).exists()] == []
    assert [path for path in environment.ON_EACH if not environment.runs_once(str(Path(path).parent))] == []


class Item:
    def __init__(self, mark):
        self.mark = mark

    def get_closest_marker(self, name):
        return name if name == self.mark else None
