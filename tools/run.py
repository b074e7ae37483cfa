"""`make run`: from a fresh clone to a running appointment book, then serve it."""

from __future__ import annotations

import os
import socket
from typing import NoReturn

from tools import dotenv, system, venv
from tools.console import ROOT, Stop, last_line, main, run, say

DEMO_USERS = "reception, manager, doctor"
DEMO_PASSWORD = "clinic-demo"  # noqa: S105  (made with DEBUG on only, and told to everyone)


def work() -> int:
    port = _port()
    mysql_asked = dotenv.setting("DATABASE_URL").startswith("mysql")
    if mysql_asked and not venv.holds("requirements-mysql.txt"):
        system.need(system.MYSQL_CLIENT, "for a mysql:// database")
    venv.prepare("requirements.txt", *(["requirements-mysql.txt"] if mysql_asked else []))
    dotenv.write_if_missing()
    if mysql_asked:
        _manage("Looking for the database", "create_database")
    _manage("Bringing the database up to date", "migrate", "--verbosity=0")
    demo = dotenv.debug() and _manage("Looking for a demo clinic", "load_demo", "--if-empty")
    _serve(port, demo=demo)


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise Stop(
                f"Port {text} can't be used ({error.strerror}). Another one: PORT=8123 make run"
            ) from error
    return int(text)


def _manage(doing: str, command: str, *options: str) -> bool:
    """Run one command of the program; whether it told the demo's password."""
    say(doing)
    code, output = run([venv.PYTHON, "manage.py", command, *options], quiet=True)
    if code and "Traceback (most recent call last)" in output:
        log = ROOT / "var" / f"{command}.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(output)
        raise Stop(f"manage.py {command} failed: {last_line(output)} (all of it: var/{log.name})", code)
    if code:
        raise Stop(output.strip() or f"manage.py {command} failed with exit code {code}.", code)
    for line in output.splitlines():
        if DEMO_PASSWORD not in line:  # told last, beside the address
            say(f"  {line}")
    return DEMO_PASSWORD in output


def _serve(port: int, *, demo: bool) -> NoReturn:
    say()
    say(f"  http://127.0.0.1:{port}/")
    if demo:
        say(f"  sign in as {DEMO_USERS}; password {DEMO_PASSWORD}")
    say("  Ctrl-C stops it.")
    say()
    # In place of this process, so that Ctrl-C and signals reach the server itself.
    os.chdir(ROOT)
    os.execv(venv.PYTHON, [str(venv.PYTHON), "manage.py", "runserver", f"127.0.0.1:{port}"])  # noqa: S606


if __name__ == "__main__":
    main(work)
