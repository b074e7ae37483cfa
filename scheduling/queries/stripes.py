"""The stripe beside a card, which says of which type a visit is: 1 to 4, and the fifth type begins again.

A type keeps its stripe when others are added: it is counted from the types that were there before it.
"""

from collections.abc import Mapping
from typing import Final

from django.db.models.expressions import RawSQL

from scheduling.models import VisitType

STRIPES: Final = 4  # so many patterns can be told apart (css/board_types.css)


def types() -> RawSQL:
    """The keys of all types as one text, for `annotate`: so they cost a page no statement of their own."""
    return RawSQL("(SELECT GROUP_CONCAT(id) FROM visit_types)", [])


def by_type(keys: str | None) -> Mapping[int, int]:
    """The stripe of each type by its key, from the value of `types`."""
    found = sorted(map(int, keys.split(","))) if keys else ()
    return {key: older % STRIPES + 1 for older, key in enumerate(found)}


def stripe_of(visit_type: int) -> int:
    """The stripe of the type with this key. 1 query."""
    return VisitType.objects.filter(pk__lt=visit_type).count() % STRIPES + 1
