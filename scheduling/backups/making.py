"""Making a backup."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder

from scheduling.backups import archive, of_sqlite
from scheduling.backups.archive import Manifest, Writer
from scheduling.backups.failed import BackupFailed
from scheduling.backups.of_mariadb import Dump
from scheduling.database import outages
from scheduling.database.schema_lock import SchemaLocked, schema_lock
from scheduling.files import remove_all_but_newest, remove_leftovers

NAME: Final = "appointments-{}.zip"
PATTERN: Final = NAME.format("????????T??????Z")


def make(target: Path, *, now: datetime, keep: int | None = None) -> tuple[Path, Manifest]:
    """Write all that is stored at one moment into a file, while bookings go on; where it lies, and what is in
    it. `target`: a file that is not there yet, or a folder, in which it is named by `now`.

    `keep`: in a folder, so many newest backups stay. Raises `BackupFailed`: then there is no new file, and
    none was removed.
    """
    path = target / NAME.format(archive.stamp(now)) if target.is_dir() else target
    if path.exists():
        raise BackupFailed(f"{path} is there already. It was left alone.")
    if not path.parent.is_dir():
        raise BackupFailed(f"{path.parent} is no folder.")
    try:
        with schema_lock():
            remove_leftovers(path.parent, ".backup-*")
            with archive.written(path) as writer:
                manifest = _write(writer, path, now)
        if keep is not None:
            remove_all_but_newest(path.parent, PATTERN, keep=keep, made=[path])
    except SchemaLocked:
        raise BackupFailed(
            "This database is migrated, backed up or restored by somebody else now. No backup was made: try "
            "again when that is done."
        ) from None
    except OSError as error:
        raise BackupFailed(f"{error.filename or path}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise BackupFailed(f"SQLite: {error}.") from error
    except Error as error:
        word = outages.reason(error) or type(error).__name__
        raise BackupFailed(f"The database cannot serve: {word}.") from error
    return path, manifest


def _write(writer: Writer, path: Path, now: datetime) -> Manifest:
    vendor = connection.vendor
    migrations = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    with _moment(path) as (pieces, counts):
        writer.data(vendor, pieces)
        manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            version=settings.VERSION,
            vendor=vendor,
            server=".".join(map(str, connection.get_database_version())),
            migrations=migrations,
            counts=counts(),
        )
    writer.manifest(manifest)
    return manifest


@contextmanager
def _moment(path: Path) -> Iterator[tuple[Iterable[bytes], Callable[[], dict[str, int]]]]:
    """The data of one moment, and how many rows of each table they are, once they were read."""
    if connection.vendor == "mysql":
        dump = Dump()
        yield dump.lines(), lambda: dict(sorted(dump.counts.items()))
    else:
        with of_sqlite.copied(path) as copy:
            yield of_sqlite.pieces_of(copy), lambda: of_sqlite.counts_of(copy)
