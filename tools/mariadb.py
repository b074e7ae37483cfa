"""A private MariaDB that lives as long as the script that asked for it, in a temporary folder of its own.

    python3 -m tools.mariadb                      prints its DATABASE_URL, runs until Ctrl-C
    python3 -m tools.mariadb -- make run          runs one command with DATABASE_URL set to it
    python3 -m tools.mariadb --durable -- ...     as careful with the disk as a real one: for measurements

A keeper process starts the server and waits on a pipe from the script. However the script ends, the pipe
closes, and the keeper stops the server and removes the folder.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.environment import IN_MEMORY
from tools.console import ROOT, Stop, last_line, main, run, say
from tools.system import which

DATABASE = "clinic"
START_SECONDS = 60
# The folder is thrown away: nothing has to survive a crash.
CARELESS = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"]
LONGEST_SOCKET_PATH = 100  # Linux allows 107 bytes, other systems 103


@contextmanager
def running(
    *, durable: bool = False, options: Sequence[str] = (), parent: str | None = None
) -> Iterator[str]:
    """Start a server and give its DATABASE_URL; `options` are mariadbd's, `parent` holds its folder."""
    arguments = [*(["--durable"] if durable else []), *(["--in", parent] if parent else []), "--", *options]
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tools.mariadb", "--keep", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a Ctrl-C is for the script and its tests, which still need the server
    )
    try:
        assert keeper.stdout  # noqa: S101  (a pipe, as asked above)
        answer = keeper.stdout.readline().strip()
        if not answer.startswith("mysql://"):
            raise Stop(answer or "The private MariaDB did not start.")
        yield answer
    finally:
        keeper.communicate()  # closes the pipe, waits until the server is gone


def keep(durable: bool, options: Sequence[str], parent: str | None) -> int:
    """The keeper: a server from here until standard input closes."""
    if parent is None and not durable:
        parent = IN_MEMORY
    folder = Path(tempfile.mkdtemp(prefix="clinic-mariadb-", dir=parent))
    if len(str(folder)) > LONGEST_SOCKET_PATH - len("/socket"):
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="clinic-mariadb-", dir="/tmp"))
    server = None
    try:
        _initialise(folder)
        server = _start(folder, [*([] if durable else CARELESS), *options])
        _wait_until_it_answers(server, folder)
        _answer(f"mysql://root@localhost/{DATABASE}?unix_socket={folder}/socket")
        sys.stdin.read()
    except Stop as stop:
        _answer(stop.line)
    finally:
        if server:
            server.kill()  # nothing in the folder is wanted any more
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _answer(line: str) -> None:
    with suppress(BrokenPipeError):  # the script is gone already
        os.write(sys.stdout.fileno(), f"{line}\n".encode())


def _as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def _program(name: str) -> str:
    path = which(name)
    if not path:
        raise Stop(f"Missing {name}: Debian's packages mariadb-server-core and mariadb-client have it.")
    return path


def _initialise(folder: Path) -> None:
    install = [_program("mariadb-install-db"), "--no-defaults", f"--datadir={folder}/data", *_as_root()]
    command = [*install, "--auth-root-authentication-method=normal", "--skip-test-db"]
    code, output = run(command, _apart(folder), quiet=True)
    if code:
        raise Stop(f"mariadb-install-db failed: {last_line(output)}")


def _start(folder: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    command = [_program("mariadbd"), "--no-defaults", *_as_root(), f"--datadir={folder}/data"]
    command += ["--skip-networking", f"--socket={folder}/socket", f"--pid-file={folder}/pid"]
    command += ["--skip-log-bin", "--performance-schema=OFF", *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, env=_apart(folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _apart(folder: Path) -> dict[str, str]:
    """With a folder for temporary tables: a server that starts removes all that it finds in a shared one."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return os.environ | {"TMPDIR": str(temporary)}


def _wait_until_it_answers(server: subprocess.Popen[bytes], folder: Path) -> None:
    create = f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
    client = [_program("mariadb"), "--no-defaults", f"--socket={folder}/socket", "--user=root"]
    for _ in range(START_SECONDS * 20):
        code, output = run([*client, "--execute", create], quiet=True)
        if code == 0:
            return
        if server.poll() is not None:
            log = (folder / "log").read_text(errors="replace")
            errors = [line for line in log.splitlines() if "[ERROR]" in line]
            raise Stop(f"mariadbd did not start: {(errors or [last_line(log)])[0]}")
        time.sleep(0.05)
    raise Stop(f"mariadbd did not answer within {START_SECONDS} s: {last_line(output)}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m tools.mariadb", description="A private, throwaway MariaDB."
    )
    parser.add_argument("--durable", action="store_true", help="safe commits, as a real server has them")
    parser.add_argument("--in", dest="parent", metavar="FOLDER", help="where to make the temporary folder")
    parser.add_argument("--keep", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("command", nargs="*", help="run this with DATABASE_URL set, then stop the server")
    return parser.parse_args()


def work() -> int:
    asked = _parse()
    if asked.keep:
        return keep(asked.durable, asked.command, asked.parent)
    with running(durable=asked.durable, parent=asked.parent) as url:
        if asked.command:
            return run(asked.command, os.environ | {"DATABASE_URL": url})[0]
        say(url)
        with suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    main(work)
