"""Whether anything was booked twice: asked of the database, whatever the answers were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from scheduling.booking import integrity
from scheduling.booking.claims import grains_of
from scheduling.models import Appointment


def check(since: datetime, told: Sequence[UUID]) -> None:
    """Of the visits from then on: no doctor and no patient is in two at once, each holds its time in the
    schedule, and every one that a client was told of is there."""
    visits = list(Appointment.objects.holding_time().filter(appointment_datetime__gte=since))
    taken = Counter(
        (whose, grain)
        for visit in visits
        for grain in grains_of(visit)
        for whose in (f"doctor {visit.doctor_id}", f"patient {visit.patient_id}")
    )
    twice = [place for place, times in taken.items() if times > 1]
    lost = set(told) - {visit.uuid for visit in visits}
    wrong = integrity.problems(now=since)
    if twice or lost or wrong:
        raise AssertionError(f"booked twice: {twice[:5]}; lost: {len(lost)}; schedule: {wrong[:5]}")
