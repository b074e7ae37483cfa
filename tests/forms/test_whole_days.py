"""A closure of whole days, on the nights on which the clocks change too: what is stored, and what is said."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import override_settings

from scheduling.forms.time_off import TimeOffForm
from scheduling.models import TimeOff
from scheduling.templatetags.spans import span_as_text
from tests.conftest import NOW

CASES = [
    # zone, first, last, begins and ends in UTC, said
    ("Europe/Madrid", "2026-03-29", "", "2026-03-28 23:00", "2026-03-29 22:00", "Sun 29 March"),
    ("Europe/Madrid", "2026-10-25", "", "2026-10-24 22:00", "2026-10-25 23:00", "Sun 25 October"),
    # At midnight it is 01:00: the day has no 00:00.
    ("America/Santiago", "2026-09-06", "", "2026-09-06 04:00", "2026-09-07 03:00", "Sun 6 September"),
    ("America/Santiago", "2026-09-05", "", "2026-09-05 04:00", "2026-09-06 04:00", "Sat 5 September"),
    (
        "Asia/Beirut",
        "2026-03-28",
        "2026-03-29",
        "2026-03-27 22:00",
        "2026-03-29 21:00",
        "Sat 28 March to Sun 29 March",
    ),
    # At 24:00 it is 23:00 again.
    ("America/Santiago", "2026-04-04", "", "2026-04-04 03:00", "2026-04-05 04:00", "Sat 4 April"),
    # At 01:00 it is 00:00 again: the day has two midnights.
    ("America/Havana", "2026-11-01", "", "2026-11-01 04:00", "2026-11-02 05:00", "Sun 1 November"),
    ("America/Havana", "2026-10-31", "", "2026-10-31 04:00", "2026-11-01 04:00", "Sat 31 October"),
]


@pytest.mark.parametrize(("zone", "first", "last", "begins", "ends", "said"), CASES)
def test_a_whole_day_is_whole_on_every_night(zone, first, last, begins, ends, said):
    with override_settings(CLINIC_TIME_ZONE=zone):
        typed = {"uuid": str(uuid4()), "first": first, "last": last, "starts": "", "ends": ""}
        form = TimeOffForm(typed, now=NOW)
        assert form.is_valid(), form.errors
        stored = [datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (begins, ends)]
        assert list(form.span) == stored
        row = TimeOff(starts_at=stored[0], ends_at=stored[1])
        assert span_as_text(row, NOW) == said
