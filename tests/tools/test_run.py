"""`make run` stops with one clear line where it can't go on."""

import socket

import pytest

from tools import run
from tools.console import ROOT, Stop

pytestmark = pytest.mark.once


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80 80", "٨٠٠٠"])
def test_a_port_that_is_none(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Stop, match="PORT must be a number from 1 to 65535"):
        run._port()


def test_no_port_is_8000_unless_that_is_taken(monkeypatch):
    monkeypatch.setenv("PORT", "")
    monkeypatch.setattr(run.socket.socket, "bind", lambda *_: None, raising=False)
    assert run._port() == 8000


def test_a_port_in_use(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(Stop, match=r"can't be used .*PORT=8123 make run"):
            run._port()


def answering(code, output):
    return lambda command, env=None, quiet=False: (code, output)


def test_a_step_that_fails_in_words_is_told_in_its_words(monkeypatch):
    monkeypatch.setattr(run, "run", answering(3, "Connection error: no such host\n"))
    with pytest.raises(Stop) as stop:
        run._manage("Looking for the database", "create_database")
    assert (stop.value.line, stop.value.code) == ("Connection error: no such host", 3)


def test_a_step_that_fails_with_a_traceback_is_told_in_its_last_line(monkeypatch, tmp_path):
    output = "Traceback (most recent call last):\n  File x\nValueError: no such day\n"
    monkeypatch.setattr(run, "run", answering(1, output))
    monkeypatch.setattr(run, "ROOT", tmp_path)
    with pytest.raises(Stop) as stop:
        run._manage("Working", "migrate")
    assert stop.value.line == "manage.py migrate failed: ValueError: no such day (all of it: var/migrate.log)"
    assert (tmp_path / "var" / "migrate.log").read_text() == output


def test_what_a_step_says_is_shown_under_it(monkeypatch, capsys):
    monkeypatch.setattr(run, "run", answering(0, "3 doctors\nThe password is clinic-demo.\n"))
    assert run._manage("Looking for a demo clinic", "load_demo")
    assert capsys.readouterr().out == "Looking for a demo clinic\n  3 doctors\n"


def test_every_package_is_pinned_exactly():
    for file in ROOT.glob("requirements*.txt"):
        lines = [line.partition("#")[0].strip() for line in file.read_text().splitlines()]
        loose = [line for line in lines if line and "==" not in line and not line.startswith("-r ")]
        assert loose == [], file.name
