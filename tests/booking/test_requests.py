"""Making something once (`tests/api/test_race_of_records.py` has many who ask at the same moment)."""

from uuid import uuid4

import pytest

from scheduling.booking import requests
from scheduling.booking.rules import Refused
from scheduling.models import FirstRequest, Patient
from tests import factories
from tests.conftest import NOW

UUID = uuid4()


@pytest.fixture
def once(db):
    def ask(fingerprint="one"):
        return requests.once(Patient, UUID, fingerprint, lambda: factories.PatientFactory(uuid=UUID), now=NOW)

    return ask


def test_the_first_makes_it_and_the_second_finds_it(once):
    first, again = once(), once()
    assert (first.is_new, again.is_new, first.row) == (True, False, again.row)
    assert Patient.objects.count() == 1


def test_another_request_is_refused(once):
    once()
    with pytest.raises(Refused) as caught:
        once("two")
    assert caught.value.codes == {"already_on_record"}


def test_one_that_came_through_another_door_is_refused(once):
    once()
    FirstRequest.objects.all().delete()
    with pytest.raises(Refused):
        once()


@pytest.mark.parametrize("theirs", ["one", "two"])
def test_what_somebody_writes_between_the_two_looks_is_seen_whole(once, monkeypatch, theirs):
    """Under READ COMMITTED the second look sees what the first one did not."""
    look = requests.fingerprint_of

    def somebody_is_quicker(uuid):
        monkeypatch.setattr(requests, "fingerprint_of", look)
        factories.PatientFactory(uuid=uuid)
        requests.remember(uuid, theirs, now=NOW)
        return look(uuid)

    monkeypatch.setattr(requests, "fingerprint_of", somebody_is_quicker)
    if theirs == "two":
        with pytest.raises(Refused):
            once()
        return
    assert once().is_new is False
    assert Patient.objects.count() == 1


def test_what_making_refuses_leaves_no_request_behind(db):
    def make():
        raise Refused

    with pytest.raises(Refused):
        requests.once(Patient, uuid4(), "one", make, now=NOW)
    assert FirstRequest.objects.count() == 0
