"""How much of its minute each key has left on this server: taken from the database a share at a time, and let
in from here without asking it.

The numbers lie in memory that processes share from their fork on. Whoever shares none of it (a program that
was started apart, a second server) takes shares of its own from the same minute: so the limit holds for all
together, and what is lost here, with a server or a process that was killed, was counted already.
"""

import fcntl
import mmap
import os
import struct
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

PLACES: Final = 1024  # keys that have a share at one time; a key whose place is taken is counted one by one
NUMBER: Final = struct.Struct("=Q")
PLACE: Final = struct.Struct("=4Q")
# The columns of a place. `left` is written last, and first taken away: whoever is killed over it leaves no
# requests to a key that has none.
MARK, MINUTE, LIMIT, LEFT = range(4)


class Holder(NamedTuple):
    """Whose share it is: the key's number, and a mark that no other key of that number ever had (below 2^64).
    A share that was taken under another limit is none."""

    key: int
    mark: int
    limit: int


class Share(NamedTuple):
    """Of which minute (since 1970) a request was, and how many of that are left here."""

    minute: int
    left: int


class Shares:
    """Each call holds for all processes at once; none of them waits for the database meanwhile."""

    def __init__(self) -> None:
        # A file, because the system ends a lock on one with the process that holds it, however that ends.
        self._file = _file_without_a_name()
        os.truncate(self._file, PLACES * PLACE.size)
        self._memory = mmap.mmap(self._file, PLACES * PLACE.size)
        self._among_threads = threading.Lock()

    def spend(self, holder: Holder, minute: int) -> Share | None:
        """Let one request of this minute in, or of the next, which another server's clock may have begun;
        None where nothing is left."""
        with self._held():
            mark, of, limit, left = self._all(holder)
            if (mark, limit) != holder[1:] or not minute <= of <= minute + 1 or left == 0:
                return None
            self._write(holder, LEFT, left - 1)
            return Share(of, left - 1)

    def has_room(self, holder: Holder, minute: int) -> bool:
        """Whether a share of this minute can be kept: not where the place is another key's, or holds one of
        the next minute already."""
        with self._held():
            return self._is_free(holder, minute)

    def add(self, holder: Holder, minute: int, count: int) -> int:
        """Keep what was taken for this minute, if there still is room. Gives how much of it the key has here
        now."""
        with self._held():
            if not self._is_free(holder, minute):
                return 0
            mark, of, limit, left = self._all(holder)
            if (mark, of, limit) != (holder.mark, minute, holder.limit):
                self._write(holder, LEFT, left := 0)
                for column, value in ((MARK, holder.mark), (MINUTE, minute), (LIMIT, holder.limit)):
                    self._write(holder, column, value)
            self._write(holder, LEFT, left + count)
            return left + count

    def forget(self) -> None:
        """All of it: what was not let in yet is lost to this minute."""
        self._memory[:] = bytes(len(self._memory))

    def _is_free(self, holder: Holder, minute: int) -> bool:
        mark, of, _limit, left = self._all(holder)
        return not left or (of != minute + 1 and (of != minute or mark == holder.mark))

    @contextmanager
    def _held(self) -> Iterator[None]:
        with self._among_threads:  # which are one to the system
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _all(self, holder: Holder) -> tuple[int, ...]:
        return PLACE.unpack_from(self._memory, holder.key % PLACES * PLACE.size)

    def _write(self, holder: Holder, column: int, value: int) -> None:
        NUMBER.pack_into(self._memory, holder.key % PLACES * PLACE.size + column * NUMBER.size, value)


def _file_without_a_name() -> int:
    if sys.platform == "linux":
        return os.memfd_create("shares")
    handle, path = tempfile.mkstemp()
    os.unlink(path)  # noqa: PTH108
    return handle


shares: Final = Shares()
