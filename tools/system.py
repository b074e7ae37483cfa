"""System packages: installed by ourselves as root on Debian and its kin, asked for by name elsewhere."""

from __future__ import annotations

import os
import shutil
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tools.console import Stop, last_line, run, say

# A user's PATH often lacks the folders that servers live in.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
# The first has no window to draw: it takes 40 % less of a processor, and tests of every page are mostly that.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def which(*names: str) -> str | None:
    """The first of these programs that is installed."""
    return next((path for name in names if (path := shutil.which(name, path=SEARCH_PATH))), None)


@dataclass(frozen=True)
class Part:
    """A Debian package, and how to see that what it brings is there, from whatever source."""

    package: str
    present: Callable[[], object]


def _has_apt() -> bool:
    return which("apt-get") is not None


def _has_a_font_of_ours() -> bool:
    # Of those that the style sheet asks for (--sans); any other is wider, and cuts off what would fit.
    known = ("LiberationSans", "NotoSans-", "Roboto-", "Arial")
    fonts = Path("/usr/share/fonts").rglob("*.[to]tf")
    return any(font.name.startswith(known) for font in fonts)


def _has_client_headers() -> bool:
    # mysqlclient asks pkg-config for these names, in this order.
    tool = which("pkg-config", "pkgconf")
    names = ("mysqlclient", "mariadb", "libmariadb", "perconaserverclient")
    return tool is not None and any(run([tool, "--exists", name], quiet=True)[0] == 0 for name in names)


VENV = [Part("python3-venv", lambda: find_spec("venv") and find_spec("ensurepip"))]
MYSQL_CLIENT = [
    Part("gcc", lambda: which("gcc", "cc", "clang")),
    Part("pkg-config", lambda: which("pkg-config", "pkgconf")),
    Part("libmariadb-dev", _has_client_headers),
    Part("python3-dev", lambda: Path(sysconfig.get_path("include"), "Python.h").is_file()),
]
MARIADB = [
    Part("mariadb-server-core", lambda: which("mariadbd") and which("mariadb-install-db")),
    Part("mariadb-client", lambda: which("mariadb")),
]
BROWSER = [
    Part("chromium-headless-shell", lambda: which(*CHROMIUM)),
    Part("fonts-liberation", lambda: _has_a_font_of_ours() or not _has_apt()),
]
# What the examples of docs/api.md call.
CURL = [Part("curl", lambda: which("curl"))]


def need(parts: Sequence[Part], why: str) -> None:
    """See to it that these parts are installed, or stop with one line that says what to ask for."""
    missing = [part.package for part in parts if not part.present()]
    if not missing:
        return
    names = " ".join(missing)
    if not _has_apt():
        raise Stop(f"Missing {why}: install what Debian calls {names}.")
    if os.geteuid() != 0:
        raise Stop(
            f"Missing {why}: ask an administrator for: apt-get install --no-install-recommends {names}"
        )
    say(f"Installing system packages {why}: {names}")
    _install(missing)


def _install(packages: Sequence[str]) -> None:
    install = ["install", "-y", "-q", "--no-install-recommends", *packages]
    if any(Path("/var/lib/apt/lists").glob("*_Packages*")) and _apt(install)[0] == 0:
        return
    say("  with a fresh list of packages (apt-get update)")
    _apt(["update", "-q"])
    code, output = _apt(install)
    if code:
        raise Stop(f"apt-get could not install {' '.join(packages)}: {last_line(output)}", code)


def _apt(arguments: Sequence[str]) -> tuple[int, str]:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return run(["apt-get", "-o", "DPkg::Lock::Timeout=120", *arguments], env, quiet=True)
