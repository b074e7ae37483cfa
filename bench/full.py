"""Row about a clinic without a free minute. After the others about bookings: it fills the book."""

from __future__ import annotations

from django.db.models import Model

from bench import clinic, fill
from bench.reading import next_starts_from
from bench.rows import Bench, Result, row
from scheduling.models import Appointment, AppointmentEvent


@row("next 10 free starts where 60 days are full")
def next_starts_when_full(bench: Bench) -> Result:
    # Its visits and their events have the same keys: above those of either.
    last = max(_last(Appointment), _last(AppointmentEvent))
    fill.appointments(list(clinic.full_days(bench.shape, bench.zone, last + 1)))
    name = "next 10 free starts where 60 days are full"
    result = next_starts_from(bench, name, clinic.FULL_FROM, read_days=clinic.FULL_DAYS)
    return result.at_most(8, "queries", result.queries)


def _last(model: type[Model]) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
