"""Runs in company: after another, beside another program, over what somebody left."""

import csv
import stat

import pytest

from tests.legacy import scratch
from tests.legacy.test_adoption import FIVE

pytestmark = pytest.mark.mariadb


def test_new_ids_go_on_after_those_that_the_old_database_gave(old):
    # Doctors up to 59 were deleted again: their ids must not come back as other people's.
    old.execute("ALTER TABLE doctors AUTO_INCREMENT = 60; ALTER TABLE patients AUTO_INCREMENT = 500")
    old.run(scratch.adopt).went_well()
    assert old.value("SELECT MIN(id) FROM patients WHERE id > 27") == 500
    old.execute(
        "INSERT INTO doctors (uuid, doctor_name, email, specialty_id, is_active, overbook_limit)"
        " VALUES (UUID(), 'Dr Lind', 'lind@clinic.example', 1, 1, 1)"
    )
    assert old.value("SELECT MAX(id) FROM doctors") == 60


def test_a_second_run_says_so_and_changes_nothing(adopted):
    before = adopted.fingerprint()
    said = adopted.run(scratch.adopt).went_well().said
    assert "already adopted; nothing is changed" in said
    assert "Verified: all 173 old rows" in said
    assert adopted.fingerprint() == before
    adopted.run(scratch.rehearse).went_well()
    assert adopted.fingerprint() == before


def test_a_second_run_finds_a_row_that_has_been_lost(adopted):
    adopted.execute("UPDATE appointments SET original_patient_name = 'Someone' WHERE id = 7")
    said = adopted.run(scratch.adopt).stopped()
    assert "f1e09e06-455b-4496-89f0-f4a1401b0277 has lost its original patient text" in said


def test_a_second_run_does_not_mind_normal_use(adopted):
    adopted.execute(
        "UPDATE appointments SET status = 'cancelled', version = 2 WHERE id = 121;"
        "DELETE FROM claims WHERE appointment_id = 121; UPDATE patients SET phone = '+34910555010'"
    )
    said = adopted.run(scratch.adopt).went_well().said
    assert "in normal use: patients: 87 changed" in said
    assert "in normal use: claims: 6 missing" in said


def test_the_report_is_the_same_before_and_after(old, tmp_path):
    old.run(scratch.reported(tmp_path / "dry.csv", dry_run=True)).went_well()
    old.run(scratch.reported(tmp_path / "real.csv", dry_run=False)).went_well()
    assert (tmp_path / "dry.csv").read_text() == (tmp_path / "real.csv").read_text()
    assert stat.S_IMODE((tmp_path / "dry.csv").stat().st_mode) == 0o600
    with (tmp_path / "real.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["uuid"] for row in rows if row["table"] == "appointments"}) == 135
    uuids = set(old.column("SELECT uuid FROM patients"))
    assert {row["uuid"] for row in rows if row["table"] == "patients"} == uuids
    flags = [flag for row in rows for flag in row["flag"].split("; ") if flag]
    assert len(flags) == old.value("SELECT COUNT(*) FROM flags") == 29


def test_rows_that_someone_booked_before_the_copy_stop_it(old):
    def only_migrated(say):
        from scheduling.legacy import adoption, fresh
        from scheduling.legacy.state import Place

        adoption.set_aside(Place.HERE, say)
        fresh.make_schema(say)

    old.run(only_migrated).went_well()
    old.execute("INSERT INTO specialties (uuid, specialty_name, is_active) VALUES (UUID(), 'New', 1)")
    before = old.fingerprint()
    assert "specialties holds rows that are not from the old book" in old.run(scratch.adopt).stopped()
    assert old.fingerprint() == before


def test_a_failed_migrate_on_the_old_tables_is_no_obstacle(old):
    def migrate(say):
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)

    assert "already exists" in old.run(migrate).said
    old.run(scratch.adopt).went_well()
    assert old.value("SELECT COUNT(*) FROM appointments") == 135
    others = old.column(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
        " AND table_collation <> 'utf8mb4_unicode_ci'"
    )
    assert others == []


def test_two_adoptions_at_once_are_refused(old):
    link = old.server.connect(old.name)
    cursor = link.cursor()
    cursor.execute(f"SELECT GET_LOCK('adopt_legacy.{old.name}', 0)")

    def hurried(say):
        from scheduling.legacy import state

        state.LOCK_SECONDS = 0
        scratch.adopt(say)

    assert "Another adopt_legacy is at work" in old.run(hurried).stopped()
    link.close()
    assert old.tables() == FIVE


def test_an_old_application_that_still_holds_the_tables_is_told(old):
    link = old.server.connect(old.name)
    link.autocommit(False)
    link.cursor().execute("SELECT * FROM doctors")

    def hurried(say):
        from scheduling.legacy import state

        state.PATIENCE_SECONDS = 1
        scratch.adopt(say)

    before = old.fingerprint()
    assert "Another program is using the tables" in old.run(hurried).stopped()
    link.close()
    assert old.fingerprint() == before
