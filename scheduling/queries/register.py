"""All patients in the order of a register, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from typing import Final

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from scheduling.models import Patient
from scheduling.queries.patients import Hit, read_with_visits

ON_ONE_PAGE: Final = 50
MANY: Final = 5_000  # patients: to count so many takes longer than to read a page of them
COUNT_KEPT: Final = 60  # seconds
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
    """By last name, from the index: 3 queries, 2 where a large register was counted a moment ago.

    `number` as it stands in the address: the first where it is none, the last where it is past the end.
    """
    rows = Patient.objects.standing().order_by("sort_key", "pk")
    if letter:
        rows = rows.filter(sort_key__gte=letter, sort_key__lt=letter + LAST_SIGN)
    # The keys first: what is told of each is asked for those of this page alone.
    shown = _Counted(rows.values_list("pk", flat=True), ON_ONE_PAGE, of=letter).get_page(number)
    keys = list(shown)
    found = {row.key: row.hit for row in read_with_visits(keys, now=now, most=ON_ONE_PAGE)}
    return Register([found[key] for key in keys if key in found], letter, shown)


class _Counted(Paginator):
    """Many patients are counted once a minute: a page more or less shows that much later."""

    def __init__(self, rows: QuerySet[Patient, int], on_one_page: int, *, of: str) -> None:
        super().__init__(rows, on_one_page)
        self.name = f"patients-counted-{of}"

    @cached_property
    def count(self) -> int:
        known = cache.get(self.name)
        if known is not None:
            return int(known)
        counted: int = super().count
        if counted >= MANY:
            cache.set(self.name, counted, COUNT_KEPT)
        return counted
