"""Row about programs that search a clinic without a free minute, many at once. Last: it fills the book."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone

from bench import clinic
from bench.clients import Client
from bench.full import fill_days
from bench.over_http import over_http, program, soon
from bench.rows import Bench, Result, row
from scheduling.models import Claim, Doctor
from scheduling.times import clinic_day, grid

SEARCH: Final = "search when full over HTTP"
AFTER: Final = 90  # days from the real clock's today: behind what other rows book there


@row(SEARCH)
def search_over_http(bench: Bench) -> Result:
    # By the real clock, which the server goes by.
    first = timezone.now().date() + timedelta(days=AFTER)
    if last := Claim.objects.order_by("-grain").values_list("grain", flat=True).first():
        first = max(first, clinic_day.day_of(grid.instant_of(last), bench.zone) + timedelta(days=1))
    fill_days(bench, first)
    # The crowd of another row has free days.
    Doctor.objects.filter(pk__gt=bench.shape.doctors).update(is_active=False)
    address = f"{reverse('api:list_openings')}?from={first}&days={clinic.FULL_DAYS}&minutes=30"

    def search(client: Client) -> bool:
        said = client.ask(address, expected=200)
        if said is None:
            return False
        found = json.loads(said)
        assert (found["items"], found["next"]) == ([], None), found  # noqa: S101
        return True

    return soon(over_http(bench, SEARCH, search, program), 95, 1000)
