"""Databases that can be brought down, and what does it: each cause is a block within which it lasts."""

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tools import mariadb

ROOM = {"sqlite": "24m", "mariadb": "400m"}  # of the disk that gets full


class Skipped(Exception):
    """A trial that can't be made on this machine; the message says why."""


class MariaDB:
    """A private server; the site is a user without the rights of root."""

    def __init__(self, url):
        self.socket = Path(parse_qs(urlsplit(url).query)["unix_socket"][0])
        self.folder = self.socket.parent
        self.url = f"mysql://site:site@localhost/{mariadb.DATABASE}?unix_socket={self.socket}"
        self.pid = int((self.folder / "pid").read_text())
        self.command = Path(f"/proc/{self.pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
        self.process = None
        self.say(
            "CREATE USER site@localhost IDENTIFIED BY 'site'", "GRANT ALL ON `clinic`.* TO site@localhost"
        )

    def connect(self):
        import MySQLdb

        return MySQLdb.connect(user="root", unix_socket=str(self.socket))

    def say(self, *statements):
        with closing(self.connect()) as connection:
            for statement in statements:
                connection.query(statement)

    def start(self):
        out = (self.folder / "log").open("ab")
        with out:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.pid = self.process.pid
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(Exception):
                return self.connect().close()
            time.sleep(0.05)
        raise RuntimeError("the database did not start again")

    def end(self, number):
        os.kill(self.pid, number)
        while Path(f"/proc/{self.pid}").exists() and _state(self.pid) != "Z":
            time.sleep(0.02)

    def revive(self):
        """As a supervisor does: a server may end itself when its disk is full."""
        if _state(self.pid) == "Z":
            self.start()

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class SQLite:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.file = self.folder / "clinic.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def revive(self):
        pass

    def close(self):
        pass


@contextmanager
def mariadb_in(folder):
    with mariadb.running(durable=True, parent=str(folder)) as url:
        database = MariaDB(url)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def small_disk(folder, size):
    disk = Path(folder, "disk")
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=1777", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        raise Skipped("a small disk can't be mounted here: it takes root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False)


# -- What brings them down ---------------------------------------------------------


@contextmanager
def stopped(database):
    database.end(signal.SIGTERM)
    yield
    database.start()


@contextmanager
def killed(database):
    database.end(signal.SIGKILL)
    yield
    database.start()


@contextmanager
def hung(database):
    os.kill(database.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(database.pid, signal.SIGCONT)


def said(*statements):
    """A cause that is a connection which said something and is still there."""

    @contextmanager
    def cause(database):
        with closing(database.connect()) as connection:
            connection.select_db(mariadb.DATABASE)
            for statement in statements:
                connection.query(statement)
            yield

    return cause


all_read_locked = said("FLUSH TABLES WITH READ LOCK")
table_locked = said("LOCK TABLES appointments WRITE")


@contextmanager
def server_read_only(database):
    database.say("SET GLOBAL read_only = 1")
    try:
        yield
    finally:
        database.say("SET GLOBAL read_only = 0")


@contextmanager
def file_locked(database):
    with closing(sqlite3.connect(database.file, timeout=30)) as connection:
        connection.isolation_level = None
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def file_read_only(database):
    """For a server that has not root's power over files."""
    files = [file for file in database.folder.iterdir() if file.name.startswith(database.file.name)]
    modes = [(file, file.stat().st_mode) for file in [*files, database.folder]]
    for file in files:
        file.chmod(0o444)
    database.folder.chmod(0o555)
    try:
        yield
    finally:
        for file, mode in modes:
            with suppress(FileNotFoundError):
                file.chmod(mode)


@contextmanager
def disk_full(database):
    filler = database.folder / "filler"
    with filler.open("wb", buffering=0) as out, suppress(OSError):
        while True:
            out.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()
        database.revive()


def _state(pid):
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return "Z"
