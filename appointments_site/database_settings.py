"""What Django is told about the database that DATABASE_URL names."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


def of_url(url: str, *, kept_open: int, file_of_tests: str) -> dict[str, Any]:
    """`kept_open`: seconds a connection is kept between requests; `file_of_tests`: where they use SQLite.

    Raises ImproperlyConfigured, without repeating what was given: it may hold a password.
    """
    try:
        known = url.startswith(("sqlite://", "mysql://"))
        database: dict[str, Any] = environ.Env.db_url_config(url) if known else {}
    except ValueError:
        database = {}
    if not database.get("NAME"):
        raise ImproperlyConfigured(
            "DATABASE_URL is not understood. Use sqlite:///FILE or mysql://USER:PASSWORD@HOST:PORT/DATABASE."
        )
    database["CONN_MAX_AGE"] = kept_open
    database["CONN_HEALTH_CHECKS"] = True  # a killed connection is noticed before the next request uses it
    database["ATOMIC_REQUESTS"] = False  # one action is one transaction, and can be run again
    # Django's own, with limits while a request is served (scheduling/database/limits.py).
    database["ENGINE"] = database["ENGINE"].replace("django.db.backends", "scheduling.database")
    options = database.setdefault("OPTIONS", {})
    if "sqlite" in database["ENGINE"]:
        _complete_sqlite(options)
        # Threads and other processes must see the tests' database, so it is a file.
        database["TEST"] = {"NAME": file_of_tests}
    elif "mysql" in database["ENGINE"]:
        _complete_mysql(options)
        database["TEST"] = {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_ci"}
    return database


def _complete_sqlite(options: dict[str, Any]) -> None:
    # Writers queue at BEGIN instead of failing half-way; WAL lets readers go on meanwhile.
    options.setdefault("timeout", 20)
    options.setdefault("transaction_mode", "IMMEDIATE")
    # FULL is SQLite's default, unless who built it chose another: a booking that was acknowledged survives a
    # power cut only where each COMMIT waits for the disk.
    options.setdefault("init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")


def _complete_mysql(options: dict[str, Any]) -> None:
    options.setdefault("charset", "utf8mb4")
    options.setdefault("collation", "utf8mb4_unicode_ci")
    options.setdefault("connect_timeout", 10)
    options["isolation_level"] = "read committed"
    options.setdefault("init_command", "SET sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'")
