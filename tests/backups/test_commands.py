"""`backup` and `restore`, as an administrator calls them."""

import json
import os
import stat
import zipfile

import pytest

from tests import environment
from tests.backups.elsewhere import said, stored
from tests.cluster.trial import manage

MODELS = "from scheduling.models import *"
COUNTS = f"{MODELS}; print([model.objects.count() for model in (Patient, WorkingHours, Doctor)])"


def test_what_is_restored_is_what_was_backed_up(clinic, backup, empty):
    status, text = said(empty, "restore", str(backup))
    assert status == 0, text
    assert "The backup is whole." in text
    assert "The schedule is sound" in text
    assert manage(empty, "shell", "-v0", "-c", COUNTS) == manage(clinic, "shell", "-v0", "-c", COUNTS)
    assert stored(empty) == stored(clinic)
    assert "No changes" in manage(empty, "makemigrations", "--check")
    assert "No migrations to apply" in manage(empty, "migrate")


def test_it_says_what_it_is_and_only_its_owner_may_read_it(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    manifest = json.loads(zipfile.ZipFile(backup).read("manifest.json"))
    assert manifest["vendor"] == ("mysql" if environment.on_mariadb() else "sqlite")
    assert manifest["counts"]["patients"] == 40 and manifest["counts"]["working_hours"] == 42
    assert manifest["counts"]["appointments"] == 0  # an empty table counts, too
    assert "scheduling.0001_the_appointment_book" in manifest["migrations"]
    assert manifest["made_at"].endswith("+00:00")


def test_nothing_is_overwritten_unasked(clinic, backup):
    status, text = said(clinic, "backup", str(backup))
    assert status == 1 and "is there already" in text
    before = stored(clinic)
    status, text = said(clinic, "restore", str(backup))
    assert status == 1 and "not empty" in text and "--replace" in text
    status, text = said(clinic, "restore", str(backup), "--replace", typed="no\n")
    assert status == 1 and "Nothing was changed" in text
    assert stored(clinic) == before


def test_a_fresh_installation_counts_as_empty(backup, empty):
    manage(empty, "migrate", "-v0")
    status, text = said(empty, "restore", str(backup))
    assert status == 0, text


def test_replace_puts_the_backup_in_the_place_of_everything(backup, empty):
    manage(empty, "restore", str(backup))
    manage(empty, "shell", "-v0", "-c", f"{MODELS}; WorkingHours.objects.all().delete()")
    status, text = said(empty, "restore", str(backup), "--replace", typed="replace\n")
    assert status == 0, text
    assert manage(empty, "shell", "-v0", "-c", COUNTS).strip() == "[40, 42, 6]"


def damaged(backup, tmp_path, change):
    path = tmp_path / "damaged.zip"
    path.write_bytes(change(backup.read_bytes()))
    return path


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(lambda data: data[:200] + bytes(100) + data[300:], id="zeros inside"),
        pytest.param(lambda data: data[:2000] + b"\0\1\2" + data[2003:], id="other bytes inside"),
        pytest.param(lambda data: data[:-30] + bytes(30), id="zeros at its end"),
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: b"-- Dump completed", id="something else"),
    ],
)
def test_a_damaged_file_changes_nothing(clinic, backup, tmp_path, change):
    before = stored(clinic)
    path = damaged(backup, tmp_path, change)
    status, text = said(clinic, "restore", str(path), "--replace", "--no-input")
    assert status == 1 and str(path) in text and "Traceback" not in text
    assert stored(clinic) == before


def rewritten(backup, path, **changes):
    """The same backup with other things in its manifest."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                data = json.dumps(json.loads(data) | changes).encode()
            new.writestr(name, data)
    return path


def test_a_backup_of_a_newer_version_is_refused(backup, empty, tmp_path):
    path = rewritten(
        backup, tmp_path / "newer.zip", version="9.0.0", migrations=["scheduling.9999_of_tomorrow"]
    )
    status, text = said(empty, "restore", str(path))
    assert status == 1 and "9.0.0" in text and "scheduling.9999_of_tomorrow" in text
    assert manage(empty, "showmigrations", "--plan").count("[X]") == 0


def test_rows_that_are_missing_afterwards_are_told(backup, empty, tmp_path):
    counts = json.loads(zipfile.ZipFile(backup).read("manifest.json"))["counts"] | {"patients": 41}
    status, text = said(empty, "restore", str(rewritten(backup, tmp_path / "more.zip", counts=counts)))
    assert status == 1 and "patients has 40 rows and not 41" in text


def test_an_older_backup_is_migrated(clinic, empty, tmp_path):
    manage(clinic, "backup", str(tmp_path / "now.zip"))
    manage(empty, "restore", str(tmp_path / "now.zip"))
    manage(empty, "migrate", "-v0", "scheduling", "0018")
    manage(empty, "backup", str(tmp_path / "old.zip"))
    status, text = said(empty, "restore", str(tmp_path / "old.zip"), "--replace", "--no-input")
    assert status == 0 and "Migrating from version" in text, text
    assert "No migrations to apply" in manage(empty, "migrate")


def test_in_a_folder_the_newest_stay(clinic, tmp_path):
    for name in ("appointments-20260101T040000Z.zip", "appointments-20260102T040000Z.zip", "other.zip"):
        (tmp_path / name).write_text("old")
    manage(clinic, "backup", str(tmp_path), "--keep", "2")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 3 and names[0] == "appointments-20260102T040000Z.zip" and names[2] == "other.zip"


def test_what_cannot_be_written_is_told_and_leaves_nothing(clinic, tmp_path):
    (tmp_path / "appointments-20260101T040000Z.zip").write_text("old")
    for target in (tmp_path / "nowhere" / "backup.zip", "/proc/backup.zip"):
        status, text = said(clinic, "backup", str(target))
        assert status == 1 and "Traceback" not in text, text
    assert [path.name for path in tmp_path.iterdir()] == ["appointments-20260101T040000Z.zip"]
    status, text = said(clinic, "backup", str(tmp_path / "backup.zip"), "--keep", "3")
    assert status == 1 and "--keep" in text


def test_a_name_with_signs_of_an_address_is_a_name(clinic, backup, tmp_path):
    folder = tmp_path / "h#1 50%41?"
    folder.mkdir()
    status, text = said(clinic, "backup", str(folder))
    assert status == 0 and ": 0 rows" not in text, text
    if not environment.on_mariadb():
        url = f"sqlite:///{tmp_path}/clinic%231.sqlite3"
        status, text = said(url, "restore", str(backup))
        assert status == 0, text
        assert (tmp_path / "clinic#1.sqlite3").exists()
    assert not (tmp_path / "h").exists() and not (tmp_path / "clinic").exists()


def test_what_was_just_made_is_never_removed(clinic, tmp_path):
    (tmp_path / "appointments-20990101T040000Z.zip").write_text("of a clock that ran ahead")
    status, text = said(clinic, "backup", str(tmp_path), "--keep", "1")
    assert status == 0, text
    assert len(list(tmp_path.iterdir())) == 2


def test_what_a_killed_process_left_is_removed_after_a_day(clinic, tmp_path):
    old, new = tmp_path / ".backup-old.tmp", tmp_path / ".backup-new.tmp"
    (tmp_path / ".backup-folder").mkdir()
    for path in (old, new):
        path.write_text("half of it")
    for path in (old, tmp_path / ".backup-folder"):
        os.utime(path, (0, 0))
    manage(clinic, "backup", str(tmp_path))
    assert [path.name for path in tmp_path.glob(".*")] == [new.name]
