"""`manage.py check_schedule`: does every active visit of today and later hold exactly its time?"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from scheduling.booking import integrity


class Command(BaseCommand):
    help = "Compares appointments with the time that is claimed for them; exits 1 where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        problems = integrity.problems(now=timezone.now())
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            self.stderr.write(f"{len(problems)} problems in the schedule.")
            raise SystemExit(1)
        self.stdout.write("The schedule is sound: every active visit holds exactly its time.")
