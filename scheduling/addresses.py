"""Addresses of many rows: a page or a board has hundreds."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

ANY: Final = UUID(int=0)
LONGEST_ABSENCE: Final = 62  # days of one page


def addresses(name: str) -> Callable[[UUID], str]:
    """The page of this name for each row, by its uuid: the name is looked up once."""
    before, behind = reverse(name, args=[ANY]).split(str(ANY))
    return lambda uuid: f"{before}{uuid}{behind}"


def absence(doctor: UUID, first: date, last: date) -> str:
    """The list of who must be told while a doctor is away, both days counted, as far as a page reaches."""
    if (last - first).days >= LONGEST_ABSENCE:
        last = first + timedelta(days=LONGEST_ABSENCE - 1)
    days = {"doctor": str(doctor), "first": first.isoformat(), "last": last.isoformat()}
    return f"{reverse('desk:absence')}?{urlencode(days)}"
