"""How long a request waits for the database: time-outs of the driver and of the session.

They hold for connections that are opened while a request is served, and for nothing else: migrations, the
adoption, imports and audits are never cut off by them.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from scheduling.database import deadline

# Seconds. Locks first: the server's answer says more than a driver that gave up waiting for it.
LOCKS: Final = 4
DRIVER: Final = 5


class Limited(BaseDatabaseWrapper):
    """What both backends have in common: limits, and no question after the request's deadline."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.execute_wrappers.append(_timed)

    def get_connection_params(self) -> dict[str, Any]:
        values: dict[str, Any] = super().get_connection_params()
        if deadline.serving() is None:
            return values
        return limited(self.vendor, values, driver=DRIVER, locks=LOCKS)

    def connect(self) -> None:
        deadline.check()
        super().connect()

    def get_new_connection(self, conn_params: Any) -> Any:
        asked = time.monotonic()
        try:
            return super().get_new_connection(conn_params)
        finally:
            deadline.waited_for_the_database(asked)

    def _commit(self) -> None:
        asked = time.monotonic()
        try:
            super()._commit()  # type: ignore[misc]  # not in the stubs
        finally:
            deadline.waited_for_the_database(asked)

    def _cursor(self, name: str | None = None) -> Any:
        # Here and not around statements, because asking for a cursor connects, and looks after a connection.
        deadline.check()
        return super()._cursor(name)  # type: ignore[misc]  # not in the stubs


def _timed(execute: Callable[..., Any], *asked_for: Any) -> Any:
    asked = time.monotonic()
    try:
        return execute(*asked_for)
    finally:
        deadline.waited_for_the_database(asked)


def limited(vendor: str, values: Mapping[str, Any], *, driver: int, locks: int) -> dict[str, Any]:
    """What a driver is given to connect with, with time-outs in seconds that are no longer than these."""
    if vendor != "mysql":
        return {**values, "timeout": min(values.get("timeout", driver), driver)}
    longest = {
        name: min(values.get(name, driver), driver)
        for name in ("connect_timeout", "read_timeout", "write_timeout")
    }
    # One statement: a driver may run no more when it has connected.
    first = values.get("init_command") or "SET sql_mode=@@sql_mode"
    waits = f"SESSION innodb_lock_wait_timeout={locks}, SESSION lock_wait_timeout={locks}"
    return {**values, **longest, "init_command": f"{first}, {waits}"}


def apart(wrapper: BaseDatabaseWrapper, *, seconds: int) -> BaseDatabaseWrapper:
    """Another connection to the same database, which waits for locks for so many seconds, and for an answer
    for one more; the caller closes it."""
    driver = seconds + 1 if wrapper.vendor == "mysql" else seconds
    options = limited(wrapper.vendor, wrapper.settings_dict["OPTIONS"], driver=driver, locks=seconds)
    return type(wrapper)({**wrapper.settings_dict, "OPTIONS": options}, alias=wrapper.alias)
