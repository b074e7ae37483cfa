"""A short form of `python -m tests.backups`."""

from pathlib import Path

import pytest

from tests.backups.trial import Made, compared, drilled
from tests.cluster.clients import Log


@pytest.mark.parametrize(
    "kind",
    [pytest.param("sqlite", marks=pytest.mark.once), pytest.param("mariadb", marks=pytest.mark.mariadb)],
)
def test_a_backup_made_under_load_holds_all_that_was_acknowledged_before_it_began(kind):
    figures, faults = drilled(kind, seconds=2, clients=6)
    assert faults == [], figures


@pytest.mark.once
def test_the_drill_finds_what_is_missing_and_what_should_not_be_there():
    log = Log(asked={"a": 1.0, "b": 2.0, "c": 9.0}, booked={"a": (1, ""), "b": (1, ""), "c": (1, "")})
    backup = Made(Path("backup.zip"), begun=5.0, ended=6.0, before={"a", "b"})
    assert compared(backup, {"uuids": ["a", "b"], "doubled": 0}, log) == []
    assert len(compared(backup, {"uuids": ["a"], "doubled": 0}, log)) == 1
    assert len(compared(backup, {"uuids": ["a", "b", "c"], "doubled": 0}, log)) == 1
    assert len(compared(backup, {"uuids": ["a", "b"], "doubled": 1}, log)) == 1
    idle = Made(Path("backup.zip"), begun=5.0, ended=6.0, before=set())
    assert len(compared(idle, {"uuids": [], "doubled": 0}, log)) == 1
