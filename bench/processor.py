"""Processor time of other processes, as the kernel counts it for /proc."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.db import connection

TICKS: Final = os.sysconf("SC_CLK_TCK")
OF_A_PROCESS: Final = 2  # the kind of clock, in the last three bits of its number


def spent(processes: Iterable[int]) -> float:
    """Seconds that they have spent on a processor, in their own code and in the kernel, and their ended
    children: gunicorn replaces its workers."""
    return sum(map(_spent, processes))


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def database() -> list[int]:
    """The server's process, where there is one: its number lies beside the socket."""
    if connection.vendor == "sqlite":
        return []
    lies_in = Path(connection.settings_dict["OPTIONS"]["unix_socket"]).parent
    return [int((lies_in / "pid").read_text())]


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        # What /proc says in steps of 10 ms, more than a short trial takes.
        own = time.clock_gettime((~pid << 3) | OF_A_PROCESS)
    except OSError:  # it has just ended
        return 0.0
    return own + (int(fields[13]) + int(fields[14])) / TICKS
