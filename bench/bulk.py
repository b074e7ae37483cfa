"""Many rows into one table, as quickly as each database can."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeAlias

from django.db import connection

Row: TypeAlias = tuple[Any, ...]
INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"


def load(table: str, columns: str, rows: Iterable[Row]) -> None:
    """Columns by name, with spaces between them, in the order of each row's values."""
    (_into_sqlite if connection.vendor == "sqlite" else _into_mysql)(table, columns, rows)


def _into_sqlite(table: str, columns: str, rows: Iterable[Row]) -> None:
    names, marks = ", ".join(f'"{name}"' for name in columns.split()), ", ".join("?" * len(columns.split()))
    insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  (our own names)
    connection.close()
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as raw:
        if _is_empty(raw, table):
            # Whoever isn't alone may not switch the journal off, and does without that haste.
            with suppress(sqlite3.OperationalError):
                raw.execute("PRAGMA journal_mode = OFF")
            for pragma in ("synchronous = OFF", "cache_size = -500000", "threads = 2"):
                raw.execute(f"PRAGMA {pragma}")
            indexes = raw.execute(INDEXES, [table]).fetchall()
        else:
            indexes = []
        raw.execute("BEGIN")
        # An index made at the end is sorted once; one that is kept up meanwhile is searched for every row.
        for name, _ in indexes:
            raw.execute(f'DROP INDEX "{name}"')
        raw.executemany(insert, rows)
        for _, sql in indexes:
            raw.execute(sql)
        raw.execute("COMMIT")
        with suppress(sqlite3.OperationalError):
            raw.execute("PRAGMA journal_mode = WAL")


def _is_empty(raw: sqlite3.Connection, table: str) -> bool:
    return raw.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None  # noqa: S608  (our own names)


def _into_mysql(table: str, columns: str, rows: Iterable[Row]) -> None:
    names = ", ".join(f"`{name}`" for name in columns.split())
    with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder, connection.cursor() as cursor:
        path = Path(folder) / "rows"
        with path.open("w", encoding="utf-8") as file:
            file.writelines("\t".join(map(_field, row)) + "\n" for row in rows)
        Path(folder).chmod(0o755)  # read by the server
        # With both checks off, MariaDB sorts what goes into an empty table and builds each index in one go.
        cursor.execute("SET unique_checks = 0, foreign_key_checks = 0")
        cursor.execute(f"LOAD DATA INFILE '{path}' INTO TABLE {table} CHARACTER SET utf8mb4 ({names})")
        cursor.execute("SET unique_checks = 1, foreign_key_checks = 1")


def _field(value: Any) -> str:
    return r"\N" if value is None else str(value)
