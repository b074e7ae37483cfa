"""Migrations, backups and restores keep out of each other's way.

A dump of MariaDB reads one moment of all rows, but not of the tables' definitions: a migration meanwhile
would give it half of each. The lock ends with the process that holds it, however that ends.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.db import connection

PATIENCE: Final = 5.0  # seconds
PAUSE: Final = 0.1


class SchemaLocked(Exception):
    """Somebody else migrates, backs up or restores this database now."""


@contextmanager
def schema_lock(*, patience: float = PATIENCE) -> Iterator[None]:
    """While the block runs nobody else is in one. Raises `SchemaLocked` after so many seconds."""
    held = _of_server if connection.vendor == "mysql" else _of_file
    with held(patience):
        yield


@contextmanager
def _of_server(patience: float) -> Iterator[None]:
    # On a connection of its own: the other one may be closed and opened again meanwhile.
    apart = connection.copy()
    name = "schema-" + hashlib.sha256(str(apart.settings_dict["NAME"]).encode()).hexdigest()[:40]
    try:
        with apart.cursor() as cursor:
            cursor.execute("SELECT GET_LOCK(%s, %s)", [name, patience])
            if cursor.fetchone() != (1,):
                raise SchemaLocked
            yield
    finally:
        apart.close()


@contextmanager
def _of_file(patience: float) -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        yield
        return
    handle = os.open(Path(f"{name}-schema-lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        ends = time.monotonic() + patience
        while not _locked(handle):
            if time.monotonic() >= ends:
                raise SchemaLocked
            time.sleep(PAUSE)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
