"""What the database itself costs: the driver, no Django. The measure of everything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.db import connection

PLAIN = "bench_floor"


class Floor:
    """A connection of the driver's own, with the same options as Django's; autocommit is off."""

    def __init__(self) -> None:
        self.raw: Any = connection.get_new_connection(connection.get_connection_params())
        self.mark = "?" if connection.vendor == "sqlite" else "%s"

    def insert(self, _round: int = 0) -> None:
        """One row into a plain table, and COMMIT."""
        cursor = self.raw.cursor()
        values = (str(uuid4()), 7, "2026-03-03 10:00:00", "Pain in the left knee")
        marks = ", ".join([self.mark] * len(values))
        cursor.execute(f"INSERT INTO {PLAIN} (uuid, doctor_id, starts, note) VALUES ({marks})", values)  # noqa: S608
        self.raw.commit()

    def select(self, sql: str) -> int:
        """The number of rows, each of them fetched."""
        cursor = self.raw.cursor()
        cursor.execute(sql)
        rows = len(cursor.fetchall())
        self.raw.commit()  # or the next reading would see this one's snapshot
        return rows

    def close(self) -> None:
        self.raw.close()


@contextmanager
def floor() -> Iterator[Floor]:
    opened = Floor()
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def plain_table() -> Iterator[None]:
    """A table with a counted key and nothing to look after."""
    key = "INTEGER PRIMARY KEY" if connection.vendor == "sqlite" else "INT AUTO_INCREMENT PRIMARY KEY"
    columns = f"id {key}, uuid CHAR(36), doctor_id INT, starts DATETIME, note VARCHAR(1000)"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {PLAIN} ({columns})")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {PLAIN}")


def listed(keys: Any) -> str:
    """Whole numbers of our own, for IN (...)."""
    return ", ".join(str(int(key)) for key in keys)
