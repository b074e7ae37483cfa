"""`manage.py adopt_legacy`: a thin shell around `scheduling.legacy`."""

from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scheduling.clock import clinic_zone
from scheduling.legacy import adoption, originals, report, undo
from scheduling.legacy.stopped import AdoptionError
from scheduling.models.visit_types import LONGEST_VISIT, SHORTEST_VISIT


class Command(BaseCommand):
    help = "Adopts the old appointmentdb (MySQL or MariaDB) in place. docs/adopting.md tells how."

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--dry-run", action="store_true", help="Tell what would be done; change nothing.")
        action.add_argument("--undo", action="store_true", help="Put the old tables back.")
        action.add_argument(
            "--drop-originals", action="store_true", help="Drop the kept old tables, after asking."
        )
        parser.add_argument("--report", metavar="FILE.csv", help="Write every decision (with names).")
        parser.add_argument(
            "--minutes", type=int, default=30, help="Length of every old visit; the old book had none."
        )
        parser.add_argument(
            "--discard-changes", action="store_true", help="With --undo: lose what was changed since."
        )
        parser.add_argument("--no-input", action="store_true", help="With --drop-originals: do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not SHORTEST_VISIT <= options["minutes"] <= LONGEST_VISIT:
            raise CommandError(f"--minutes must be from {SHORTEST_VISIT} to {LONGEST_VISIT}.")
        try:
            if options["undo"]:
                undo.undo(
                    now=datetime.now(UTC),
                    discard_changes=options["discard_changes"],
                    say=self.stdout.write,
                )
            elif options["drop_originals"]:
                originals.drop_originals(
                    confirmed=(lambda _: True) if options["no_input"] else self._confirmed,
                    say=self.stdout.write,
                )
            else:
                self._adopt(**options)
        except AdoptionError as stopped:
            raise CommandError(str(stopped)) from None

    def _adopt(self, *, dry_run: bool, minutes: int, report: str | None, **options: Any) -> None:
        with ExitStack() as stack:
            wanted = adoption.Wanted(
                now=datetime.now(UTC),
                zone=clinic_zone(),
                minutes=minutes,
                say=self.stdout.write,
                report=stack.enter_context(_opened(report)) if report else None,
            )
            (adoption.rehearse if dry_run else adoption.adopt)(wanted)

    def _confirmed(self, name: str) -> bool:
        self.stdout.write("The kept originals will be gone for good, and --undo with them.")
        return input(f"Type the database's name ({name}) to go on: ").strip() == name


def _opened(path: str) -> Any:
    # Before anything else is done, so that a wrong path stops the run with nothing touched.
    try:
        return report.open_private(path)
    except OSError as error:
        raise CommandError(f"The report can't be written: {error.strerror} ({path}).") from None
