"""`manage.py check_schedule`: does every active visit from today on hold exactly its time, and is every
patient found by the record's own words?"""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from scheduling.booking import integrity, merging, search_words
from scheduling.booking.audit import audit


class Command(BaseCommand):
    help = (
        "Compares appointments with the time that is claimed for them, and patients with the words by which "
        "they are found; exits 1 where they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="set right what needs no human choice; the rest is named",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["repair"]:
            self._repair(now)
        found = audit(now=now)
        for problem in found.problems:
            left = " (its time is taken: a person must choose)" if options["repair"] else ""
            self.stderr.write(f"{problem}{left}")
        for uuid in found.left_behind:
            self.stderr.write(f"{uuid}: its patient's record is a part of another, which it was not given to")
        for visit in integrity.notices(now=now):
            self.stdout.write(f"{visit.uuid}: stands outside the doctor's hours or in time off (no fault)")
        for uuid in found.lost:
            self.stderr.write(f"patient {uuid}: search words are not those of the record (--repair)")
        if found.problems:
            self.stderr.write(f"{len(found.problems)} problems in the schedule.")
        if found.count:
            raise SystemExit(1)
        self.stdout.write("The schedule is sound: every active visit holds exactly its time.")

    def _repair(self, now: datetime) -> None:
        for uuid in merging.fetch_left_behind(now=now):
            self.stdout.write(f"{uuid}: handed over to the record that its patient's is a part of")
        for uuid in integrity.repair_all(now=now):
            self.stdout.write(f"{uuid}: set right")
        for uuid in search_words.repair_all():
            self.stdout.write(f"patient {uuid}: search words written anew")
