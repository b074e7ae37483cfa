"""Which large tables a statement reads from end to end, or nearly, by the database's own plan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django.db import connection

LARGE: Final = ("appointments", "claims", "patients", "patient_words", "appointment_events")
MANY: Final = 2000  # rows expected for each row of the table before it
ALIASED: Final = re.compile(r'[`"](\w+)[`"] (U\d+|T\d+)\b')


def full_reads(statements: Iterable[tuple[str, Any]]) -> list[str]:
    """Names of large tables that these SELECTs read in full, through an index or not."""
    found = set()
    for sql, params in statements:
        if sql.lstrip("( ").upper().startswith("SELECT"):
            aliases = {alias: table for table, alias in ALIASED.findall(sql)}
            found |= {aliases.get(name, name) for name in _read_in_full(sql, params)}
    return sorted(found.intersection(LARGE))


def _read_in_full(sql: str, params: Any) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps = [re.match(r"SCAN (\w+)", row[3]) for row in cursor.fetchall()]
            return {step.group(1) for step in steps if step}
        # As a table: MySQL from 9 on tells a tree unless it is asked. MariaDB knows no other form.
        form = "" if getattr(connection, "mysql_is_mariadb", False) else "FORMAT=TRADITIONAL "
        cursor.execute(f"EXPLAIN {form}{sql}", params)
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        return {str(row["table"]) for row in rows if _is_too_much(row)}


def _is_too_much(row: dict[str, Any]) -> bool:
    """Also all rows of each doctor, where only the beginning of an index is of use."""
    kind = str(row["type"]).lower()
    rows = int(str(row["rows"] or 0).split()[0])  # "120 (4%)" where a filter of another key is used
    return kind in {"all", "index"} or (kind == "ref" and rows >= MANY)
