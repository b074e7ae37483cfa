"""`manage.py migrate`, which waits some seconds for a backup or another migration, and keeps them out."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from scheduling.database.schema_lock import SchemaLocked, schema_lock


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        if options["check_unapplied"] or options["plan"]:  # only looks
            return super().handle(*args, **options)
        try:
            with schema_lock():
                return super().handle(*args, **options)
        except SchemaLocked:
            raise CommandError(
                "This database is migrated, backed up or restored by somebody else now. Nothing was changed: "
                "try again when that is done."
            ) from None
