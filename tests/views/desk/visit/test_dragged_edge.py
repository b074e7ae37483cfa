"""The lower edge of a card was dragged: the form that corrects the visit has the new length."""

import pytest

from scheduling.models import Appointment, Status
from tests.views.desk.pages import typed_in
from tests.views.desk.visit.test_edit import address, fresh


@pytest.fixture
def visit(book, osei, ana):
    return book(osei, ana, "2026-03-03 10:00")


@pytest.mark.parametrize(
    ("dragged", "minutes"),
    [
        ("15", "45"),
        ("-15", "15"),
        ("-60", "5"),
        ("9999", "720"),
        ("-9999", "5"),
        ("0", "30"),
        ("", "30"),
        ("abc", "30"),
        ("1" * 5000, "720"),
        ("٣", "33"),
    ],
)
def test_a_dragged_edge_is_typed_into_the_form_and_nothing_is_written(desk, visit, dragged, minutes):
    page = desk.get(address(visit), {"longer_by": dragged})
    typed = typed_in(page)
    assert (typed["minutes"], typed["minutes_shown"]) == (minutes, "30")
    assert page.content.count(b"autofocus") == 1
    assert fresh(visit).minutes == 30


def test_the_edge_of_a_visit_that_is_over_stays(desk, visit, rae):
    Appointment.objects.filter(uuid=visit.uuid).update(status=Status.COMPLETED)
    assert "minutes" not in typed_in(desk.get(address(visit), {"longer_by": "15"}))
