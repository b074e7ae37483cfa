"""MariaDB's and MySQL's own programs: a dump of one moment, while bookings go on.

`--single-transaction` reads all rows as they were when it began (InnoDB only, which all our tables are), and
locks nobody. Definitions of tables have to stand still meanwhile: `schema_lock`.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from django.db import Error, connection
from django.db.backends.mysql.client import DatabaseClient

from scheduling.backups.failed import BackupFailed
from scheduling.database import outages

MIGRATIONS: Final = "django_migrations"
WAITS: Final = 10  # seconds for whoever uses a table
PACKAGE: Final = "mariadb-client"
OPTIONS: Final = (
    "--single-transaction",
    "--quick",  # row by row, not a table at once in memory
    "--hex-blob",
    "--no-tablespaces",  # would need one more right
    "--skip-dump-date",
)
TABLE: Final = re.compile(rb"CREATE TABLE `((?:[^`]|``)+)`")
INSERT: Final = re.compile(rb"INSERT INTO `((?:[^`]|``)+)`.*?\bVALUES", re.DOTALL)
ERROR: Final = re.compile(r"\b(?:ERROR|[Ee]rror:?) (\d{4})\b")
STRING: Final = re.compile(rb"'(?:[^'\\]|\\.|'')*'", re.DOTALL)


class Dump:
    """The dump as lines, and how many rows of each table went by."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._table: str | None = None  # whose rows are listed

    def lines(self) -> Iterator[bytes]:
        """Raises `BackupFailed` where the dump breaks off.

        The table of migrations comes last: until a restore is through, /readyz says that it is not ready.
        """
        database = connection.settings_dict["NAME"]
        yield from self._dumped(f"--ignore-table={database}.{MIGRATIONS}")
        yield from self._dumped(only=MIGRATIONS)

    def _dumped(self, *options: str, only: str = "") -> Iterator[bytes]:
        command, env = _command(("mariadb-dump", "mysqldump"), (*OPTIONS, *options))
        with tempfile.TemporaryFile() as said:
            # A session of its own: who ends the jobs ends them after the backup in hand.
            process = subprocess.Popen(  # noqa: S603  (no text of anybody else)
                [*command, *filter(None, [only])],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                start_new_session=True,
            )
            if process.stdout is None:
                raise AssertionError
            last = b""
            with process:  # where nobody reads on, the program ends by the closed pipe
                for line in process.stdout:
                    self._count(line)
                    last = line if line.strip() else last
                    yield line
            said.seek(0)
            if process.returncode or not last.startswith(b"-- Dump completed"):
                raise BackupFailed(f"The dump broke off: {_what_went_wrong(said.read())}")

    def _count(self, line: bytes) -> None:
        if self._table is None:
            if (created := TABLE.match(line)) is not None:
                self.counts.setdefault(_name(created[1]), 0)
            if (begun := INSERT.match(line)) is None:
                return
            self._table = _name(begun[1])
            line = line[begun.end() :]
        bare = STRING.sub(b"", line).rstrip()
        self.counts[self._table] = self.counts.get(self._table, 0) + bare.count(b"(")
        if bare.endswith(b";"):
            self._table = None


def load(pieces: Iterable[bytes]) -> None:
    """Put the dump in the place of all tables. Raises `BackupFailed`: then the database is half restored."""
    _drop_all_tables()
    command, env = _command(("mariadb", "mysql"), ("--batch",))
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603
            command, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        if process.stdin is None:
            raise AssertionError
        try:
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # what went wrong stands in what the program said
        status = process.wait()
        said.seek(0)
        if status:
            raise BackupFailed(
                f"Restoring broke off, and the database is incomplete: {_what_went_wrong(said.read())} Mend "
                "that, and restore again with --replace."
            )


def _drop_all_tables() -> None:
    """All at once: where one of them is in use, none is dropped."""
    try:
        with connection.cursor() as cursor:
            tables = map(connection.ops.quote_name, connection.introspection.table_names(cursor))
            if names := ", ".join(tables):
                cursor.execute(f"SET SESSION lock_wait_timeout = {WAITS}, SESSION foreign_key_checks = 0")
                cursor.execute(f"DROP TABLE {names}")
    except Error as error:
        raise BackupFailed(
            "The tables could not be dropped, and are as they were: stop whoever uses the database, the "
            f"server and the jobs ({outages.reason(error) or type(error).__name__})."
        ) from error
    finally:
        connection.close()


def _command(names: tuple[str, ...], options: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """A program with the connection's settings; the password goes by its environment, which only this user
    and root can see."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise BackupFailed(f"{names[0]} is missing. On Debian: apt-get install {PACKAGE}")
    values = connection.settings_dict
    arguments, secret = DatabaseClient.settings_to_cmd_args_env(values, [])
    *settings, database = arguments[1:]
    if not values["OPTIONS"].get("read_default_file"):
        settings.insert(0, "--no-defaults")  # what stands in files on this machine is about other databases
    if socket := values["OPTIONS"].get("unix_socket"):
        settings.append(f"--socket={socket}")
    if (mode := values["OPTIONS"].get("ssl_mode")) is not None:
        settings.extend(_encrypted(path, str(mode)))
    return [path, *settings, *options, database], {**os.environ, "MYSQL_PWD": "", **(secret or {})}


def _encrypted(path: str, mode: str) -> list[str]:
    """What DATABASE_URL says of TLS, in the words of MariaDB's programs or of MySQL's."""
    if "mariadb" not in Path(path).name:
        return [f"--ssl-mode={mode}"]
    if mode in {"DISABLED", "PREFERRED"}:
        return []
    return ["--ssl", *(["--ssl-verify-server-cert"] if mode == "VERIFY_IDENTITY" else [])]


def _name(quoted: bytes) -> str:
    return quoted.replace(b"``", b"`").decode()


def _what_went_wrong(said: bytes) -> str:
    """The program's own error with its number, without the values that it repeats in quotes."""
    lines = [line for line in said.decode(errors="replace").splitlines() if ERROR.search(line)]
    if not lines:
        return "it said nothing."
    found = ERROR.search(lines[-1])
    reason = outages.NUMBERS.get(int(found[1])) if found else None
    return f"{lines[-1].partition(chr(39))[0].strip()} ({reason or 'the database refused it'})."
