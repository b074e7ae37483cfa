"""Each person may have the columns in an order of their own."""

from datetime import time

import pytest

from accounts import column_order
from scheduling.models import Doctor
from tests import factories
from tests.conftest import works
from tests.views.desk.conftest import TUESDAY

DAY = f"/desk/day/{TUESDAY}/"
PAGE = "/desk/columns/"


@pytest.fixture
def staff(cardiology):
    """Dr A to Dr E, all of one specialty."""
    found = [factories.DoctorFactory(doctor_name=f"Dr {name}", specialty=cardiology) for name in "ABCDE"]
    for doctor in found:
        works(doctor, time(9), time(14))
    return found


def shown(client):
    return "".join(column.title[-1] for column in client.get(DAY).context["board"].columns)


def give(client, **places):
    typed = {str(Doctor.objects.get(doctor_name=f"Dr {name}").uuid): place for name, place in places.items()}
    return client.post(PAGE, typed)


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({"D": "2"}, "ADBCE"),
        ({"B": "4"}, "ACDBE"),
        ({"E": "1", "A": "5"}, "EBCDA"),
        ({"A": "9999"}, "BCDEA"),
        ({"C": "three", "D": "", "E": "²"}, "ABCDE"),
        ({}, "ABCDE"),
    ],
)
def test_a_number_is_the_place_that_a_doctor_gets(desk, staff, places, order):
    assert give(desk, **places).status_code == 302
    assert shown(desk) == order


def test_it_holds_for_one_person_and_can_be_given_up(desk, office, client, staff, rae, max_):
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    give(client, E="1")
    assert shown(client) == "EABCD"
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    assert shown(client) == "ABCDE"
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    assert "By specialty and name again" in client.get(PAGE).content.decode()
    client.post("/desk/columns/usual/")
    assert shown(client) == "ABCDE"
    assert "By specialty and name again" not in client.get(PAGE).content.decode()


def test_a_doctor_who_comes_later_stands_behind(desk, staff, cardiology):
    give(desk, B="1")
    works(factories.DoctorFactory(doctor_name="Dr 0", specialty=cardiology), time(9), time(14))
    assert shown(desk) == "BACDE0"


def test_the_page_lists_the_doctors_in_the_order_that_holds(desk, staff):
    give(desk, C="1")
    names = [doctor.doctor_name[-1] for doctor in desk.get(PAGE).context["doctors"]]
    assert "".join(names) == "CABDE"


def test_an_order_costs_the_board_nothing(desk, staff, django_assert_num_queries):
    give(desk, C="1")
    desk.get(DAY)
    with django_assert_num_queries(6):
        desk.get(DAY)


def test_of_very_many_the_first_are_kept(rae, staff):
    many = [staff[0].uuid] * 500
    column_order.keep(rae, many)
    rae.refresh_from_db()
    assert len(column_order.order_of(rae)) == column_order.MOST == 135
