"""The checker of histories, which has to find what a cluster could do wrong."""

import json

import pytest

from tests.cluster.trial import longest_pause
from tests.cluster.two_writers import history

NINE, TEN = "2026-03-03T09:00:00+00:00", "2026-03-03T10:00:00+00:00"
BOOKED, MOVED, CONFIRMED = {"start": NINE, "status": "pending"}, {"start": TEN}, {"status": "confirmed"}

pytestmark = pytest.mark.once


class Node:
    name = "node"

    def __init__(self, *events, version=None):
        self.events, self.version = events, version or len(events)

    def query(self, sql):
        if "appointment_events" not in sql:
            return str(self.version)
        return "\n".join(
            f"{number}\t{json.dumps(after)}" for number, after in enumerate(self.events, start=1)
        )


def test_a_history_that_bears_out_every_answer():
    told = [(2, "2026-03-03T11:00:00+01:00"), (3, "confirmed"), (3, TEN)]
    assert history(Node(BOOKED, MOVED, CONFIRMED), "uuid", told) == []


@pytest.mark.parametrize(
    ("node", "told"),
    [
        (Node(BOOKED, CONFIRMED), [(2, TEN)]),  # another change has taken the version
        (Node(BOOKED, MOVED), [(2, TEN), (2, "confirmed")]),  # one version, two answers
        (Node(BOOKED, MOVED), [(2, TEN), (3, "confirmed")]),  # an acknowledged change is gone
        (Node(BOOKED, MOVED, version=3), [(2, TEN)]),  # a change without a trace
    ],
)
def test_a_lost_update_is_found(node, told):
    assert history(node, "uuid", told)


def test_a_version_that_is_missing_or_twice_is_found():
    class Twice(Node):
        def query(self, sql):
            return super().query(sql).replace("3\t", "2\t")

    assert history(Twice(BOOKED, MOVED, CONFIRMED), "uuid", []) == ["node: versions are missing or twice"]


def test_a_pause_counts_from_the_death_and_between_any_two_writes():
    assert longest_pause([9.0, 10.2, 13.0, 13.5], since=10.0) == pytest.approx(2.8)
    assert longest_pause([9.0], since=10.0) == float("inf")
