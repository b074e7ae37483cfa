"""The file `.env`: written once for development, and read as the program reads it."""

from __future__ import annotations

import os
import secrets

from tools.console import ROOT, say

FILE = ROOT / ".env"
TRUE = {"true", "on", "ok", "y", "yes", "1"}  # django-environ's own words


def write_if_missing() -> None:
    if FILE.exists():
        return
    lines = [
        "# For development on this machine. .env.example explains every setting.",
        "DEBUG=true",
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
    ]
    # Readable by its owner from the first moment: there is a secret in it.
    handle = os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")
    say("Wrote .env for development: DEBUG=true and a random SECRET_KEY")


def setting(name: str) -> str:
    """A setting as the program will see it: the environment wins over `.env`."""
    return os.environ.get(name, _from_file().get(name, ""))


def debug() -> bool:
    return setting("DEBUG").strip().lower() in TRUE


def _from_file() -> dict[str, str]:
    try:
        lines = FILE.read_text().splitlines()
    except OSError:
        return {}
    found: dict[str, str] = {}
    for line in lines:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            value = value.strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found.setdefault(name.strip(), value[1:-1] if quoted else value.partition(" #")[0].rstrip())
    return found
