"""`.env` is written once, for its owner only, and read as the program reads it."""

import pytest

from tools import dotenv

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(dotenv, "FILE", tmp_path / ".env")
    for name in ("DEBUG", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return dotenv.FILE


def test_the_first_run_writes_a_secret_of_its_own(file, capsys):
    dotenv.write_if_missing()
    assert file.stat().st_mode & 0o777 == 0o600
    assert dotenv.debug()
    assert len(dotenv.setting("SECRET_KEY")) > 60
    assert "Wrote .env" in capsys.readouterr().out


def test_a_file_that_is_there_stays_as_it_is(file, capsys):
    file.write_text("DEBUG=false\n")
    dotenv.write_if_missing()
    assert file.read_text() == "DEBUG=false\n"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "line",
    [
        "DATABASE_URL=mysql://root:@db/clinic",
        "  export DATABASE_URL = 'mysql://root:@db/clinic'  ",
        'DATABASE_URL="mysql://root:@db/clinic"',
        "# DATABASE_URL=sqlite:///x\nDATABASE_URL=mysql://root:@db/clinic # ours",
    ],
)
def test_each_way_to_write_a_setting_is_read(file, line):
    file.write_text(line)
    assert dotenv.setting("DATABASE_URL") == "mysql://root:@db/clinic"


def test_the_environment_wins(file, monkeypatch):
    file.write_text("DEBUG=true")
    monkeypatch.setenv("DEBUG", "false")
    assert not dotenv.debug()


def test_without_a_file_nothing_is_set():
    assert dotenv.setting("DATABASE_URL") == ""
    assert not dotenv.debug()
