"""`If-Match: *` is a change of whatever stands when it is done, not of what stood when it was looked at."""

import pytest

from scheduling.api.operations import visit_changes
from scheduling.booking import actions
from tests.api.conftest import codes
from tests.api.test_changes import CHANGES
from tests.conftest import NOW


@pytest.fixture
def another_desk(clinic, monkeypatch):
    """Moves the visit by a day, back and forth, after each of the first looks of the operation."""
    look, days = visit_changes.visit, iter([])

    def looked(uuid):
        row = look(uuid)
        for day in days:
            start = NOW.replace(day=day, hour=9)
            actions.move(actions.Seen.of(row), doctor=clinic.osei, start=start, by=None, now=NOW)
            break
        return row

    def busy(times):
        nonlocal days
        days = iter([4, 5] * times)

    monkeypatch.setattr(visit_changes, "visit", looked)
    return busy


@CHANGES
def test_somebody_who_was_quicker_is_no_reason_to_refuse(change, another_desk, action, body):
    another_desk(1)
    answer = change(action, body, if_match="*")
    assert (answer.status_code, answer.json()["version"]) == (200, 4)


@CHANGES
def test_who_names_a_version_is_told(change, another_desk, action, body):
    another_desk(1)
    answer = change(action, body, if_match='"1"')
    assert (answer.status_code, codes(answer)) == (412, ["stale"])


def test_it_does_not_go_on_for_ever(change, another_desk):
    another_desk(50)
    answer = change("cancel", {"reason": "ill", "wish": "patient"}, if_match="*")
    assert (answer.status_code, codes(answer)) == (412, ["stale"])
