"""Ana and her telephone, and visits to come."""

from uuid import uuid4

import pytest

from scheduling.booking import actions, patients
from scheduling.booking.proposal import Proposal
from scheduling.models import Status
from tests.conftest import NOW, madrid

ANAS, BENS = "+34600555482", "+34600555483"


@pytest.fixture(autouse=True)
def messages(settings):
    """What is sent is not looked at here: each test says which messages there are."""
    settings.NOTICE_CHANNELS = []


@pytest.fixture
def with_phones(ana, ben):
    for patient, number in ((ana, ANAS), (ben, BENS)):
        patient.phone = number
        patients.save(patient)


@pytest.fixture
def book(osei, checkup, with_phones):
    """`book(ana, "2026-03-05 10:00")`"""

    def make(patient, at, *, doctor=osei, status=Status.PENDING):
        return actions.book(
            Proposal(
                uuid=uuid4(),
                doctor=doctor,
                patient=patient,
                visit_type=checkup,
                start=madrid(at),
                status=status,
                description="",
            ),
            by=None,
            now=NOW,
        )

    return make
