"""`manage.py restore`: a backup put in the place of what is stored."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from scheduling.backups import restoring
from scheduling.backups.ending import end_in_order
from scheduling.backups.failed import BackupFailed


class Command(BaseCommand):
    help = (
        "Puts a backup into an empty database, or with --replace in the place of everything that the "
        "database holds; then checks the schedule. Stop the server and the jobs first (docs/backups.md)."
    )
    requires_system_checks = []  # what they ask of may be what is lost

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="what `backup` wrote")
        parser.add_argument("--replace", action="store_true", help="also where the database holds something")
        parser.add_argument(
            "--no-input", action="store_false", dest="asks", help="do not ask before --replace"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        end_in_order()
        where = f"Database {connection.settings_dict['NAME']}"
        if not restoring.is_empty():
            if not options["replace"]:
                raise CommandError(
                    f"{where}: it is not empty. Nothing was changed. --replace overwrites all of it."
                )
            self._ask(where, asks=options["asks"])
        try:
            restoring.restore(Path(options["file"]), tell=self.stdout.write)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        call_command("check_schedule", stdout=self.stdout, stderr=self.stderr)

    def _ask(self, where: str, *, asks: bool) -> None:
        if not asks:
            return
        self.stdout.write(f"{where}: everything in it will be overwritten by the backup.")
        try:
            said = input("Type “replace” to go on: ")
        except EOFError:
            said = ""
        if said.strip() != "replace":
            raise CommandError("Nothing was changed.")
