"""`manage.py check_schedule`: does every active visit from today on hold exactly its time?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from scheduling.booking import integrity


class Command(BaseCommand):
    help = "Compares appointments with the time that is claimed for them; exits 1 where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="set right what needs no human choice; the rest is named",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["repair"]:
            for uuid in integrity.repair_all(now=now):
                self.stdout.write(f"{uuid}: set right")
        problems = integrity.problems(now=now)
        for problem in problems:
            left = " (its time is taken: a person must choose)" if options["repair"] else ""
            self.stderr.write(f"{problem}{left}")
        stranded = integrity.notices(now=now)
        for visit in stranded:
            self.stdout.write(f"{visit.uuid}: stands outside the doctor's hours or in time off (no fault)")
        if problems:
            self.stderr.write(f"{len(problems)} problems in the schedule.")
            raise SystemExit(1)
        self.stdout.write("The schedule is sound: every active visit holds exactly its time.")
