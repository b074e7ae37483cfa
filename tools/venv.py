"""Virtual environments of this folder: made, kept in step with the pinned requirements, and repaired.

`.venv` holds the program and its tests; a tool that would change how they run has an environment of its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import system
from tools.console import ROOT, Stop, last_line, run, say


@dataclass(frozen=True)
class Environment:
    """One environment, by the name of its folder."""

    name: str

    @property
    def folder(self) -> Path:
        return ROOT / self.name

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """What is installed: file name -> hash. Absent while an installation is under way."""
        return self.folder / "installed.json"

    @property
    def unfinished(self) -> Path:
        return self.folder / "unfinished"

    def prepare(self, *requirements: str) -> None:
        """Make it hold these requirement files; nothing is started when it does already."""
        with _alone():
            if not _is_sound(self):
                _create(self)
            wanted = {name: _hash(name) for name in _with_included(requirements)}
            installed = _installed(self)
            if any(installed.get(name) != value for name, value in wanted.items()):
                _install(self, requirements, installed | wanted)

    def holds(self, requirement: str) -> bool:
        """Whether this requirement file is installed as it is now."""
        return _installed(self).get(requirement) == _hash(requirement)


OURS = Environment(".venv")
FOLDER, PYTHON = OURS.folder, OURS.python
prepare, holds = OURS.prepare, OURS.holds


@contextmanager
def _alone() -> Iterator[None]:
    """Two scripts started at once take turns; a lock on the folder leaves no file behind."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_sound(venv: Environment) -> bool:
    """Whether it belongs to this folder and this Python, still starts, and no install was cut short."""
    if venv.unfinished.exists():
        say(f"The last installation into {venv.name} was cut short: starting afresh")
        return False
    if not venv.folder.exists():
        return False
    question = "import sys; print(sys.prefix, *sys.version_info[:2])"
    try:
        _, answer = run([venv.python, "-c", question], quiet=True)
    except OSError:
        answer = ""
    expected = f"{venv.folder} {sys.version_info.major} {sys.version_info.minor}"
    if answer.strip() == expected:
        return True
    say(f"The {venv.name} here was made by another Python, or that Python is gone: making it anew")
    return False


def _create(venv: Environment) -> None:
    uv = shutil.which("uv")
    if not uv:
        system.need(system.VENV, "for a virtual environment")
    say(f"Creating {venv.name} with Python {sys.version_info.major}.{sys.version_info.minor}")
    # Inside a virtual environment `sys.executable` may be the very one to be replaced.
    python = getattr(sys, "_base_executable", "") or sys.executable
    if venv.folder.is_symlink() or venv.folder.is_file():
        venv.folder.unlink()
    shutil.rmtree(venv.folder, ignore_errors=True)
    command = [uv, "venv", "-q", "--seed", "--python", python] if uv else [python, "-m", "venv"]
    code, output = run([*command, venv.folder], quiet=True)
    if code:
        shutil.rmtree(venv.folder, ignore_errors=True)
        raise Stop(f"Could not create {venv.name}: {last_line(output)}", code)


def _install(venv: Environment, requirements: Sequence[str], stamp: dict[str, str]) -> None:
    cold = "" if venv.stamp.exists() else ", half a minute or so"
    say(f"Installing {' and '.join(requirements)}{cold}")
    venv.unfinished.touch()
    arguments = [argument for name in requirements for argument in ("-r", name)]
    code, output = _run_installer(venv.python, arguments)
    if code not in (0, 1):
        raise Stop(f"The installation was cut short (exit code {code}); the next run starts afresh.", code)
    venv.unfinished.unlink()
    if code:
        lines = [line for line in output.splitlines() if line.lower().startswith("error")]
        raise Stop(
            f"Could not install {' and '.join(requirements)}: {last_line(chr(10).join(lines) or output)}"
        )
    venv.stamp.write_text(json.dumps(stamp, indent=1, sort_keys=True))


def _run_installer(python: Path, arguments: Sequence[str]) -> tuple[int, str]:
    uv = shutil.which("uv")
    if uv:
        code, output = run([uv, "pip", "install", "-q", "--python", python, *arguments], quiet=True)
        if code == 0:
            return code, output
        # It doesn't read pip's own configuration, which may be what names the package index.
        say("  uv could not; trying pip")
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-input",
        "--disable-pip-version-check",
    ]
    return run([*pip, *arguments], quiet=True)


def _installed(venv: Environment) -> dict[str, str]:
    try:
        stamp = json.loads(venv.stamp.read_text())
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
