"""Killed anywhere and run again, the adoption ends as if nothing had happened."""

import signal

import pytest

from tests.legacy import scratch

pytestmark = pytest.mark.mariadb


@pytest.fixture(scope="module")
def statements(server):
    """Every statement of an undisturbed adoption."""
    from tests.legacy.conftest import DUMP

    with server.database(charset="latin1") as database:
        database.execute(DUMP.read_text(encoding="utf-8"))
        return database.run(scratch.adopt).went_well().statements


def first(statements, beginning):
    return next(n for n, sql in enumerate(statements) if sql.startswith(beginning))


def last(statements, beginning):
    return max(n for n, sql in enumerate(statements) if sql.startswith(beginning))


# Where to kill: just before the statement that this picks.
POINTS = {
    "with the lock in hand": lambda sql: first(sql, "SELECT GET_LOCK") + 1,
    "before the old tables are set aside": lambda sql: first(sql, "RENAME TABLE"),
    "after the old tables are set aside": lambda sql: first(sql, "RENAME TABLE") + 1,
    "before the character set": lambda sql: first(sql, "ALTER DATABASE"),
    "before the first migration": lambda sql: first(sql, "CREATE TABLE `django_content_type`"),
    "inside the migrations of another app": lambda sql: first(sql, "ALTER TABLE `axes_") + 1,
    "between two of our tables": lambda sql: first(sql, "CREATE TABLE `doctors`"),
    "among our constraints": lambda sql: last(sql, "ALTER TABLE `appointments` ADD CONSTRAINT"),
    "before a migration is recorded": lambda sql: last(sql, "INSERT INTO `django_migrations`"),
    "among the permissions": lambda sql: last(sql, "INSERT INTO `auth_permission`"),
    "before the ids go on": lambda sql: last(sql, "ALTER TABLE `patients` AUTO_INCREMENT"),
    "inside the copy": lambda sql: first(sql, "INSERT INTO `claims`"),
    "before the last row of the copy": lambda sql: last(sql, "INSERT INTO `flags`"),
    "after the copy": lambda sql: last(sql, "INSERT INTO `flags`") + 1,
    "at the very end": lambda sql: len(sql) - 1,
}


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_is_finished_by_the_next(point, old, statements, adopted_once):
    at = POINTS[point](statements)
    killed = old.run(scratch.adopt, kill_before=at).was_killed()
    assert len(killed.statements) == at
    assert "5. Verified" in old.run(scratch.adopt).went_well().said
    assert old.content() == adopted_once.content()


def test_a_run_that_is_killed_again_and_again_still_ends(old, statements, adopted_once):
    # The steps grow, so that some kill falls into what the one before has left.
    points = [int(len(statements) * part) for part in (0.05, 0.2, 0.35, 0.55, 0.75, 0.9)]
    codes = [old.run(scratch.adopt, kill_before=at).code for at in points]
    assert codes[:4] == [-signal.SIGKILL] * 4
    old.run(scratch.adopt).went_well()
    assert old.content() == adopted_once.content()


def test_a_half_made_schema_with_rows_of_somebody_is_not_dropped(old, statements):
    old.run(scratch.adopt, kill_before=POINTS["among our constraints"](statements)).was_killed()
    old.execute("INSERT INTO specialties (uuid, specialty_name, is_active) VALUES (UUID(), 'Mine', 1)")
    said = old.run(scratch.adopt).stopped()
    assert "specialties holds rows that are not from the old book" in said
    assert old.column("SELECT specialty_name FROM specialties") == ["Mine"]


def test_accounts_survive_a_run_that_is_killed_after_an_undo(adopted, statements, adopted_once):
    adopted.execute(
        "INSERT INTO accounts_user (username, password, is_superuser, first_name, last_name, email, is_staff,"
        " is_active, date_joined) VALUES ('rae', 'x', 0, '', '', '', 0, 1, NOW())"
    )
    adopted.run(scratch.go_back).went_well()
    made = adopted.run(scratch.adopt).went_well().statements
    adopted.run(scratch.go_back).went_well()
    adopted.run(scratch.adopt, kill_before=first(made, "CREATE TABLE `doctors`") + 1).was_killed()
    adopted.run(scratch.adopt).went_well()
    assert adopted.column("SELECT username FROM accounts_user") == ["rae"]
    assert adopted.content()["appointments"] == adopted_once.content()["appointments"]
