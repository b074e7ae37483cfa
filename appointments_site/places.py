"""Several workers of gunicorn count together: each has a place, with files in a folder that all of them read.

A worker that takes the place of one that ended goes on with its numbers, so there are never more files than
places. All of it is for gunicorn.conf.py, which is read again when settings are loaded anew (SIGHUP).
"""

import atexit
import os
import shutil
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final

from prometheus_client.multiprocess import mark_process_dead

from appointments_site import spreading

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
IN_MEMORY: Final = "/dev/shm"  # noqa: S108  (mkdtemp makes a folder for this user alone)

_taken: set[int] = set()


@cache
def make_folder() -> None:
    """An empty one, once, before anything is counted. A folder that was named is emptied."""
    named = os.environ.get(FOLDER)
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
        for left in Path(named).glob("*.db"):
            left.unlink()
        return
    folder = tempfile.mkdtemp(prefix="clinic-metrics-", dir=IN_MEMORY if Path(IN_MEMORY).is_dir() else None)
    os.environ[FOLDER] = folder
    atexit.register(_remove, folder, os.getpid())


def pre_fork(_arbiter: Any, worker: Any) -> None:
    worker.place = next(place for place in count() if place not in _taken)
    _taken.add(worker.place)


def post_fork(_arbiter: Any, worker: Any) -> None:
    from scheduling import metrics  # counts into the folder, which has to be there before

    metrics.written_by(_name(worker))


def child_exit(_arbiter: Any, worker: Any) -> None:
    mark_process_dead(_name(worker))  # type: ignore[no-untyped-call]
    spreading.held.forget(worker.place)
    _taken.discard(worker.place)


def _name(worker: Any) -> str:
    return f"place{worker.place}"


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # and no worker, which ends this way too
        shutil.rmtree(folder, ignore_errors=True)
