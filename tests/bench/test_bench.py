"""The benchmark still runs: every row, on a clinic of a few hundred visits. Nothing here looks at times."""

import pytest

from bench import clinic, report
from bench.clinic import Shape
from bench.measure import BYTES, measure
from bench.rows import ROWS
from scheduling.booking import integrity

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_every_row_is_measured_and_written_down(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    told = measure(Shape(appointments=300, doctors=2, patients=200), rounds=1, seconds=0.1)
    assert sorted(row["row"] for row in told["rows"]) == sorted([BYTES, *ROWS])
    assert all(row["work"]["median"] > 0 for row in told["rows"])
    # What was made up, and then booked, is a sound book.
    assert integrity.problems(now=clinic.NOW) == []
    text = report.table([told])
    assert all(name in text for name in ROWS)
