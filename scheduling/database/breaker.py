"""Once the database is known to be away, requests are refused at once; a thread finds out when it is back.

An error alone opens nothing: it only makes that thread look. What `probe` finds too, again and again for
longer than a cluster needs to change its writer, holds for everybody, until `probe` succeeds.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from scheduling import metrics
from scheduling.database import deadline, outages, probe
from scheduling.database.deadline import Serving
from scheduling.database.outages import Reason

PAUSE: Final = 0.5  # seconds between two probes
PATIENCE: Final = 3.0  # seconds of failing probes after which requests are refused
# Reading goes on: only what writes is refused.
OF_WRITES: Final = frozenset({Reason.LOCKED, Reason.READ_ONLY, Reason.FULL})


class Breaker:
    """One for a process. `ask` says why the database cannot serve, None where it can."""

    def __init__(self, ask: Callable[[], Reason | None] = probe.ask) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._refused: Reason | None = None

    def suspect(self) -> None:
        """Somebody met an error: have a look, unless that is going on."""
        with self._lock:
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="database-watch", daemon=True)
                self._watcher.start()

    def refusal(self, *, writes: bool) -> Reason | None:
        """Why a request need not be tried; None where it should be."""
        refused = self._refused
        return None if refused in OF_WRITES and not writes else refused

    def wait(self, seconds: float) -> None:
        """Until nobody looks any more; for tests."""
        watcher = self._watcher
        if watcher is not None:
            watcher.join(seconds)

    def _watch(self) -> None:
        begun = time.monotonic()
        try:
            while (found := self._ask()) is not None:
                if time.monotonic() - begun >= PATIENCE:
                    self._refused = found
                    metrics.breaker_is(is_open=True)
                time.sleep(PAUSE)
        finally:
            with self._lock:
                self._refused = None
                self._watcher = None
            metrics.breaker_is(is_open=False)


breaker: Final = Breaker()


def note(error: Exception, serving: Serving) -> None:
    """What a request met: whether it may have been done all the same, and whether somebody should look."""
    serving.may_have_written |= outages.loses_the_answer(error)
    if outages.is_lost(error) or deadline.waited() >= outages.LONG:
        breaker.suspect()
