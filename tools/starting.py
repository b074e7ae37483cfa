"""Waiting for a server that was just started: as long as its process lives."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
# A busy machine can take a minute. Only what would never answer is given up.
FAR_TOO_LONG: Final = 300


class NotStarted(Exception):
    """A server ended before it answered, or never answered; the message is one line for people."""


def wait_until_it_answers(
    process: subprocess.Popen[Any], answers: Callable[[], bool], said: Callable[[], str]
) -> None:
    """Ask `answers` again and again until it is true.

    Raises `NotStarted`, with what the server `said`, where the process has ended or five minutes have passed.
    """
    until = time.monotonic() + FAR_TOO_LONG
    while not answers():
        if process.poll() is not None:
            raise NotStarted(f"It did not start: {said()}")
        if time.monotonic() > until:
            raise NotStarted(f"It runs, and has not answered in {FAR_TOO_LONG} s: {said()}")
        time.sleep(0.05)


def last_line(output: str) -> str:
    """The line of a program's output that says what went wrong; after a traceback that is the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
