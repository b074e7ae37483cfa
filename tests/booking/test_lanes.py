"""The places beside a visit that is there."""

import pytest

from scheduling.booking import lanes
from scheduling.booking.actions import overbook
from tests import factories
from tests.booking.asking import booked, wish
from tests.conftest import madrid

TEN = madrid("2026-03-03 10:00")


@pytest.mark.parametrize(("limit", "free", "beside"), [(0, [], 0), (1, [1], 1), (3, [1, 2, 3], 3)])
def test_they_are_counted_up_to_the_doctors_limit(osei, ana, ben, checkup, limit, free, beside):
    osei.overbook_limit = limit
    osei.save()
    booked(osei, ana, checkup, TEN)
    asked = wish(osei, ben, checkup, TEN)
    assert (lanes.free(asked), lanes.free_beside(asked)) == (free, beside)


def test_one_that_is_used_is_free_no_more(osei, ana, ben, checkup, rae, now):
    booked(osei, ana, checkup, TEN)
    overbook(wish(osei, ben, checkup, TEN), reason="Pain", by=rae, now=now)
    asked = wish(osei, factories.PatientFactory(), checkup, TEN)
    assert (lanes.free(asked), lanes.free_beside(asked)) == ([], 0)


def test_a_time_with_nobody_in_it_has_no_more_places_beside_it_than_the_limit(osei, ana, checkup):
    asked = wish(osei, ana, checkup, TEN)
    assert (lanes.free(asked), lanes.free_beside(asked)) == ([0, 1], 1)
