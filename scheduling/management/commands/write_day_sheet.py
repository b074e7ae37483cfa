"""`manage.py write_day_sheet`: the day on paper as a file, for the day the network fails."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from scheduling.clock import clinic_today
from scheduling.jobs import day_sheets
from scheduling.times import possible


class Command(BaseCommand):
    help = (
        "Writes each day as one HTML file that needs nothing beside it. It holds patients' names, phones and "
        "reasons: only their owner may read them. run_jobs does it by itself where DAY_SHEET_FOLDER is set."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", help="the first day, YYYY-MM-DD; today where it is left out")
        parser.add_argument(
            "--days", type=int, default=day_sheets.DAYS, help="how many days, the first included (2)"
        )
        parser.add_argument("--to", required=True, metavar="FOLDER", help="where to; made if it is missing")
        parser.add_argument(
            "--keep", type=int, default=day_sheets.KEPT, metavar="N", help="newest days kept (14)"
        )
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        now, folder = timezone.now(), Path(options["to"])
        first = self._first(options["date"]) or clinic_today(now)
        if not 1 <= options["days"] <= 31:
            raise CommandError("--days: between 1 and 31.")
        if options["keep"] < options["days"]:
            raise CommandError("--keep: at least as many days as are written.")
        try:
            with translation.override(options["language"] or settings.LANGUAGE_CODE):
                written = day_sheets.write(folder, first, days=options["days"], keep=options["keep"], now=now)
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from error
        for path in written:
            self.stdout.write(str(path))

    def _first(self, typed: str | None) -> date | None:
        try:
            day = date.fromisoformat(typed) if typed else None
        except ValueError:
            raise CommandError("--date: a day like 2026-03-31.") from None
        if day is not None and not possible.FIRST_DAY <= day <= possible.LAST_DAY:
            raise CommandError(f"--date: check the year, {day.year:04}.")
        return day
