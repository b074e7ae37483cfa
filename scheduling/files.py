"""Files that hold everybody's records: written whole or not at all, for their owner alone, few of them."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

A_DAY: Final = 24 * 3600  # seconds; nobody writes that long


@contextmanager
def put_in_place(target: Path, *, prefix: str) -> Iterator[IO[bytes]]:
    """What the block writes is at `target` when the block is done and all of it is on the disk; else nothing
    is, or what was there before. Under another name first, which begins with `prefix`: whoever opens the file
    never finds half of it. Its mode is 0600. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_all_but_newest(folder: Path, pattern: str, *, keep: int, made: Iterable[Path]) -> None:
    """Names sort by time. What was `made` just now stays, whatever the others are called. Raises OSError."""
    for old in set(sorted(folder.glob(pattern))[:-keep]) - set(made):
        old.unlink(missing_ok=True)


def remove_leftovers(folder: Path, pattern: str) -> None:
    """Copies that a process which was killed left behind: what was not touched for a day. Raises OSError."""
    for path in folder.glob(pattern):
        if path.stat().st_mtime > time.time() - A_DAY:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
