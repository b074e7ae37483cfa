"""The database at start-up: tried once with SELECT 1, and told in one line.

Used by `manage.py`, its `runserver` and `check` commands, and the WSGI and ASGI entry points, before anything
else asks the database.
"""

import os
import re
import sys
from functools import cache
from typing import Any, Final, NoReturn

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

NO_DRIVER: Final = (
    "a mysql:// DATABASE_URL needs mysqlclient. On Debian: apt-get install gcc pkg-config libmariadb-dev "
    "python3-dev, then pip install -r requirements-mysql.txt"
)


def describe(wrapper: BaseDatabaseWrapper) -> str:
    """Engine, version, host and database name, without user or password."""
    version = ".".join(str(part) for part in wrapper.get_database_version())
    if wrapper.vendor == "sqlite":
        return f"SQLite {version}, file {wrapper.settings_dict['NAME']}"
    engine = "MariaDB" if getattr(wrapper, "mysql_is_mariadb", False) else "MySQL"
    return f"{engine} {version}, {_server(wrapper.settings_dict)}"


def address(values: dict[str, Any]) -> str:
    """Where the settings point, for an error line: no user, no password."""
    if "sqlite" in values["ENGINE"]:
        return f"SQLite, file {values['NAME']}"
    return f"MySQL or MariaDB, {_server(values)}"


def _server(values: dict[str, Any]) -> str:
    socket = values.get("OPTIONS", {}).get("unix_socket")
    where = socket or f"{values['HOST'] or 'localhost'}:{values['PORT'] or 3306}"
    return f"host {where}, database {values['NAME']}"


def reason(error: BaseException, values: dict[str, Any]) -> str:
    """What the driver said, in one line: MySQL's errors are (number, text), SQLite's are the text alone."""
    said = str(error.args[1] if len(error.args) > 1 else error)
    password = values.get("PASSWORD")
    if password:
        # No driver is known to repeat it; should one, it stops here.
        said = said.replace(str(password), "***")
    return re.sub(r"\s+", " ", said).strip()


def probe() -> str:
    """Ask the database SELECT 1; return `describe()`; raise DatabaseError where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    level = isolation_level(connection)
    if level not in {None, "READ COMMITTED"}:
        # Part of the guarantee: under REPEATABLE READ a booking that is run again would read an old snapshot.
        raise DatabaseError(f"the connection runs at {level}, not READ COMMITTED")
    return describe(connection)


def isolation_level(wrapper: BaseDatabaseWrapper) -> str | None:
    """The connection's isolation level; None on SQLite, which has only one."""
    if wrapper.vendor != "mysql":
        return None
    variable = "tx_isolation" if getattr(wrapper, "mysql_is_mariadb", False) else "transaction_isolation"
    with wrapper.cursor() as cursor:
        cursor.execute(f"SELECT @@{variable}")
        (level,) = cursor.fetchone()
    return str(level).replace("-", " ").upper()


def require_driver() -> None:
    """Leave with one line where mysqlclient is needed and not installed."""
    try:
        connections["default"]
    except ImproperlyConfigured as error:
        if not isinstance(error.__cause__, ImportError):
            raise
        leave(NO_DRIVER)


def exit_if_unreachable() -> str:
    """`probe()`, or leave with one line on standard error."""
    try:
        return probe()
    except (DatabaseError, OSError) as error:
        values = settings.DATABASES["default"]
        leave(f"{reason(error, values)} ({address(values)})")


def leave(why: str) -> NoReturn:
    """One line on standard error, no traceback, exit code 1."""
    sys.stderr.write(f"Connection error: {why}\n")
    sys.stderr.flush()
    raise SystemExit(1) from None


@cache
def announce() -> None:
    """Say once that the database answers, or leave; no connection stays open for a fork to share."""
    require_driver()
    try:
        told = exit_if_unreachable()
    finally:
        connection.close()
    # Each time a file is saved, runserver starts a new child: it tries the database, and says so no more.
    if os.environ.get(DJANGO_AUTORELOAD_ENV) != "true":
        sys.stdout.write(f"Successful connection to the database! {told}\n")
        sys.stdout.flush()
