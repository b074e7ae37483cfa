"""The check that every test's answers pass can tell a right one from a wrong one."""

import json

import pytest
from django.http import HttpResponse

from tests.api.conftest import UNKNOWN
from tests.api.document import assert_as_documented, operation_at, operations

LEFT = {"RateLimit-Limit": "1", "RateLimit-Remaining": "1", "RateLimit-Reset": "1"}
OPENING = {"doctor_uuid": UNKNOWN, "appointment_datetime": "2026-03-03T10:00:00+01:00", "minutes": 30}


def answer(items, status=200, kind="application/json", headers=LEFT, **more):
    page = {"items": items, "next": None, "searched_until": "2026-03-10T00:00:00+01:00"}
    said = json.dumps(page | more)
    return HttpResponse(said, status=status, content_type=kind, headers=headers)


def test_a_right_answer_passes():
    assert_as_documented("get", "/api/v1/openings", answer([OPENING]))


@pytest.mark.parametrize(
    "wrong",
    [
        answer([OPENING | {"minutes": "30"}]),
        answer([OPENING | {"minutes": True}]),
        answer([OPENING | {"appointment_datetime": "2026-03-03T10:00:00"}]),
        answer([OPENING | {"doctor_uuid": 7}]),
        answer([OPENING | {"id": 7}]),
        answer([{"minutes": 30}]),
        answer(OPENING),
        answer([OPENING], next=1),
        answer([OPENING], searched_until="2026-03-10"),
        answer([OPENING], more=True),
        answer([OPENING], status=201),
        answer([OPENING], kind="text/html"),
        answer([OPENING], headers={}),
    ],
)
def test_a_wrong_answer_does_not(wrong):
    with pytest.raises(AssertionError):
        assert_as_documented("get", "/api/v1/openings", wrong)


def test_each_operation_is_found_at_its_address():
    assert len(operations()) > 15  # the walk does walk
    for operation in operations():
        assert operation_at(operation.method, operation.address(UNKNOWN)) == operation
