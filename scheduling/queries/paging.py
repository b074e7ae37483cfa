"""One page of many rows, after a row that the asker has seen: rows that come meanwhile shift nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    more: bool  # there are others after these


def as_recorded(rows: QuerySet[Row], after: UUID | None, limit: int) -> Page[Row]:
    """In the order in which they were recorded: 1 query. After a row that is not there, nothing."""
    if after is not None:
        seen = rows.model._default_manager.filter(uuid=after).order_by().values("pk")[:1]
        rows = rows.filter(pk__gt=seen)
    return _page(rows.order_by("pk"), limit)


def by_time(
    rows: QuerySet[Row],
    column: Literal["appointment_datetime", "updated_at"],
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Page[Row]:
    """In the order of a time (aware): 1 query. `after`: that of the last row seen, and its uuid."""
    if after is not None:
        at, uuid = after
        seen = rows.model._default_manager.filter(uuid=uuid).order_by().values("pk")[:1]
        # The first condition bounds the range of the index, the second is for rows of the same instant.
        rows = rows.filter(Q(**{f"{column}__gte": at}) & (Q(**{f"{column}__gt": at}) | Q(pk__gt=seen)))
    return _page(rows.order_by(column, "pk"), limit)


def _page(rows: QuerySet[Row], limit: int) -> Page[Row]:
    found = list(rows[: limit + 1])
    return Page(found[:limit], more=len(found) > limit)
