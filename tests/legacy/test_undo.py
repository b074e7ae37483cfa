"""Back to the old tables, and the end of them."""

import pytest

from tests.legacy import scratch
from tests.legacy.conftest import DUMP
from tests.legacy.test_adoption import FIVE

pytestmark = pytest.mark.mariadb


def position(statements, beginning):
    return next(n for n, sql in enumerate(statements) if sql.startswith(beginning))


def old_tables(database):
    return {table: database.content()[table] for table in FIVE}


@pytest.fixture(scope="module")
def original(server):
    with server.database(charset="latin1") as database:
        database.execute(DUMP.read_text(encoding="utf-8"))
        yield {table: database._content_of(table) for table in FIVE}


def test_an_undo_puts_the_old_tables_back_to_the_letter(adopted, original):
    said = adopted.run(scratch.go_back).went_well().said
    assert "back in their place" in said
    assert old_tables(adopted) == original
    left = {table for table in adopted.tables() if table.startswith(("legacy_", "undone_"))}
    assert not left and "claims" not in adopted.tables()


def test_an_undone_adoption_can_be_made_again(adopted, adopted_once):
    adopted.run(scratch.go_back).went_well()
    assert "Nothing to undo" in adopted.run(scratch.go_back).went_well().said
    adopted.run(scratch.adopt).went_well()
    assert adopted.content() == adopted_once.content()


def test_an_undo_killed_anywhere_is_finished_by_the_next(server, adopted_once, original):
    with server.database(charset="utf8mb4") as database:
        database.copy_from(adopted_once)
        statements = database.run(scratch.go_back).went_well().statements
    swap = position(statements, "RENAME")
    dropped = position(statements, "DROP TABLE")
    for at in (swap, swap + 1, position(statements, "DELETE FROM `django_migrations`"), dropped, dropped + 1):
        with server.database(charset="utf8mb4") as database:
            database.copy_from(adopted_once)
            database.run(scratch.go_back, kill_before=at).was_killed()
            database.run(scratch.go_back).went_well()
            assert old_tables(database) == original
            assert not [t for t in database.tables() if t.startswith(("legacy_", "undone_"))]


def test_an_adoption_finishes_an_undo_that_was_killed(adopted, adopted_once):
    killed = adopted.run(scratch.go_back).went_well().statements
    swap = position(killed, "RENAME")
    adopted.run(scratch.adopt).went_well()
    adopted.run(scratch.go_back, kill_before=swap + 1).was_killed()
    assert "undone_claims" in adopted.tables()
    adopted.run(scratch.adopt).went_well()
    assert adopted.content() == adopted_once.content()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE appointments SET status = 'cancelled', version = 2 WHERE id = 3", "appointments: 1 changed"),
        ("UPDATE patients SET phone = '+34910555010' WHERE id = 3", "patients: 1 changed"),
        ("UPDATE flags SET resolved_at = NOW() WHERE kind = 'bad_email'", "flags: 1 missing, 1 added"),
        ("DELETE FROM claims WHERE appointment_id = 121", "claims: 6 missing"),
        (
            "INSERT INTO appointment_events"
            " (appointment_id, version, at, kind, channel, `before`, `after`, reason)"
            " VALUES (3, 2, NOW(), 'booked', 'desk', '{}', '{}', '')",
            "appointment_events: 1 added",
        ),
        (
            "INSERT INTO working_hours (doctor_id, weekday, starts, ends) VALUES (1, 0, '09:00', '14:00')",
            "working_hours: 1 added",
        ),
        (
            "INSERT INTO patients (id, uuid, patient_name, patient_lastname, email, phone, language,"
            " may_contact, note, is_active, needs_review, search_key, created_at)"
            " SELECT 500, UUID(), patient_name, patient_lastname, email, phone, language,"
            " may_contact, note, is_active, needs_review, search_key, NOW() FROM patients WHERE id = 3",
            "patients: 1 added",
        ),
    ],
)
def test_an_undo_that_would_lose_something_is_refused(adopted, original, change, told):
    adopted.execute(change)
    before = adopted.fingerprint()
    said = adopted.run(scratch.go_back).stopped()
    assert told in said and "--discard-changes" in said
    assert adopted.fingerprint() == before


def test_changes_can_be_discarded(adopted, original):
    adopted.execute("UPDATE appointments SET version = 2 WHERE id = 3")
    adopted.run(scratch.go_back_anyway).went_well()
    assert old_tables(adopted) == original


def test_a_run_that_was_killed_half_way_can_be_undone(old, original):
    old.run(scratch.adopt, kill_before=150).was_killed()
    assert "legacy_patients" in old.tables()
    old.run(scratch.go_back).went_well()
    assert old_tables(old) == original
    old.run(scratch.adopt).went_well()


def test_originals_are_dropped_only_when_all_is_in_the_new_tables(adopted):
    adopted.execute("UPDATE patients SET uuid = UUID() WHERE id = 5")
    assert "6a17b9af-5b56-4643-9037-cdff7c240d49" in adopted.run(scratch.drop_originals).stopped()
    assert "legacy_patients" in adopted.tables()


def test_without_a_yes_no_original_is_dropped(adopted):
    from scheduling.legacy import originals

    def unsure(say):
        originals.drop_originals(confirmed=lambda name: say(name) is None, say=say)

    said = adopted.run(unsure).stopped()
    assert said.splitlines()[-2:] == [adopted.name, "Nothing was dropped."]
    assert "legacy_patients" in adopted.tables()


def test_dropped_originals_leave_the_new_book_and_no_way_back(adopted):
    new = {t: c for t, c in adopted.content().items() if not t.startswith("legacy_")}
    # Cut off after the first ones, it goes on with the others.
    adopted.execute("DROP TABLE legacy_appointments")
    assert "--drop-originals finishes that" in adopted.run(scratch.adopt).went_well().said
    adopted.run(scratch.drop_originals).went_well()
    assert {t: c for t, c in adopted.content().items() if t in new} == new
    assert not [t for t in adopted.tables() if t.startswith("legacy_")]
    assert "nothing to do" in adopted.run(scratch.drop_originals).went_well().said
    assert "nothing to do" in adopted.run(scratch.adopt).went_well().said
    assert "can't be undone any more" in adopted.run(scratch.go_back).stopped()


def test_originals_of_a_database_that_is_not_adopted_stay(old):
    before = old.fingerprint()
    assert "not adopted yet" in old.run(scratch.drop_originals).stopped()
    assert old.fingerprint() == before


def test_a_book_without_any_appointment_comes_and_goes_too(old):
    old.execute("DELETE FROM appointments")
    old.run(scratch.adopt).went_well()
    assert "already adopted" in old.run(scratch.adopt).went_well().said
    old.run(scratch.go_back).went_well()
    assert old.value("SELECT COUNT(*) FROM patients") == 27
