"""`manage.py check`, which with `--database default` tries the database and says so."""

from typing import Any

from django.core.management.commands import check

from appointments_site.database import announce


class Command(check.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if options["databases"]:
            announce()
        super().handle(*args, **options)
