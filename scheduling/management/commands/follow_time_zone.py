"""`manage.py follow_time_zone`: after the clinic's zone was changed, time off and extra hours are moved to
the same times on its clocks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from scheduling.booking import changed_zone
from scheduling.clock import clinic_zone
from scheduling.models import TimeOff


class Command(BaseCommand):
    help = (
        "After CLINIC_TIME_ZONE was changed: time off and extra hours to come that were typed by the old "
        "clocks are moved to the same times on the new ones. Visits stay where they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="tell what would be moved; change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now, zone = timezone.now(), clinic_zone()
        if options["dry_run"]:
            found = changed_zone.by_other_clocks(now=now)
        else:
            found = changed_zone.move_along(now=now)
        for moved in found:
            what = "time off" if isinstance(moved.row, TimeOff) else "extra hours"
            shown = f"{moved.row.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"
            told = f"{what} {moved.row.uuid} ({moved.row.time_zone}), now from {shown}"
            if moved.span is None:
                self.stderr.write(f"{told}: there is no such time in {zone.key}; left as it is")
            else:
                self.stdout.write(f"{told}: from {moved.span.start.astimezone(zone):%Y-%m-%d %H:%M}")
        done = sum(moved.span is not None for moved in found)
        self.stdout.write(f"{done} would be moved." if options["dry_run"] else f"{done} moved.")
        self.stdout.write("Visits stay at their instants. check_schedule names those outside hours.")
