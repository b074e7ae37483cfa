"""`manage.py create_database`: the database on a MySQL or MariaDB server, where it is missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from appointments_site.database import address, reason

ACCESS_DENIED = 1044


class Command(BaseCommand):
    help = "Creates the database of DATABASE_URL in utf8mb4 if it is missing; never changes an existing one."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        values = connection.settings_dict
        if connection.vendor != "mysql":
            self.stdout.write(f"Nothing to create: {address(values)}.")
            return
        name = values["NAME"]
        server = connection.copy()
        server.settings_dict["NAME"] = None
        try:
            with server.cursor() as cursor:
                if _exists(cursor, name):
                    self.stdout.write(f"The database {name} is there.")
                    return
                cursor.execute(_create(name))
        except OperationalError as error:
            if error.args[0] != ACCESS_DENIED:
                raise
            raise CommandError(f"{reason(error, values)}. Ask for: {_create(name)}") from None
        finally:
            server.close()
        self.stdout.write(f"Created the database {name} (utf8mb4).")


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", [name])
    return cursor.fetchone() is not None


def _create(name: str) -> str:
    quoted = "`" + name.replace("`", "``") + "`"
    return f"CREATE DATABASE IF NOT EXISTS {quoted} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
