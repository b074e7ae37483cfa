"""All patients in the order of a register, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from typing import Final

from django.core.paginator import Page, Paginator

from scheduling.models import Patient
from scheduling.queries.patients import Hit, hit, with_visits

ON_ONE_PAGE: Final = 50
LETTERS: Final = ascii_lowercase
# After all letters, whatever the order: "{", which follows "z" in binary order, stands before all letters in
# MariaDB's.
LAST_SIGN: Final = "\U0010ffff"


@dataclass(frozen=True)
class Register:
    """One page of it. Records that are a part of another are not in it."""

    hits: Sequence[Hit]
    letter: str  # the last names that begin so; "" for all
    page: Page[int]


def page(letter: str, number: str | None, *, now: datetime) -> Register:
    """By last name, from the index: 3 queries.

    `number` as it stands in the address: the first where it is none, the last where it is past the end.
    """
    rows = Patient.objects.standing().order_by("sort_key", "pk")
    if letter:
        rows = rows.filter(sort_key__gte=letter, sort_key__lt=letter + LAST_SIGN)
    # The keys first: what is told of each is asked for those of this page alone.
    shown = Paginator(rows.values_list("pk", flat=True), ON_ONE_PAGE).get_page(number)
    found = with_visits(Patient.objects.filter(pk__in=list(shown)), now).order_by("sort_key", "pk")
    return Register([hit(row, now) for row in found], letter, shown)
