"""`manage.py take_bounce`: a mail that came back, from the mail server's pipe (docs/webhooks.md)."""

import sys
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from scheduling.notices import bounces, returned_mail

TRY_AGAIN: Final = 75  # EX_TEMPFAIL: the mail server keeps the mail and comes again


class Command(BaseCommand):
    help = (
        "Reads a mail from standard input that came back to a return path, and marks what it says of a "
        "message of ours. A mail that says nothing is dropped. Ends with 75 where it has to be tried again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "recipient",
            nargs="*",
            help="to whom it came, by the mail server (Postfix: ${recipient})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(returned_mail.LARGEST + 1)
        report = returned_mail.read(raw, options["recipient"])
        if report is None:
            self.stdout.write("not a report about a message of ours")
            return
        try:
            bounces.returned(
                report.key,
                permanent=report.permanent,
                of_the_address=report.of_the_address,
                answer=report.code,
                addresses=report.addresses,
                now=timezone.now(),
            )
        except bounces.UnknownMessage:
            self.stdout.write("not a message of ours")
        except (bounces.NotYet, Error) as error:
            raise CommandError(f"not now: {type(error).__name__}", returncode=TRY_AGAIN) from None
        else:
            self.stdout.write(f"{'for good' if report.permanent else 'for now'}: {report.code}")
