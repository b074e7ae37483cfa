"""`manage.py run_jobs`: what the clock does."""

import os
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from scheduling.jobs.registry import JOBS
from scheduling.jobs.running import Runner, why_it_waits


class Command(BaseCommand):
    help = (
        "Does the jobs that are due, once; with --watch for as long as it runs. Several may run at once, on "
        "several machines: each job is done by one of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--watch", action="store_true", help="go on until SIGTERM; a job in hand is finished"
        )
        parser.add_argument(
            "--until-input-ends",
            action="store_true",
            help="with --watch: end with whoever holds the other end of standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        runner = Runner(JOBS)
        if not options["watch"]:
            try:
                runner.run_due()
            except Error as error:
                if (reason := why_it_waits(error)) is None:
                    raise
                raise CommandError(f"The database cannot serve: {reason}.") from None
            return
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        if options["until_input_ends"]:
            threading.Thread(target=_wait_for_the_end_of_input, args=(over,), daemon=True).start()
        runner.watch(over)


def _wait_for_the_end_of_input(over: threading.Event) -> None:
    while os.read(0, 4096):  # not by `sys.stdin`, whose lock a thread would hold while Python ends
        pass
    over.set()
