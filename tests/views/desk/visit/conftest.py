"""A visit of today, and somebody else at the desk."""

import pytest

from accounts import roles
from scheduling.models import Appointment
from tests import factories
from tests.conftest import in_role


@pytest.fixture
def visit(book, osei, ana):
    return book(osei, ana, "2026-03-02 10:00")


@pytest.fixture
def post(desk):
    """`post(visit, "status", status="arrived")`, with the version as stored unless another is given."""

    def send(visit, step, headers=None, **fields):
        fields = {"version": Appointment.objects.get(uuid=visit.uuid).version} | fields
        return desk.post(f"/desk/appointments/{visit.uuid}/{step}/", fields, headers=headers)

    return send


@pytest.fixture
def tom(db):
    user = factories.UserFactory(username="tom", first_name="Tomás", last_name="Gil")
    return in_role(user, roles.RECEPTIONIST)
