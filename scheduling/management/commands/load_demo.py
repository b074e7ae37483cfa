"""`manage.py load_demo`: a clinic to try the program out with."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scheduling.clock import clinic_zone
from scheduling.management.demo import load
from scheduling.management.demo.patients import PATIENTS
from scheduling.management.demo.staff import ACCOUNTS, DOCTORS, PASSWORD, VISIT_TYPES


class Command(BaseCommand):
    help = "Puts a made-up clinic into an empty database. Only with DEBUG on: its password is known to all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="Where there are data already, say so and exit with 0."
        )

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo clinic is for DEBUG=true only: everyone knows its passwords.")
        there = load.whats_there()
        if there and if_empty:
            self.stdout.write("The database is in use; no demo clinic was added.")
            if load.is_there():
                self._tell_accounts()
            return
        if there:
            raise CommandError(f"The database has {there} already. The demo clinic needs an empty one.")
        made = load.load(now=timezone.now(), zone=clinic_zone())
        self.stdout.write(
            f"Demo clinic: {len(DOCTORS)} doctors, {len(VISIT_TYPES)} visit types, {len(PATIENTS)} patients, "
            f"{made.visits} visits on {made.days} days."
        )
        self._tell_accounts()

    def _tell_accounts(self) -> None:
        names = ", ".join(account.username for account in ACCOUNTS)
        self.stdout.write(f"Sign in as {names}; password {PASSWORD}.")
