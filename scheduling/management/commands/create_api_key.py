"""`manage.py create_api_key`: a key for another program, told once, alone on the last line."""

from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import api_keys
from accounts.models import Scope
from scheduling.clock import clinic_zone
from scheduling.matching.characters import clean
from scheduling.times import clinic_day, possible


class Command(BaseCommand):
    help = (
        "Makes a key with which another program may use /api/v1/. The key is printed once, alone on the last "
        "line, and is stored only as a digest: who loses it makes another."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "name", metavar="NAME", help="what the program is called in the history of visits"
        )
        parser.add_argument(
            "--scope",
            required=True,
            choices=Scope.values,
            help="read: look only. book: also patients and visits. manage: also doctors",
        )
        parser.add_argument(
            "--expires",
            metavar="DATE",
            help="the last day on which it is good, YYYY-MM-DD, at the clinic; never where it is left out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        ends = self._end_of(options["expires"], now) if options["expires"] is not None else None
        scope = Scope(options["scope"])
        try:
            key, secret = api_keys.issue(clean(options["name"]), scope, expires_at=ends, now=now)
        except api_keys.BadName as error:
            raise CommandError(str(error)) from None
        until = f"through {options['expires']}" if ends else "until it is revoked"
        self.stdout.write(
            f"“{key.name}” has a key of scope {scope.value}, good {until}. It is shown this once:"
        )
        self.stdout.write(secret)

    def _end_of(self, typed: str, now: datetime) -> datetime:
        """The end of the clinic's day, which still counts."""
        zone = clinic_zone()
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            raise CommandError("--expires: a day like 2027-03-31.") from None
        if day > possible.LAST_DAY:
            raise CommandError(f"--expires: check the year, {day.year:04}; a day like 2027-03-31.")
        ends = clinic_day.whole_day(max(day, possible.FIRST_DAY), zone).end
        if ends <= now:
            today = clinic_day.day_of(now, zone)
            raise CommandError(f"--expires: {day} is past. Use today, {today}, or a later day.")
        return ends
