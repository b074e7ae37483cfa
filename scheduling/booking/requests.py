"""Making something once: a program that chose the uuid may ask again, and finds what it made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db import IntegrityError, models

from scheduling.booking import rules
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import FirstRequest

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Made(Generic[Row]):
    """The row, and whether this request made it or an earlier one."""

    row: Row
    is_new: bool


def remember(uuid: UUID, fingerprint: str, *, now: datetime) -> None:
    """In the transaction of what it makes; a duplicate key means that one was remembered for this uuid."""
    FirstRequest.objects.create(uuid=uuid, fingerprint=fingerprint, made_at=now)


def fingerprint_of(uuid: UUID) -> str:
    """Of the request that made it; empty where it came through another door, or is not there."""
    return FirstRequest.objects.filter(uuid=uuid).values_list("fingerprint", flat=True).first() or ""


def once(
    model: type[Row], uuid: UUID, fingerprint: str, make: Callable[[], Row], *, now: datetime
) -> Made[Row]:
    """Make the row of this uuid, or find the one that the same request made before. One transaction.

    Raises `Refused` where it was made by another request or through another door, and what `make` raises.
    """

    @in_one_transaction
    def made_or_found() -> Made[Row]:
        rows = model._default_manager.filter(uuid=uuid)
        earlier, asked = rows.first(), fingerprint_of(uuid)
        if earlier is None and asked:
            earlier = rows.first()  # both were written at once, between the two looks
        if earlier is not None and asked == fingerprint:
            return Made(earlier, is_new=False)
        if earlier is not None or asked:
            raise rules.Refused(rules.already_on_record())
        remember(uuid, fingerprint, now=now)
        return Made(make(), is_new=True)

    try:
        return made_or_found()
    except IntegrityError:
        # Somebody was quicker by a moment. What they wrote is there now: found, or refused in words.
        return made_or_found()
