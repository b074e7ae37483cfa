"""What all workers of this server know together: which outages were met when, and which were told.

A few numbers in memory that processes share from their fork on; each is of one reason.
"""

import mmap
import struct
import threading
from typing import Final

from scheduling.database.outages import Reason

MINUTE: Final = 60.0  # seconds between two lines in the log about one reason
RECENT: Final = 5.0  # seconds for which an outage that was met is believed to last
NUMBER: Final = struct.Struct("d")
REASONS: Final = tuple(Reason)


class Journal:
    """Moments are `time.monotonic`'s, which is one clock for all processes of a machine."""

    def __init__(self) -> None:
        # Anonymous and shared: what one process writes, those that were forked from the same one read.
        self._memory = mmap.mmap(-1, NUMBER.size * 2 * len(REASONS))
        self._lock = threading.Lock()

    def met(self, reason: Reason, now: float) -> bool:
        """Note an outage; whether it is this caller's to tell, once a minute for each reason."""
        with self._lock:
            self._write(reason, 0, now)
            if self._read(reason, 1) > now - MINUTE:
                return False
            self._write(reason, 1, now)
            return True

    def lasts(self, now: float) -> Reason | None:
        """The outage that was met last, if that was a moment ago."""
        at, reason = max((self._read(reason, 0), reason) for reason in REASONS)
        return reason if at > now - RECENT and at > 0 else None

    def forget(self) -> None:
        self._memory[:] = bytes(len(self._memory))

    def _read(self, reason: Reason, column: int) -> float:
        number: float = NUMBER.unpack_from(self._memory, self._place(reason, column))[0]
        return number

    def _write(self, reason: Reason, column: int, value: float) -> None:
        NUMBER.pack_into(self._memory, self._place(reason, column), value)

    def _place(self, reason: Reason, column: int) -> int:
        return (REASONS.index(reason) * 2 + column) * NUMBER.size


journal: Final = Journal()
