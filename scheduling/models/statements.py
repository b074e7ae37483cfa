"""Statements whose shape never changes: written once, from the models, and run again with other values.

To build and compile a query takes Django up to 2 ms, ten times as long as the database needs to answer it.
Where that counts, in a booking, a query is still a queryset and a table still a model, but the text is kept.
Values travel as parameters, adapted by their fields, as in any other query.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet

Row = Sequence[Any]


class Given(Expression):
    """What a queryset is given whenever it runs: a value under this name or, for `__in`, `count` of them."""

    def __init__(self, name: str, output_field: Field, count: int | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name
        self.count = count

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if self.count is None:
            return "%s", [self]
        each = [Given(f"{self.name}_{number}", self.output_field) for number in range(self.count)]
        return f"({', '.join(['%s'] * self.count)})", each


class Reading(threading.local):
    """The rows of a queryset, `values_list(...)` with `Given` among its filters.

    Each thread has its own, as of Django's connections: a compiled query holds the one it was made for.
    """

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self._build = build

    @cached_property
    def _compiled(self) -> tuple[str, dict[str, Any], list[Given], Callable[[Iterable[Row]], Iterable[Row]]]:
        compiler = self._build().query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        given = {p.name: p for p in parameters if isinstance(p, Given)}
        fixed = {f"fixed_{n}": p for n, p in enumerate(parameters) if not isinstance(p, Given)}
        names = (p.name if isinstance(p, Given) else f"fixed_{n}" for n, p in enumerate(parameters))
        # By name, so that what is asked for in several places is adapted once.
        sql = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        converted = _conversion(compiler, [column for column, _, _ in compiler.select])
        return sql, fixed, list(given.values()), converted

    def rows(self, values: Mapping[str, Any]) -> Iterable[Row]:
        """Each row in the order of its columns, as Django would give it."""
        sql, fixed, given, converted = self._compiled
        database = connections[DEFAULT_DB_ALIAS]
        with database.cursor() as cursor:
            adapted = {one.name: _adapted(one.output_field, values[one.name], database) for one in given}
            cursor.execute(sql, fixed | adapted)
            return converted(cursor.fetchall())


class ByUuid(threading.local):
    """One row of each of several models that have a public identity, all of them by one statement."""

    def __init__(self, *models: type[Model]) -> None:
        self._models = models

    @cached_property
    def _compiled(self) -> tuple[str, Callable[[Iterable[Row]], Iterable[Row]]]:
        quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
        tables = {quote(model._meta.db_table): model for model in self._models}
        compiler = self._models[0]._default_manager.all().query.get_compiler(DEFAULT_DB_ALIAS)
        columns = [f.get_col(m._meta.db_table) for m in self._models for f in m._meta.concrete_fields]
        selected = ", ".join(compiler.compile(column)[0] for column in columns)
        wanted = " AND ".join(f"{table}.uuid = %s" for table in tables)
        # Names out of the models.
        sql = f"SELECT {selected} FROM {' CROSS JOIN '.join(tables)} WHERE {wanted}"  # noqa: S608
        return sql, _conversion(compiler, columns)

    def find(self, *uuids: UUID) -> list[Any] | None:
        """The rows, in the order of the models; None where not all of them are on record. 1 query."""
        sql, converted = self._compiled
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, [str(uuid) for uuid in uuids])
            found = list(converted(cursor.fetchall()))
        if not found:
            return None
        values, rows = iter(found[0]), []
        for model in self._models:
            names = [field.attname for field in model._meta.concrete_fields]
            rows.append(model.from_db(DEFAULT_DB_ALIAS, names, list(islice(values, len(names)))))
        return rows


def _conversion(compiler: Any, columns: Sequence[Any]) -> Callable[[Iterable[Row]], Iterable[Row]]:
    """Makes of what the driver gave what Django gives."""
    converters = compiler.get_converters(columns)
    return (lambda rows: compiler.apply_converters(rows, converters)) if converters else iter


class Insertion:
    """New rows of one table, every column of them given but a key that the database counts.

    As `bulk_create` does, it goes past `save()` and its signals.
    """

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    @cached_property
    def _columns(self) -> list[Field]:
        fields = self._model._meta.local_concrete_fields
        return [field for field in fields if not isinstance(field, models.AutoField)]

    @cached_property
    def _sql(self) -> str:
        quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self._columns)
        values = ", ".join(f"%({field.attname})s" for field in self._columns)
        # No text of anybody's: names out of the model.
        return f"INSERT INTO {quote(self._model._meta.db_table)} ({columns}) VALUES ({values})"  # noqa: S608

    def one(self, row: Mapping[str, Any]) -> int:
        """Insert a row, {attname: value}; gives its key."""
        database = connections[DEFAULT_DB_ALIAS]
        with database.cursor() as cursor:
            cursor.execute(self._sql, self._adapted(row, database))
            return int(cursor.lastrowid)

    def many(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert rows in their order, as one statement where the driver can."""
        database = connections[DEFAULT_DB_ALIAS]
        with database.cursor() as cursor:
            cursor.executemany(self._sql, [self._adapted(row, database) for row in rows])

    def _adapted(self, row: Mapping[str, Any], database: BaseDatabaseWrapper) -> dict[str, Any]:
        return {field.attname: _adapted(field, row[field.attname], database) for field in self._columns}


def _adapted(field: Field, value: Any, database: BaseDatabaseWrapper) -> Any:
    # A whole number needs nothing, and a chain of foreign keys would take longer over it than the database.
    return value if type(value) is int else field.get_db_prep_save(value, database)
