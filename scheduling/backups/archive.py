"""A backup as a file: a zip archive with the database's data, and a manifest of what it is.

The zip's own checksums and the manifest's SHA-256 find a file that was cut off or damaged on its way.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from scheduling.backups.failed import BackupFailed
from scheduling.files import put_in_place

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATA: Final = {"sqlite": "database.sqlite3", "mysql": "database.sql"}
COMPRESSED: Final = zipfile.ZIP_DEFLATED
PIECE: Final = 1024 * 1024  # bytes


@dataclass(frozen=True)
class Manifest:
    """What a backup is of."""

    made_at: str  # UTC, ISO 8601
    version: str  # of the program
    vendor: str  # "sqlite" or "mysql"
    server: str
    migrations: list[str]  # "app.name", as applied
    counts: dict[str, int]  # rows of each table
    sha256: str = ""  # of the data
    format: int = FORMAT


class Writer:
    """Takes the data piece by piece, and the manifest at the end."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def data(self, vendor: str, pieces: Iterable[bytes]) -> None:
        with self._file.open(DATA[vendor], "w", force_zip64=True) as entry:
            for piece in pieces:
                self._digest.update(piece)
                entry.write(piece)

    def manifest(self, manifest: Manifest) -> None:
        told = asdict(manifest) | {"sha256": self._digest.hexdigest()}
        self._file.writestr(MANIFEST, json.dumps(told, indent=2) + "\n")


@contextmanager
def written(target: Path) -> Iterator[Writer]:
    """The file appears at `target` when the block is done and everything is on the disk; else nothing does.
    Only its owner may read it: it holds everything. Raises OSError."""
    with put_in_place(target, prefix=".backup-") as file, zipfile.ZipFile(file, "w", COMPRESSED) as archive:
        yield Writer(archive)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Archive:
    """A backup that was opened: its manifest, and its data."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._path, self._file = path, file
        self.manifest = self._manifest()

    def pieces(self) -> Iterator[bytes]:
        with self._file.open(DATA[self.manifest.vendor]) as entry:
            yield from iter(lambda: entry.read(PIECE), b"")

    def verify(self) -> None:
        """Read all of the data. Raises `BackupFailed` where it is not what was written."""
        digest = hashlib.sha256()
        try:
            for piece in self.pieces():
                digest.update(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise self._damaged() from error
        if digest.hexdigest() != self.manifest.sha256:
            raise self._damaged()

    def _manifest(self) -> Manifest:
        try:
            told = json.loads(self._file.read(MANIFEST))
            manifest = Manifest(**told)
            self._file.getinfo(DATA[manifest.vendor])
        except (KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error) as error:
            raise BackupFailed(
                f"{self._path} is no backup of this program, or of a newer version of it."
            ) from error
        return manifest

    def _damaged(self) -> BackupFailed:
        return BackupFailed(f"{self._path} is damaged: it is not what was written. Nothing was changed.")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises `BackupFailed`."""
    try:
        file: IO[bytes] = path.open("rb")
    except OSError as error:
        raise BackupFailed(f"{path}: {error.strerror}") from error
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except zipfile.BadZipFile as error:
            raise BackupFailed(f"{path} is no backup of this program, or was cut off.") from error
        with archive:
            yield Archive(path, archive)


def stamp(now: datetime) -> str:
    """In a file's name: sorts by time."""
    return f"{now:%Y%m%dT%H%M%SZ}"
