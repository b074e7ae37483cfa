"""The day as a file, for when the network fails."""

import stat

import pytest
from django.core.management import CommandError, call_command

from tests.views.desk.conftest import at_eight, book  # noqa: F401  (fixtures)

pytestmark = pytest.mark.usefixtures("at_eight")


def write(folder, *options):
    call_command("write_day_sheet", "--to", str(folder), "--date", "2026-03-03", *options, verbosity=0)


def test_each_day_is_one_file_that_needs_nothing_else(tmp_path, book, osei, ana):  # noqa: F811
    book(osei, ana, "2026-03-04 10:00", description="Short of breath")
    write(tmp_path / "sheets")
    files = sorted((tmp_path / "sheets").iterdir())
    assert [file.name for file in files] == ["day-2026-03-03.html", "day-2026-03-04.html"]
    html = files[1].read_text(encoding="utf-8")
    for said in ("Ana Souza Prieto", "Short of breath", "Wednesday 4 March 2026", "@media print"):
        assert said in html
    for elsewhere in ("http:", "https:", "src=", "<link", "<script", "@import", "url("):
        assert elsewhere not in html


def test_only_its_owner_may_read_it(tmp_path, osei):
    write(tmp_path / "sheets")
    assert stat.S_IMODE((tmp_path / "sheets").stat().st_mode) == 0o700
    for file in (tmp_path / "sheets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_is_written_anew_and_old_days_are_removed(tmp_path, osei):
    other = tmp_path / "notes.html"
    for name in ("day-2026-03-01.html", "day-2026-03-02.html", "day-2026-03-03.html"):
        (tmp_path / name).write_text("old")
    other.write_text("kept")
    write(tmp_path, "--keep", "3")
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "day-2026-03-02.html",
        "day-2026-03-03.html",
        "day-2026-03-04.html",
        "notes.html",
    ]
    assert "Dr Ama Osei" in (tmp_path / "day-2026-03-03.html").read_text()


def test_what_cannot_be_rendered_leaves_the_old_file(tmp_path, osei, monkeypatch):
    (tmp_path / "day-2026-03-03.html").write_text("old")
    monkeypatch.setattr("scheduling.files.os.fsync", _full)
    with pytest.raises(CommandError, match="No space left"):
        write(tmp_path)
    assert (tmp_path / "day-2026-03-03.html").read_text() == "old"
    assert not list(tmp_path.glob(".day-*"))


def _full(handle):
    raise OSError(28, "No space left on device")


def test_it_speaks_the_language_that_is_asked_for(tmp_path, osei):
    write(tmp_path, "--language", "es")
    assert "martes, 3 de marzo de 2026" in (tmp_path / "day-2026-03-03.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--date", "soon"], "--date"),
        (["--days", "0"], "--days"),
        (["--days", "32"], "--days"),
        (["--days", "3", "--keep", "2"], "--keep"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(tmp_path, db, options, says):
    with pytest.raises(CommandError, match=says):
        write(tmp_path, *options)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path, osei):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file"):
        write(tmp_path / "file")
