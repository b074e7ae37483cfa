"""What a link or a pressed button puts into the form."""

from uuid import uuid4

import pytest
from django.http import QueryDict

from scheduling.forms import prefill
from tests.conftest import MADRID


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        ("2026-03-03T11:40:00+01:00", {"day": "2026-03-03", "time": "11:40", "offset": "+01:00"}),
        ("2026-03-03T10:40:00+00:00", {"day": "2026-03-03", "time": "11:40", "offset": "+01:00"}),
        ("2026-03-03T10:40:00Z", {"day": "2026-03-03", "time": "11:40", "offset": "+01:00"}),
        ("2026-03-03T11:40:00 01:00", {"day": "2026-03-03", "time": "11:40", "offset": "+01:00"}),
        ("2026-10-25T00:30:00+00:00", {"day": "2026-10-25", "time": "02:30", "offset": "+02:00"}),
        ("2026-10-25T01:30:00+00:00", {"day": "2026-10-25", "time": "02:30", "offset": "+01:00"}),
        ("2026-03-03T11:40", {"day": "2026-03-03", "time": "11:40"}),
        ("2026-03-03", {"day": "2026-03-03", "time": "00:00"}),
        ("soon", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("\0", None),
    ],
)
def test_a_start_is_read_on_the_clinics_clocks(start, moment):
    assert prefill.moment_of(start, MADRID) == moment


def test_a_pressed_time_stands_in_place_of_the_typed_one():
    doctor = uuid4()
    posted = QueryDict(mutable=True)
    posted.update({"doctor": "x", "day": "y", "time": "z", "choice": f"{doctor}|2026-03-03T11:40:00+01:00"})
    filled = prefill.from_press(posted, MADRID)
    assert (filled["doctor"], filled["day"], filled["time"]) == (str(doctor), "2026-03-03", "11:40")


def test_a_pressed_time_that_cannot_be_read_never_falls_back_on_the_typed_one():
    posted = QueryDict("day=2026-03-03&time=10:00&choice=|later")
    assert prefill.from_press(posted, MADRID)["time"] == "later"
