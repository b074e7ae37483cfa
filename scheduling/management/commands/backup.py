"""`manage.py backup`: all that is stored, as one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from scheduling.backups import making
from scheduling.backups.ending import end_in_order
from scheduling.backups.failed import BackupFailed


class Command(BaseCommand):
    help = (
        "Writes everything that is stored at one moment into one file, while bookings go on. It holds "
        "patients' records: only its owner may read it. `restore` puts it back (docs/backups.md)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "target", metavar="FILE", help="a new file, or a folder, in which it is named by the time"
        )
        parser.add_argument("--keep", type=int, metavar="N", help="in a folder: so many newest backups stay")

    def handle(self, *args: Any, **options: Any) -> None:
        end_in_order()
        target, keep = Path(options["target"]), options["keep"]
        if keep is not None and not target.is_dir():
            raise CommandError("--keep: only where FILE is a folder.")
        if keep is not None and keep < 1:
            raise CommandError("--keep: at least 1.")
        try:
            path, manifest = making.make(target, now=timezone.now(), keep=keep)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.counts.values())
        self.stdout.write(
            f"{path}: {rows} rows in {len(manifest.counts)} tables, {path.stat().st_size} bytes."
        )
