"""What the scripts say, and how they stop."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """Ends the script with one line and an exit code."""

    def __init__(self, line: str, code: int = 1) -> None:
        super().__init__(line)
        self.line = line
        self.code = code or 1


def say(line: str = "") -> None:
    print(line, flush=True)


def main(work: Callable[[], int]) -> NoReturn:
    """Run `work`; whatever ends it, clean up on the way out and show no traceback for an expected end."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, _end)
    try:
        code = work()
    except Stop as stop:
        print(stop.line, file=sys.stderr, flush=True)
        code = stop.code
    except OSError as error:
        print(f"{error.filename or 'System'}: {error.strerror or error}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        say("\nStopped.")
        code = 128 + signal.SIGINT
    sys.exit(code)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def run(
    command: Sequence[str | Path], env: Mapping[str, str] | None = None, *, quiet: bool = False
) -> tuple[int, str]:
    """Run a command in the repository; gives its exit code and, when quiet, what it printed."""
    out = subprocess.PIPE if quiet else None
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL if quiet else None,
        stdout=out,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        errors="replace",
    ) as process:
        try:
            output, _ = process.communicate()
        except KeyboardInterrupt:
            # The terminal has told the command as well: let it end in its own way.
            process.wait()
            raise
        except BaseException:
            process.send_signal(signal.SIGINT)
            _wait_or_kill(process)
            raise
    return process.returncode, output or ""


def _wait_or_kill(process: subprocess.Popen[str], seconds: int = 15) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()


def last_line(output: str) -> str:
    """The line of a command's output that says what went wrong; after a traceback that is the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
