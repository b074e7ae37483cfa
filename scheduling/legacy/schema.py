"""What the old database must look like, and how another one differs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from django.db import connection

REVISION: Final = "6911a0f4dee9"
VERSION_TABLE: Final = "alembic_version"
PREFIX: Final = "legacy_"

_KINDS: Final = {
    "int": "a whole number",
    "char": "text",
    "varchar": "text",
    "tinytext": "text",
    "text": "text",
    "mediumtext": "text",
    "longtext": "text",
    "datetime": "a date and time",
}


class Column(NamedTuple):
    """A column as `information_schema` tells of it: `type` is MySQL's DATA_TYPE, such as varchar."""

    name: str
    type: str
    nullable: bool

    @property
    def kind(self) -> str:
        return _KINDS.get(self.type, f"of type {self.type}")


class Expected(NamedTuple):
    name: str
    kind: str
    may_be_null: bool = False


_ID, _UUID = Expected("id", "a whole number"), Expected("uuid", "text")

# Parents first: in this order rows are copied, and in the other one tables are dropped.
EXPECTED: Final[Mapping[str, tuple[Expected, ...]]] = {
    "specialties": (_ID, _UUID, Expected("specialty_name", "text")),
    "doctors": (
        _ID,
        _UUID,
        Expected("doctor_name", "text"),
        Expected("email", "text"),
        Expected("specialty_id", "a whole number"),
    ),
    "patients": (_ID, _UUID, Expected("patient_name", "text"), Expected("patient_lastname", "text")),
    "appointments": (
        _ID,
        _UUID,
        Expected("patient_name", "text"),
        Expected("description", "text"),
        Expected("appointment_datetime", "a date and time"),
        Expected("status", "text", may_be_null=True),
        Expected("doctor_id", "a whole number"),
    ),
}
OLD_TABLES: Final = (VERSION_TABLE, *EXPECTED)


class Differences(NamedTuple):
    """`problems` forbid the adoption; `notices` are only told."""

    problems: list[str]
    notices: list[str]


def tables(*, include_views: bool = False) -> set[str]:
    """Every table of the database, by its plain name."""
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor, include_views=include_views))


def columns_of(prefix: str) -> dict[str, list[Column]]:
    """The columns of the old tables that are there, under the names without the prefix."""
    wanted = [prefix + table for table in OLD_TABLES]
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"  # noqa: S608
            f" WHERE table_schema = DATABASE() AND table_name IN ({marks}) ORDER BY ordinal_position",
            wanted,
        )
        found: dict[str, list[Column]] = {}
        for table, name, data_type, is_nullable in cursor.fetchall():
            column = Column(name, data_type.lower(), is_nullable == "YES")
            found.setdefault(table.removeprefix(prefix), []).append(column)
    return found


def versions(prefix: str) -> list[str]:
    """What the old database says of its own version."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT version_num FROM `{prefix}{VERSION_TABLE}`")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def look(prefix: str) -> Differences:
    """How the old tables differ from the expected ones. Reads only."""
    found = columns_of(prefix)
    named = versions(prefix) if any(c.name == "version_num" for c in found.get(VERSION_TABLE, [])) else []
    return compare(found, named)


def compare(found: Mapping[str, Sequence[Column]], named: Sequence[str]) -> Differences:
    """The differences between columns by table, with the versions that were found, and what is expected."""
    problems: list[str] = []
    notices: list[str] = []
    if VERSION_TABLE not in found:
        problems.append(f"The table {VERSION_TABLE} is missing.")
    elif list(named) != [REVISION]:
        what = ", ".join(named) or "nothing"
        problems.append(f"{VERSION_TABLE} says {what}; only {REVISION} can be adopted.")
    for table, expected in EXPECTED.items():
        if table not in found:
            problems.append(f"The table {table} is missing.")
            continue
        by_name = {column.name: column for column in found[table]}
        for wanted in expected:
            problems.extend(_differences(table, wanted, by_name.pop(wanted.name, None)))
        for extra in by_name.values():
            if extra.nullable:
                notices.append(f"{table}.{extra.name} is not known here: it stays in the kept original.")
            else:
                problems.append(f"{table}.{extra.name} is an extra column that is NOT NULL.")
    return Differences(problems, notices)


def _differences(table: str, wanted: Expected, column: Column | None) -> Iterator[str]:
    if column is None:
        yield f"The column {table}.{wanted.name} is missing."
        return
    if column.kind != wanted.kind:
        yield f"{table}.{wanted.name} is {column.kind}; it should be {wanted.kind}."
    if column.nullable and not wanted.may_be_null:
        yield f"{table}.{wanted.name} may be NULL; it should be NOT NULL."
