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
    end: tuple[datetime, UUID] | None = None  # in order of a time: where it ended, as `after` takes it


def as_recorded(rows: QuerySet[Row], after: UUID | None, limit: int) -> Page[Row]:
    """In the order in which they were recorded: 1 query. After a row that is not there, nothing."""
    if after is not None:
        seen = rows.model._default_manager.filter(uuid=after).order_by().values("pk")[:1]
        rows = rows.filter(pk__gt=seen)
    found = list(rows.order_by("pk")[: limit + 1])
    return Page(found[:limit], more=len(found) > limit)


def by_time(
    rows: QuerySet[Row],
    column: Literal["appointment_datetime", "updated_at"],
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Page[Row]:
    """In the order of a time (aware): 2 queries. `after`: that of the last row seen, and its uuid.

    The keys first, from the index: asked for together with doctors and patients, MariaDB begins with the
    doctors and sorts all of their visits.
    """
    wanted = rows
    if after is not None:
        at, uuid = after
        seen = rows.model._default_manager.filter(uuid=uuid).order_by().values("pk")[:1]
        # The first condition bounds the range of the index, the second is for rows of the same instant.
        wanted = rows.filter(Q(**{f"{column}__gte": at}) & (Q(**{f"{column}__gt": at}) | Q(pk__gt=seen)))
    places = list(wanted.order_by(column, "pk").values_list("pk", column, "uuid")[: limit + 1])
    keys = [key for key, *_end in places[:limit]]
    found = {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}
    # One that was changed a moment ago may not be wanted any more.
    page = [found[key] for key in keys if key in found]
    return Page(page, more=len(places) > limit, end=places[len(keys) - 1][1:] if keys else None)
