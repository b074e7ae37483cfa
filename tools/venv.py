"""The virtual environment `.venv`: made, kept in step with the pinned requirements, and repaired."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools import system
from tools.console import ROOT, Stop, last_line, run, say

FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
# What is installed: file name -> hash. Absent while an installation is under way.
STAMP = FOLDER / "installed.json"
UNFINISHED = FOLDER / "unfinished"


def prepare(*requirements: str) -> None:
    """Make `.venv` hold these requirement files; nothing is started when it does already."""
    with _alone():
        if not _is_sound():
            _create()
        wanted = {name: _hash(name) for name in _with_included(requirements)}
        installed = _installed()
        if any(installed.get(name) != value for name, value in wanted.items()):
            _install(requirements, installed | wanted)


def holds(requirement: str) -> bool:
    """Whether this requirement file is installed as it is now."""
    return _installed().get(requirement) == _hash(requirement)


@contextmanager
def _alone() -> Iterator[None]:
    """Two scripts started at once take turns; a lock on the folder leaves no file behind."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_sound() -> bool:
    """Whether `.venv` belongs to this folder and this Python, still starts, and no install was cut short."""
    if UNFINISHED.exists():
        say("The last installation into .venv was cut short: starting afresh")
        return False
    if not FOLDER.exists():
        return False
    question = "import sys; print(sys.prefix, *sys.version_info[:2])"
    try:
        _, answer = run([PYTHON, "-c", question], quiet=True)
    except OSError:
        answer = ""
    expected = f"{FOLDER} {sys.version_info.major} {sys.version_info.minor}"
    if answer.strip() == expected:
        return True
    say("The .venv here was made by another Python, or that Python is gone: making it anew")
    return False


def _create() -> None:
    uv = shutil.which("uv")
    if not uv:
        system.need(system.VENV, "for a virtual environment")
    say(f"Creating .venv with Python {sys.version_info.major}.{sys.version_info.minor}")
    # Inside a virtual environment `sys.executable` may be the very one to be replaced.
    python = getattr(sys, "_base_executable", "") or sys.executable
    if FOLDER.is_symlink() or FOLDER.is_file():
        FOLDER.unlink()
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = [uv, "venv", "-q", "--seed", "--python", python] if uv else [python, "-m", "venv"]
    code, output = run([*command, FOLDER], quiet=True)
    if code:
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise Stop(f"Could not create .venv: {last_line(output)}", code)


def _install(requirements: Sequence[str], stamp: dict[str, str]) -> None:
    cold = "" if STAMP.exists() else ", half a minute or so"
    say(f"Installing {' and '.join(requirements)}{cold}")
    UNFINISHED.touch()
    arguments = [argument for name in requirements for argument in ("-r", name)]
    code, output = _run_installer(arguments)
    if code not in (0, 1):
        raise Stop(f"The installation was cut short (exit code {code}); the next run starts afresh.", code)
    UNFINISHED.unlink()
    if code:
        lines = [line for line in output.splitlines() if line.lower().startswith("error")]
        raise Stop(
            f"Could not install {' and '.join(requirements)}: {last_line(chr(10).join(lines) or output)}"
        )
    STAMP.write_text(json.dumps(stamp, indent=1, sort_keys=True))


def _run_installer(arguments: Sequence[str]) -> tuple[int, str]:
    uv = shutil.which("uv")
    if uv:
        code, output = run([uv, "pip", "install", "-q", "--python", PYTHON, *arguments], quiet=True)
        if code == 0:
            return code, output
        # It doesn't read pip's own configuration, which may be what names the package index.
        say("  uv could not; trying pip")
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-input",
        "--disable-pip-version-check",
    ]
    return run([*pip, *arguments], quiet=True)


def _installed() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _with_included(requirements: Sequence[str]) -> list[str]:
    """These files and the ones that they include with a line `-r NAME`."""
    found: list[str] = []
    waiting = list(requirements)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            lines = (ROOT / name).read_text().splitlines()
            waiting += [line.removeprefix("-r").strip() for line in lines if line.startswith("-r ")]
    return found


def _hash(requirement: str) -> str:
    return hashlib.sha256((ROOT / requirement).read_bytes()).hexdigest()
