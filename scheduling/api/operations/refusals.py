"""A refusal by the schedule, answered with the nearest times that are free."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from scheduling.api.problems import OF_THE_TIME, HttpProblem, reasons_of, status_of
from scheduling.api.schemas.openings import Opening
from scheduling.booking import openings
from scheduling.booking.actions import Refused
from scheduling.booking.proposal import Proposal
from scheduling.models import Appointment


@contextmanager
def with_other_times(
    proposal: Proposal, *, now: datetime, moving: Appointment | None = None
) -> Iterator[None]:
    """Raises `HttpProblem` in place of the engine's `Refused`. `moving`: the visit that would move there."""
    try:
        yield
    except Refused as refused:
        status = status_of(refused)
        more: dict[str, Any] = {}
        if status == 409:
            wants_others = refused.codes & OF_THE_TIME
            nearest = openings.nearest(proposal, now=now, moving=moving) if wants_others else []
            more["nearest"] = [Opening.from_orm(each).model_dump() for each in nearest]
        raise HttpProblem(status, *reasons_of(refused), **more) from refused
