from uuid import uuid4

import pytest

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.models import Doctor, Flag, Patient
from tests import factories
from tests.conftest import NOW, madrid


@pytest.fixture
def office(client, max_):
    """Max, signed in."""
    client.force_login(max_)
    return client


@pytest.fixture
def root(client, db):
    """A superuser, signed in."""
    user = factories.UserFactory(username="root", is_staff=True, is_superuser=True)
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def visit(rae, osei, ana, checkup):
    """Ana with Dr Osei, on the Monday at 10:00 in Madrid."""
    return booked("2026-03-02 10:00", osei, ana, checkup, by=rae)


def booked(text, doctor, patient, visit_type, *, by=None):
    proposal = Proposal(
        uuid=uuid4(),
        doctor=doctor,
        patient=patient,
        visit_type=visit_type,
        start=madrid(text),
        description="<script>alert(1)</script>",
    )
    return actions.book(proposal, by=by, now=NOW)


def doubt(row, kind=Flag.Kind.UNKNOWN_STATUS, **more):
    about = {"doctor": Doctor, "patient": Patient}
    field = next((name for name, model in about.items() if isinstance(row, model)), "appointment")
    return Flag.objects.create(kind=kind, created_at=NOW, **{field: row}, **more)
