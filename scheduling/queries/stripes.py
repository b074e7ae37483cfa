"""The stripe beside a card, which says of which type a visit is: 1 to 4, and the fifth type begins again.

A type keeps its stripe when others are added: it is counted from the types that were there before it.
"""

from typing import Final

from django.db.models import F, Func, IntegerField, OuterRef, Subquery

from scheduling.models import VisitType

STRIPES: Final = 4  # so many patterns can be told apart (css/board_types.css)


def older_types() -> Subquery:
    """How many types are older than that of each appointment, for `annotate`."""
    older = VisitType.objects.filter(pk__lt=OuterRef("visit_type_id")).order_by()
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())  # a plain Count would group
    return Subquery(older.annotate(older=counted).values("older"))


def stripe(older: int) -> int:
    """The stripe of a type to which so many are older."""
    return older % STRIPES + 1


def stripe_of(visit_type: int) -> int:
    """The stripe of the type with this key. 1 query."""
    return stripe(VisitType.objects.filter(pk__lt=visit_type).count())
