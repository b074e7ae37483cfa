"""All patients in the order of a register, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from typing import Final

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
    number: int  # of this page, from 1
    total: int

    @property
    def first(self) -> int:
        return (self.number - 1) * ON_ONE_PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.hits) - 1

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.last < self.total else None


def page(letter: str, number: int, *, now: datetime) -> Register:
    """By last name, from the index: 3 queries. A page past the end is the last one."""
    rows = Patient.objects.standing().order_by("sort_key", "pk")
    if letter:
        rows = rows.filter(sort_key__gte=letter, sort_key__lt=letter + LAST_SIGN)
    total = rows.count()
    number = max(1, min(number, -(-total // ON_ONE_PAGE)))
    first = (number - 1) * ON_ONE_PAGE
    # The keys first: what is told of each is asked for those of this page alone.
    keys = list(rows.values_list("pk", flat=True)[first : first + ON_ONE_PAGE])
    shown = with_visits(Patient.objects.filter(pk__in=keys), now).order_by("sort_key", "pk")
    return Register([hit(row, now) for row in shown], letter, number, total)
