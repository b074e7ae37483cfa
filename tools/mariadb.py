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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from tests.environment import IN_MEMORY
from tools.starting import ROOT, NotStarted, last_line, wait_until_it_answers

DATABASE = "clinic"
# A user's PATH often lacks the folders that servers live in.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
# The folder is thrown away: nothing has to survive a crash.
CARELESS = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"]
LONGEST_SOCKET_PATH = 100  # Linux allows 107 bytes, other systems 103


@contextmanager
def running(
    *, durable: bool = False, options: Sequence[str] = (), parent: str | None = None
) -> Iterator[str]:
    """Start a server and give its DATABASE_URL; `options` are mariadbd's, `parent` holds its folder.

    Raises `NotStarted` where it does not come up.
    """
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
            raise NotStarted(answer or "The private MariaDB did not start.")
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
        wait_until_it_answers(server, lambda: _has_its_database(folder), lambda: _error_in(folder))
        _answer(f"mysql://root@localhost/{DATABASE}?unix_socket={folder}/socket")
        sys.stdin.read()
    except NotStarted as error:
        _answer(f"The private MariaDB: {error}")
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
    path = shutil.which(name, path=SEARCH_PATH)
    if not path:
        raise NotStarted(f"Missing {name}: Debian's packages mariadb-server-core and mariadb-client have it.")
    return path


def _initialise(folder: Path) -> None:
    install = [_program("mariadb-install-db"), "--no-defaults", f"--datadir={folder}/data", *_as_root()]
    command = [*install, "--auth-root-authentication-method=normal", "--skip-test-db"]
    done = subprocess.run(
        command, env=_apart(folder), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise NotStarted(f"mariadb-install-db failed: {last_line(done.stdout + done.stderr)}")


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


def _has_its_database(folder: Path) -> bool:
    create = f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
    client = [_program("mariadb"), "--no-defaults", f"--socket={folder}/socket", "--user=root"]
    return subprocess.run([*client, "--execute", create], capture_output=True, check=False).returncode == 0


def _error_in(folder: Path) -> str:
    log = (folder / "log").read_text(errors="replace")
    return next((line for line in log.splitlines() if "[ERROR]" in line), last_line(log))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m tools.mariadb", description="A private, throwaway MariaDB."
    )
    parser.add_argument("--durable", action="store_true", help="safe commits, as a real server has them")
    parser.add_argument("--in", dest="parent", metavar="FOLDER", help="where to make the temporary folder")
    parser.add_argument("--keep", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("command", nargs="*", help="run this with DATABASE_URL set, then stop the server")
    return parser.parse_args()


def _with_it(command: Sequence[str], url: str) -> int:
    """Run the command; it alone decides what to do about a Ctrl-C, and needs the server until its end."""
    env = os.environ | {"DATABASE_URL": url, "TEST_DATABASE_URL": url}
    with subprocess.Popen(command, env=env) as process:

        def pass_on(number: int, _frame: FrameType | None) -> None:
            if number != signal.SIGINT:  # the terminal has told the command as well
                process.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, pass_on)
        return process.wait()


def main() -> int:
    asked = _parse()
    if asked.keep:
        return keep(asked.durable, asked.command, asked.parent)
    with running(durable=asked.durable, parent=asked.parent) as url:
        if asked.command:
            return _with_it(asked.command, url)
        print(url, flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotStarted as error:
        sys.exit(str(error))
