"""deploy/secrets.sh: settings that the program starts with, secrets that nobody else can read."""

import shutil
import subprocess

import environ
import pytest

from appointments_site import readers
from tools.starting import ROOT


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "secrets.sh", tmp_path / "deploy")
    shutil.copy(ROOT / ".env.example", tmp_path)
    return tmp_path


def secrets(folder, *words):
    return subprocess.run(
        [folder / "deploy" / "secrets.sh", *words], capture_output=True, text=True, check=False
    )


def read(file):
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if line and line[0] != "#")


def test_the_settings_are_whole_and_safe(folder):
    assert secrets(folder, "clinic.example").returncode == 0
    settings = read(folder / ".env")
    readers.require_strong_secret("SECRET_KEY", settings["SECRET_KEY"], default="")
    assert settings["ALLOWED_HOSTS"] == "clinic.example"
    assert (settings["DEBUG"], settings["BEHIND_TLS_PROXY"], settings["TRUSTED_PROXIES"]) == (
        "false",
        "true",
        "1",
    )
    for file, account in ((".env", ""), ("secrets/owner.env", "_owner"), ("secrets/backup.env", "_backup")):
        database = environ.Env.db_url_config(read(folder / file)["DATABASE_URL"])
        assert (database["USER"], database["NAME"]) == (f"appointments{account}", "appointments")
        assert database["HOST"] == "localhost"


def test_each_secret_is_another_and_the_accounts_have_those_of_the_settings(folder):
    secrets(folder, "clinic.example", "database")
    passwords = read(folder / "secrets" / "database.env")
    assert len({*passwords.values(), read(folder / ".env")["SECRET_KEY"]}) == 5
    for file, name in ((".env", "WEB"), ("secrets/owner.env", "OWNER"), ("secrets/backup.env", "BACKUP")):
        database = environ.Env.db_url_config(read(folder / file)["DATABASE_URL"])
        assert (database["PASSWORD"], database["HOST"]) == (passwords[f"{name}_PASSWORD"], "database")


def test_only_their_owner_may_read_them(folder):
    secrets(folder, "clinic.example")
    for path in (folder / ".env", folder / "secrets", *(folder / "secrets").iterdir()):
        assert path.stat().st_mode & 0o077 == 0


def test_what_is_there_is_never_written_over(folder):
    (folder / ".env").write_text("mine")
    done = secrets(folder, "clinic.example")
    assert (done.returncode, done.stderr) == (1, ".env is there already: nothing was changed.\n")
    assert (folder / ".env").read_text() == "mine"
    assert not (folder / "secrets").exists()


def test_it_asks_for_the_name_of_the_site(folder):
    done = secrets(folder)
    assert done.returncode != 0
    assert "the name that the site is reached by" in done.stderr
    assert not (folder / ".env").exists()
