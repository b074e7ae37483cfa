"""Whole databases for a test, and work done on them in a forked child that may be killed."""

import itertools
import os
import re
import signal
import tempfile
import traceback
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import connections

from scheduling.legacy import adoption, originals, report, undo
from scheduling.legacy.stopped import AdoptionError

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
_numbers = itertools.count(1)

# What a run may leave different: when a migration ran, and numbers that a killed run has used up.
VOLATILE = {"django_migrations": {"id", "applied"}, "appointment_events": {"id"}, "flags": {"id"}}
NOT_COMPARED = {"auth_permission", "auth_group_permissions", "auth_group", "django_content_type"}


def _wanted(say, **options):
    return adoption.Wanted(**{"now": NOW, "zone": MADRID, "minutes": 30, "say": say, **options})


def adopt(say):
    adoption.adopt(_wanted(say))


def rehearse(say):
    adoption.rehearse(_wanted(say))


def reported(path, *, dry_run):
    def work(say):
        with report.open_private(str(path)) as file:
            (adoption.rehearse if dry_run else adoption.adopt)(_wanted(say, report=file))

    return work


def go_back(say):
    undo.undo(now=NOW, discard_changes=False, say=say)


def go_back_anyway(say):
    undo.undo(now=NOW, discard_changes=True, say=say)


def drop_originals(say):
    originals.drop_originals(confirmed=lambda name: True, say=say)


@dataclass
class Ended:
    """How a child ended: its exit code (negative for a signal) and everything that it said."""

    code: int
    said: str
    statements: list[str]

    def went_well(self):
        assert self.code == 0, self.said
        return self

    def stopped(self):
        assert self.code == 1, self.said
        return self.said

    def was_killed(self):
        assert self.code == -signal.SIGKILL, self.said
        return self


class Server:
    def __init__(self, blocker):
        self.blocker = blocker

    def connect(self, name=None):
        import MySQLdb  # not there where only SQLite is

        values = connections["default"].settings_dict
        socket = values["OPTIONS"].get("unix_socket")
        where = {"unix_socket": socket} if socket else {"host": values["HOST"], "port": int(values["PORT"])}
        return MySQLdb.connect(
            user=values["USER"], password=values["PASSWORD"], charset="utf8mb4", autocommit=True,
            **where, **({"database": name} if name else {}),
        )  # fmt: skip

    @contextmanager
    def database(self, charset):
        database = Database(self, f"adoption_{os.getpid()}_{next(_numbers)}")
        database.on_server(f"CREATE DATABASE `{database.name}` CHARACTER SET {charset}")
        try:
            yield database
        finally:
            database.on_server(f"DROP DATABASE `{database.name}`")


class Database:
    def __init__(self, server, name):
        self.server, self.name = server, name

    def on_server(self, sql):
        link = self.server.connect()
        link.cursor().execute(sql)
        link.close()

    def execute(self, sql):
        """Run any number of statements; give the rows of the last."""
        link = self.server.connect(self.name)
        try:
            cursor = link.cursor()
            cursor.execute(sql)
            rows = cursor.fetchall()
            while cursor.nextset() is not None:
                rows = cursor.fetchall()
            return rows
        finally:
            link.close()

    def value(self, sql):
        return self.execute(sql)[0][0]

    def column(self, sql):
        return [row[0] for row in self.execute(sql)]

    def tables(self):
        return sorted(self.column("SHOW TABLES"))

    def fingerprint(self):
        """Everything that a write of any kind would change."""
        return {
            table: (self.execute(f"SHOW CREATE TABLE `{table}`")[0][1], self.value_of_checksum(table))
            for table in self.tables()
        } | {"charset": self.execute("SELECT @@character_set_database, @@collation_database")}

    def value_of_checksum(self, table):
        return self.execute(f"CHECKSUM TABLE `{table}`")[0][1]

    def content(self):
        """Every table's shape and rows, without what two good runs may do differently."""
        return {table: self._content_of(table) for table in self.tables() if table not in NOT_COMPARED} | {
            "permissions": sorted(self.column("SELECT codename FROM auth_permission")),
            "groups": sorted(self.column("SELECT name FROM auth_group")),
        }

    def _content_of(self, table):
        shape = self.execute(f"SHOW CREATE TABLE `{table}`")[0][1]
        if table in VOLATILE:
            shape = re.sub(r" AUTO_INCREMENT=\d+", "", shape)
        names = [row[0] for row in self.execute(f"SHOW COLUMNS FROM `{table}`")]
        kept = ", ".join(f"`{name}`" for name in names if name not in VOLATILE.get(table, ()))
        return shape, sorted(self.execute(f"SELECT {kept} FROM `{table}`"), key=repr)

    def copy_from(self, other):
        statements = ["SET foreign_key_checks = 0", "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'"]
        for table in other.tables():
            statements.append(other.execute(f"SHOW CREATE TABLE `{table}`")[0][1])
            statements.append(f"INSERT INTO `{table}` SELECT * FROM `{other.name}`.`{table}`")
        self.execute(f"ALTER DATABASE `{self.name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        self.execute(";".join(statements))

    def run(self, work, *, kill_before=None, settings=None):
        """Do `work(say)` on this database in a forked child, killed before its n-th statement (from 0)."""
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forking beside a test runner's threads
            said, ran = Path(folder) / "said", Path(folder) / "ran"
            said.touch()
            ran.touch()
            child = os.fork()
            if not child:
                os._exit(self._in_child(work, said, ran, kill_before))
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            return Ended(code, said.read_text("utf-8"), ran.read_text("utf-8").split("\0")[:-1])

    def _in_child(self, work, said, ran, kill_before):
        with (
            said.open("ab", buffering=0) as out,
            ran.open("ab", buffering=0) as log,
        ):  # a kill flushes nothing
            count = itertools.count()

            def watch(execute, sql, params, many, context):
                if next(count) == kill_before:
                    os.kill(os.getpid(), signal.SIGKILL)
                log.write(f"{sql}\0".encode())
                return execute(sql, params, many, context)

            try:
                self.server.blocker.unblock()
                parents = connections["default"]
                connections["default"] = parents.copy()
                connections["default"].settings_dict["NAME"] = self.name
                ContentType.objects.clear_cache()
                with connections["default"].execute_wrapper(watch):
                    work(lambda line: out.write(f"{line}\n".encode()))
                return 0
            except AdoptionError as stopped:
                out.write(str(stopped).encode())
                return 1
            except BaseException:  # a child must never go on as a second pytest
                out.write(traceback.format_exc().encode())
                return 2
