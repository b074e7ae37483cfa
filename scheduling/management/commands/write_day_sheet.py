"""`manage.py write_day_sheet`: the day on paper as a file, for the day the network fails."""

import os
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from scheduling.clock import clinic_today
from scheduling.views.desk.board.sheet import pages_of

PATTERN = "day-????-??-??.html"


class Command(BaseCommand):
    help = (
        "Writes each day as one HTML file that needs nothing beside it. It holds patients' names, phones and "
        "reasons: only their owner may read them. Made to be run by a timer (docs/operations.md)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", help="the first day, YYYY-MM-DD; today where it is left out")
        parser.add_argument("--days", type=int, default=2, help="how many days, the first included (2)")
        parser.add_argument("--to", required=True, metavar="FOLDER", help="where to; made if it is missing")
        parser.add_argument("--keep", type=int, default=14, metavar="N", help="newest days kept (14)")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        now, folder = timezone.now(), Path(options["to"])
        first = self._first(options["date"]) or clinic_today(now)
        if not 1 <= options["days"] <= 31:
            raise CommandError("--days: between 1 and 31.")
        if options["keep"] < options["days"]:
            raise CommandError("--keep: at least as many days as are written.")
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with translation.override(options["language"] or settings.LANGUAGE_CODE):
                for day in (first + timedelta(days=n) for n in range(options["days"])):
                    self.stdout.write(str(self._write(folder, day, now)))
            for old in sorted(folder.glob(PATTERN))[: -options["keep"]]:
                old.unlink()
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from error

    def _first(self, typed: str | None) -> date | None:
        try:
            return date.fromisoformat(typed) if typed else None
        except ValueError:
            raise CommandError("--date: a day like 2026-03-31.") from None

    def _write(self, folder: Path, day: date, now: Any) -> Path:
        """Under another name first: whoever opens the file finds the old or the new one, never half of it."""
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
        handle, name = tempfile.mkstemp(dir=folder, prefix=".day-", suffix=".tmp")  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return target


def _of_ours(style: str) -> str:
    """Our own stylesheet, which goes into the file as it is."""
    return mark_safe(style)  # noqa: S308  (a file of the program, not something typed)
