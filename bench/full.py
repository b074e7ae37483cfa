"""Row about a clinic without a free minute. The last one: it fills the book."""

from __future__ import annotations

from bench import clinic, fill
from bench.reading import next_starts_from
from bench.rows import Bench, Result, row
from scheduling.models import Appointment


@row("next 10 free starts where 60 days are full")
def next_starts_when_full(bench: Bench) -> Result:
    last = Appointment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    fill.appointments(list(clinic.full_days(bench.shape, bench.zone, last + 1)))
    name = "next 10 free starts where 60 days are full"
    result = next_starts_from(bench, name, clinic.FULL_FROM, read_days=clinic.FULL_DAYS)
    return result.at_most(8, "queries", result.queries)
