"""Which kinds of visit a clinic books."""

from collections import Counter
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from scheduling.models import Appointment, VisitType

# Free starts are offered for the clinic's shortest visit, but never in smaller steps than this.
SMALLEST_STEP: Final = 15
USUAL_STEP: Final = 30  # before any visit type is recorded
LATELY: Final = 300  # visits: the newest tell what is usual, however many there are


def usual() -> UUID | None:
    """The type in use that was booked most lately; the shortest where nothing was. 2 queries."""
    newest = Appointment.objects.order_by("-pk").values_list("visit_type", flat=True)[:LATELY]
    booked = Counter(newest)
    types = dict(VisitType.objects.active().values_list("pk", "uuid"))
    return max(types.items(), key=lambda each: booked[each[0]])[1] if types else None


def shortest() -> QuerySet:
    """The minutes of the shortest type in use, in a row that may be missing."""
    return VisitType.objects.active().order_by("minutes").values("minutes")[:1]


def free_step() -> int:
    """For how many minutes boards offer free starts: 1 query."""
    return step_of(shortest().values_list("minutes", flat=True).first())


def step_of(minutes: int | None) -> int:
    """The same by the minutes of the shortest type, if there is one."""
    return max(minutes or USUAL_STEP, SMALLEST_STEP)
