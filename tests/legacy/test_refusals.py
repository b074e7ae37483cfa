"""An old database that is not what was expected is named, and not touched."""

import pytest

from tests.legacy import scratch

pytestmark = pytest.mark.mariadb

CASES = {
    "another revision": (
        "UPDATE alembic_version SET version_num = 'abc'",
        "alembic_version says abc; only 6911a0f4dee9 can be adopted.",
    ),
    "no revision": ("DROP TABLE alembic_version", "The table alembic_version is missing."),
    "a missing table": ("DROP TABLE patients", "The table patients is missing."),
    "a missing column": (
        "ALTER TABLE appointments DROP COLUMN status",
        "The column appointments.status is missing.",
    ),
    "an extra column that is NOT NULL": (
        "ALTER TABLE patients ADD COLUMN age INT NOT NULL DEFAULT 0",
        "patients.age is an extra column that is NOT NULL.",
    ),
    "a column of another kind": (
        "ALTER TABLE appointments MODIFY appointment_datetime DATE NOT NULL",
        "appointments.appointment_datetime is of type date; it should be a date and time.",
    ),
    "a malformed uuid": ("UPDATE patients SET uuid = 'none' WHERE id = 1", "patients: 'none' is not a uuid."),
    "a uuid twice": (
        "ALTER TABLE patients DROP INDEX uuid; UPDATE patients a JOIN patients b ON b.id = 1"
        " SET a.uuid = UPPER(b.uuid) WHERE a.id = 2",
        "is there more than once.",
    ),
    "equal addresses": (
        "ALTER TABLE doctors DROP INDEX ix_doctors_email;"
        "UPDATE doctors SET email = 'DR0.Silva@clinic.example' WHERE id = 2",
        "doctors: 008a05a6-c464-4159-8324-c9859b810e76 and f1fd42a2-9755-44c1-ba90-2931cd447e35 have",
    ),
    "an orphan": (
        "SET foreign_key_checks = 0; UPDATE appointments SET doctor_id = 99 WHERE id = 121",
        "b80a5424-a969-4f96-b3d1-41724921bef4 belongs to a doctor that is not there.",
    ),
    "a doctor without a specialty": (
        "SET foreign_key_checks = 0; UPDATE doctors SET specialty_id = 99 WHERE id = 1",
        "008a05a6-c464-4159-8324-c9859b810e76 belongs to a specialty that is not there.",
    ),
    "a text that does not fit": (
        "ALTER TABLE appointments MODIFY description TEXT NOT NULL;"
        "UPDATE appointments SET description = REPEAT('x', 1001) WHERE id = 121",
        "appointments.description of b80a5424-a969-4f96-b3d1-41724921bef4 has 1001 characters; 1000 fit.",
    ),
    "somebody's table with one of our names": (
        "CREATE TABLE claims (id INT)",
        "The table claims is not of the old book, and its name is needed.",
    ),
    "somebody's view with one of our names": (
        "CREATE VIEW flags AS SELECT 1",
        "The table flags is not of the old book, and its name is needed.",
    ),
    "a taken place": ("CREATE TABLE legacy_patients (id INT)", "Rename or remove legacy_patients first."),
}


# Changed without complaint about values that the change cuts off.
LENIENT = "SET sql_mode = '';"


@pytest.mark.parametrize("case", CASES)
def test_a_difference_stops_the_adoption_before_it_touches_anything(case, old):
    change, told = CASES[case]
    old.execute(LENIENT + change)
    before = old.fingerprint()
    for work in (scratch.adopt, scratch.rehearse):
        said = old.run(work).stopped()
        assert told in said
        assert "Nothing was touched" in said
    assert old.fingerprint() == before


def test_a_database_without_the_old_book_is_left_alone(empty):
    assert "does not hold the old book" in empty.run(scratch.adopt).stopped()
    assert "does not hold the old book" in empty.run(scratch.go_back).stopped()
    assert "does not hold the old book" in empty.run(scratch.drop_originals).stopped()
    assert empty.tables() == []
