"""SQLite's own backup interface: a copy of one moment, while bookings go on."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.db import connection

from scheduling.backups.archive import PIECE
from scheduling.backups.failed import BackupFailed
from scheduling.files import remove_leftovers

WAITS: Final = 20  # seconds for a lock


def _path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


@contextmanager
def copied(beside: Path) -> Iterator[Path]:
    """A copy of the database in a folder beside the backup that is made of it."""
    with TemporaryDirectory(dir=beside.parent, prefix=".backup-") as folder:
        copy = Path(folder) / "database.sqlite3"
        with (
            closing(_read_only(_path())) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            # The copy is one file, and nobody else's.
            target.execute("PRAGMA journal_mode=DELETE")
        yield copy


def counts_of(copy: Path) -> dict[str, int]:
    """Rows of each table."""
    with closing(_read_only(copy)) as database:
        rows = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        tables = [name for (name,) in rows]
        return {
            table: database.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]  # noqa: S608
            for table in sorted(tables)
        }


def pieces_of(copy: Path) -> Iterator[bytes]:
    with copy.open("rb") as file:
        yield from iter(lambda: file.read(PIECE), b"")


def load(pieces: Iterable[bytes]) -> None:
    """Put the data in the place of the database, at once: whoever reads meanwhile sees the old or the new
    one. Raises `BackupFailed`."""
    path = _path()
    connection.close()
    remove_leftovers(path.parent, ".restore-*")
    with TemporaryDirectory(dir=path.parent, prefix=".restore-") as folder:
        copy = Path(folder) / "database.sqlite3"
        with copy.open("wb") as file:
            file.writelines(pieces)
        try:
            with closing(_read_only(copy)) as source, closing(sqlite3.connect(path, timeout=WAITS)) as target:
                if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    raise BackupFailed("The data is damaged. Nothing was changed.")
                source.backup(target, progress=_impatient())
        except sqlite3.Error as error:
            raise BackupFailed(f"SQLite: {error}. The database is as it was.") from error


def _impatient() -> Callable[[int, int, int], None]:
    """SQLite would wait for a lock without end."""
    until = time.monotonic() + WAITS

    def look(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise BackupFailed("The database is in use: stop the server and the jobs. Nothing was changed.")

    return look


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=WAITS)
