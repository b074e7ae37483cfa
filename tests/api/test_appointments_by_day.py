"""GET /appointments by the days on which they begin."""

import pytest

from tests.api.conftest import codes
from tests.api.test_paging import walk
from tests.booking.asking import booked


@pytest.fixture
def days(website, osei, ana, checkup):
    for day in (3, 4, 5, 6):
        booked(osei, ana, checkup, f"2026-03-0{day} 10:00")
        booked(osei, ana, checkup, f"2026-03-0{day} 13:30")

    def asked(**query):
        return [int(each["appointment_datetime"][8:10]) for each in walk(website, "appointments", **query)]

    return asked


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_from_and_to_are_days_of_the_clinic_and_both_count(days, limit):
    assert days(limit=limit, from_="2026-03-05") == [5, 5, 6, 6]
    assert days(limit=limit, to="2026-03-04") == [3, 3, 4, 4]
    assert days(limit=limit, from_="2026-03-04", to="2026-03-05") == [4, 4, 5, 5]
    assert days(limit=limit, from_="2026-03-04", to="2026-03-04") == [4, 4]
    assert days(limit=limit, from_="2026-03-04", to="2026-03-05", day="2026-03-05") == [5, 5]
    assert days(limit=limit, from_="2026-03-07") == []


def test_they_narrow_what_changed_since(days, website):
    everything = {"changed_since": "2026-01-01T00:00:00Z", "limit": 3}
    assert sorted(days(from_="2026-03-05", to="2026-03-05", **everything)) == [5, 5]


def test_a_last_day_before_the_first_is_a_slip(website):
    answer = website.get("appointments", from_="2026-03-05", to="2026-03-04")
    assert (answer.status_code, codes(answer)) == (422, ["to_before_from"])
