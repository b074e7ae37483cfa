"""The database at start-up: tried once with SELECT 1, and told in one line.

Used by `manage.py` and by the WSGI and ASGI entry points, before anything else asks the database.
"""

import re
import sys
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError


def describe(wrapper: BaseDatabaseWrapper) -> str:
    """Engine, version, host and database name, without user or password."""
    values = wrapper.settings_dict
    if wrapper.vendor == "sqlite":
        version = ".".join(str(part) for part in wrapper.get_database_version())
        return f"SQLite {version}, file {values['NAME']}"
    engine = "MariaDB" if getattr(wrapper, "mysql_is_mariadb", False) else "MySQL"
    version = ".".join(str(part) for part in wrapper.get_database_version())
    where = values["OPTIONS"].get("unix_socket") or f"{values['HOST']}:{values['PORT'] or 3306}"
    return f"{engine} {version}, host {where}, database {values['NAME']}"


def without_secrets(text: str, values: dict[str, Any]) -> str:
    """One line of an error's text, with the password, should a driver ever repeat it, taken out."""
    password = values.get("PASSWORD")
    if password:
        text = text.replace(str(password), "***")
    return re.sub(r"\s+", " ", text).strip()


def reason(error: Exception, values: dict[str, Any]) -> str:
    """What the driver said: MySQL's errors are (number, text), SQLite's are the text alone."""
    said = error.args[1] if len(error.args) > 1 else str(error)
    return without_secrets(str(said), values)


def probe() -> str:
    """Ask the database SELECT 1; return `describe()`; raise DatabaseError where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    check_isolation(connection)
    return describe(connection)


def check_isolation(wrapper: BaseDatabaseWrapper) -> None:
    """READ COMMITTED is part of the guarantee: under REPEATABLE READ a retry would read an old snapshot."""
    if wrapper.vendor != "mysql":
        return
    with wrapper.cursor() as cursor:
        variable = "tx_isolation" if getattr(wrapper, "mysql_is_mariadb", False) else "transaction_isolation"
        cursor.execute(f"SELECT @@{variable}")
        (level,) = cursor.fetchone()
    if level.replace("-", " ").upper() != "READ COMMITTED":
        raise DatabaseError(f"the connection runs at {level}, not READ COMMITTED")


def exit_if_unreachable() -> str:
    """`probe()`, or leave with one line on standard error and exit code 1."""
    try:
        return probe()
    except (DatabaseError, OSError) as error:
        values = settings.DATABASES["default"]
        sys.stderr.write(f"Connection error: {reason(error, values)} ({address(values)})\n")
        sys.stderr.flush()
        raise SystemExit(1) from None


def address(values: dict[str, Any]) -> str:
    """Where the settings point, for an error line: no user, no password."""
    if "sqlite" in values["ENGINE"]:
        return f"SQLite, file {values['NAME']}"
    where = values.get("OPTIONS", {}).get("unix_socket") or f"{values['HOST']}:{values['PORT'] or 3306}"
    return f"MySQL or MariaDB, host {where}, database {values['NAME']}"


@cache
def announce() -> None:
    """Say once per process that the database answers, or exit; leaves no connection open for a fork."""
    try:
        told = exit_if_unreachable()
    finally:
        connection.close()
    sys.stdout.write(f"Successful connection to the database! {told}\n")
    sys.stdout.flush()
