"""Which of gunicorn's workers takes a new connection: one that holds fewest.

Whoever wakes first would take it, and a client that keeps its connection stays with that worker: four clients
may all be one worker's, while the others have nothing to do. Each worker writes down what it holds, in memory
that all share from their fork on; who holds more than another lets that one come first, for a moment.
"""

import mmap
import struct
from typing import Final

PLACES: Final = 256  # of workers; one beyond them is as it was without this
PLACE: Final = struct.Struct("=dQ")  # when it was written, by `time.monotonic`; connections
AWAKE: Final = 2.5  # seconds: a worker looks around once a second, whatever it has to do


class Held:
    """The connections that each worker holds, by its place (`places.py`)."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, PLACES * PLACE.size)

    def tell(self, place: int, connections: int, now: float) -> None:
        """What the worker of this place holds now. Nobody else writes there."""
        if place < PLACES:
            PLACE.pack_into(self._memory, place * PLACE.size, now, connections)

    def forget(self, place: int) -> None:
        """Its worker has ended."""
        self.tell(place, 0, 0.0)

    def is_fewer_elsewhere(self, place: int, connections: int, now: float) -> bool:
        """Whether a worker that is awake holds fewer than this one. Numbers may be a moment old: then a
        connection is taken by a worker that would not have been first."""
        # Fewer than none holds nobody: so it is at most requests behind a proxy that keeps no connection.
        return connections > 0 and any(
            told > now - AWAKE and held < connections
            for other, (told, held) in enumerate(PLACE.iter_unpack(self._memory))
            if other != place
        )


held: Final = Held()
