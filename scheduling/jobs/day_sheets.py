"""The day on paper as files, for the day the network fails."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from scheduling.clock import clinic_today
from scheduling.files import put_in_place, remove_all_but_newest, remove_leftovers
from scheduling.jobs.failed import JobFailed
from scheduling.views.desk.board.sheet import pages_of

PATTERN: Final = "day-????-??-??.html"
DAYS: Final = 2  # today and tomorrow
KEPT: Final = 14  # newest days


def write_all(now: datetime) -> str:
    """Those of today and tomorrow into DAY_SHEET_FOLDER. Raises `JobFailed`."""
    try:
        written = write(Path(settings.DAY_SHEET_FOLDER), clinic_today(now), days=DAYS, keep=KEPT, now=now)
    except OSError as error:
        raise JobFailed(f"{error.filename or settings.DAY_SHEET_FOLDER}: {error.strerror}") from error
    return gettext("Written: %(count)s days.") % {"count": len(written)}


def write(folder: Path, first: date, *, days: int, keep: int, now: datetime) -> list[Path]:
    """A file for each of so many days from `first` on, in the language that is active; older ones are removed
    but for the `keep` newest. The folder is made if it is missing. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = [_write(folder, first + timedelta(days=n), now) for n in range(days)]
    remove_all_but_newest(folder, PATTERN, keep=keep, made=written)
    remove_leftovers(folder, ".day-*.tmp")
    return written


def _write(folder: Path, day: date, now: datetime) -> Path:
    style = Path(str(finders.find("css/day_sheet.css"))).read_text(encoding="utf-8")
    context = {
        "pages": pages_of(day, now=now),
        "day": day,
        "now": now,
        "css": _of_ours(style),
        "clinic_name": settings.CLINIC_NAME,
    }
    text = render_to_string("desk/board/sheet_file.html", context)
    target = folder / f"day-{day}.html"
    with put_in_place(target, prefix=".day-") as file:
        file.write(text.encode())
    return target


def _of_ours(style: str) -> str:
    """Our own stylesheet, which goes into the file as it is."""
    return mark_safe(style)  # noqa: S308  (a file of the program, not something typed)
