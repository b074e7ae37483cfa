"""`manage.py runserver`, which tries the database before anything else."""

from typing import Any

from django.contrib.staticfiles.management.commands import runserver

from appointments_site.database import announce


class Command(runserver.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        announce()
        super().handle(*args, **options)
