"""The adoption of the old clinic's own database."""

import json
from datetime import datetime

import pytest

from scheduling.booking.integrity import problems
from scheduling.times import grid
from tests.legacy import scratch

pytestmark = pytest.mark.mariadb

FIVE = ["alembic_version", "appointments", "doctors", "patients", "specialties"]


def test_a_dry_run_changes_nothing_and_tells_what_would_be_done(old, tmp_path):
    before = old.fingerprint()
    ended = old.run(scratch.reported(tmp_path / "dry.csv", dry_run=True)).went_well()
    assert old.fingerprint() == before
    assert "Dry run: nothing is changed." in ended.said
    assert (
        "Patients: 27 kept (20 of them recognised in appointments), 60 new; 14 to be reviewed" in ended.said
    )
    assert "5 had an unknown status" in ended.said
    assert "2 never were on the clinic's clocks, 2 came twice" in ended.said
    assert "4 overlap another of the same doctor (in 4 lanes)" in ended.said
    reads = {sql.split()[0] for sql in ended.statements}
    assert reads <= {"SELECT", "SHOW", "SET"}  # SET: the connection itself


def test_the_output_names_nobody(old):
    said = old.run(scratch.adopt).went_well().said
    for column, table in [
        ("patient_name", "legacy_appointments"),
        ("patient_lastname", "legacy_patients"),
        ("email", "legacy_doctors"),
    ]:
        for text in old.column(f"SELECT {column} FROM {table}"):
            # "Ana" is a part of other words, and "unknown" one of our own
            assert len(text) < 4 or text == "unknown" or text not in said


def test_every_old_row_is_there_with_its_id_and_uuid(adopted_once):
    counts = {}
    for table in FIVE[1:]:
        kept = adopted_once.execute(f"SELECT id, uuid FROM legacy_{table}")
        new = set(adopted_once.execute(f"SELECT id, uuid FROM {table}"))
        assert set(kept) <= new
        counts[table] = (len(kept), len(new))
    assert counts == {
        "appointments": (135, 135),
        "doctors": (6, 6),
        "patients": (27, 87),
        "specialties": (5, 5),
    }


def test_names_and_texts_are_kept_to_the_letter(adopted_once):
    for old, new in [
        ("SELECT id, specialty_name FROM legacy_specialties", "SELECT id, specialty_name FROM specialties"),
        (
            "SELECT id, doctor_name, email, specialty_id FROM legacy_doctors",
            "SELECT id, doctor_name, email, specialty_id FROM doctors",
        ),
        (
            "SELECT id, patient_name, patient_lastname FROM legacy_patients",
            "SELECT id, patient_name, patient_lastname FROM patients WHERE id <= 27",
        ),
        (
            "SELECT id, description, patient_name, doctor_id FROM legacy_appointments",
            "SELECT id, description, original_patient_name, doctor_id FROM appointments",
        ),
    ]:
        assert adopted_once.execute(f"{old} ORDER BY id") == adopted_once.execute(f"{new} ORDER BY id")


def test_each_appointment_has_one_event_with_its_original_texts(adopted_once):
    events = dict(adopted_once.execute("SELECT appointment_id, `before` FROM appointment_events"))
    assert adopted_once.value("SELECT COUNT(*) FROM appointment_events") == len(events) == 135
    old = adopted_once.execute(
        "SELECT id, status, appointment_datetime, patient_name FROM legacy_appointments"
    )
    for row, status, when, patient in old:
        assert json.loads(events[row]) == {
            "status": status,
            "appointment_datetime": f"{when:%Y-%m-%d %H:%M:%S}",
            "patient_name": patient,
        }
    assert set(adopted_once.execute("SELECT kind, channel, by_id, at FROM appointment_events")) == {
        ("adopted", "legacy", None, scratch.NOW.replace(tzinfo=None))
    }


def test_times_are_utc_across_the_nights_of_the_change(adopted_once):
    times = dict(
        adopted_once.execute(
            "SELECT o.appointment_datetime, n.appointment_datetime FROM legacy_appointments o"
            " JOIN appointments n ON n.id = o.id WHERE o.patient_name = 'Clock Edge'"
        )
    )
    assert times == {
        datetime(2026, 3, 29, 2, 30): datetime(2026, 3, 29, 1, 30),
        datetime(2026, 10, 25, 2, 30): datetime(2026, 10, 25, 0, 30),
        datetime(2027, 3, 28, 2, 15): datetime(2027, 3, 28, 1, 15),
        datetime(2027, 10, 31, 2, 45): datetime(2027, 10, 31, 0, 45),
        datetime(2027, 3, 14, 2, 30): datetime(2027, 3, 14, 1, 30),
        datetime(1999, 12, 31, 23, 59, 59): datetime(1999, 12, 31, 22, 59, 59),
        datetime(2099, 1, 1, 9, 0): datetime(2099, 1, 1, 8, 0),
        datetime(2024, 2, 29, 12, 0): datetime(2024, 2, 29, 11, 0),
    }
    flagged = adopted_once.execute(
        "SELECT f.kind, f.detail FROM flags f WHERE f.kind LIKE 'time%' ORDER BY f.detail"
    )
    assert flagged == (
        ("time_never_was", "2026-03-29 02:30:00"),
        ("time_came_twice", "2026-10-25 02:30:00"),
        ("time_never_was", "2027-03-28 02:15:00"),
        ("time_came_twice", "2027-10-31 02:45:00"),
    )


def test_the_colliding_visits_stand_in_lanes_0_to_3_and_are_flagged(adopted_once):
    claims = adopted_once.execute(
        "SELECT a.original_patient_name, c.lane, MIN(c.grain), COUNT(*), COUNT(c.patient_id) FROM claims c"
        " JOIN appointments a ON a.id = c.appointment_id"
        " JOIN flags f ON f.appointment_id = a.id AND f.kind = 'doctor_overlap'"
        " WHERE a.doctor_id = 1 GROUP BY a.id, c.lane ORDER BY c.lane"
    )
    ten = grid.grain_of(datetime(2026, 12, 9, 9, 0, tzinfo=scratch.NOW.tzinfo))
    assert claims == (
        ("Double 0", 0, ten, 6, 6),
        ("Double 1", 1, ten, 6, 6),
        ("Double 2", 2, ten, 6, 6),
        ("Over Lap", 3, ten + 2, 6, 6),
    )
    assert adopted_once.value("SELECT COUNT(*) FROM flags WHERE kind = 'doctor_overlap'") == 4


def test_the_schedule_is_what_the_appointments_say(adopted_once):
    def audit(say):
        say(repr(problems(now=scratch.NOW)))

    assert adopted_once.run(audit).went_well().said == "[]\n"
    assert adopted_once.value("SELECT COUNT(*) FROM claims") == 283
    assert adopted_once.value("SELECT COUNT(*) FROM claims WHERE patient_id IS NULL") == 0


def test_statuses_are_mapped_and_unknown_ones_flagged(adopted_once):
    mapped = set(
        adopted_once.execute(
            "SELECT CAST(o.status AS BINARY), n.status FROM legacy_appointments o"
            " JOIN appointments n ON n.id = o.id"
        )
    )
    assert mapped == {
        (None, "pending"),
        (b"", "pending"),
        (b"pending", "pending"),
        (b"Pending", "pending"),
        (b"PENDIENTE", "pending"),
        (b"xyz", "pending"),
        (b"confirmed", "confirmed"),
        (b"completed", "completed"),
        (b"done", "completed"),
        (b"atendido", "completed"),
        (b"CANCELLED", "cancelled"),
        (b"canceled", "cancelled"),
        (b"cancelada", "cancelled"),
        (b"No Show", "no_show"),
        (b"no-show", "no_show"),
    }
    unknown = adopted_once.column("SELECT appointment_id FROM flags WHERE kind = 'unknown_status' ORDER BY 1")
    assert unknown == adopted_once.column(
        "SELECT id FROM legacy_appointments WHERE status = 'xyz' ORDER BY 1"
    )


def test_patients_are_linked_or_new_and_can_be_searched(adopted_once):
    linked = dict(
        adopted_once.execute("SELECT original_patient_name, patient_id FROM appointments WHERE id < 121")
    )
    assert {linked[text] for text in ("Li, Pablo", "PABLO LI", "Pablo Li")} == {5}
    assert {linked[t] for t in ("D'Angelo Kowalski, José", "josé d'angelo kowalski")} == {9}
    several = adopted_once.column("SELECT detail FROM flags WHERE kind = 'several_patients' ORDER BY detail")
    assert several == ["José García (2)", "Miguel García (2)"]
    assert adopted_once.value("SELECT COUNT(*) FROM flags WHERE kind = 'name_not_split'") == 12
    reviewed = adopted_once.column("SELECT id FROM patients WHERE needs_review")
    assert sorted(reviewed) == sorted(
        adopted_once.column("SELECT patient_id FROM flags WHERE patient_id > 27")
    )
    nameless = adopted_once.execute(
        "SELECT patient_name, patient_lastname FROM patients WHERE search_key = ''"
    )
    assert nameless == (("", ""),)
    assert adopted_once.value("SELECT search_key FROM patients WHERE id = 9") == "jose d angelo kowalski"


def test_a_bad_address_is_kept_and_flagged(adopted_once):
    assert adopted_once.value("SELECT email FROM doctors WHERE id = 5") == "unknown"
    bad = adopted_once.execute("SELECT doctor_id, detail FROM flags WHERE kind = 'bad_email'")
    assert bad == ((5, "unknown"),)


def test_the_new_tables_are_utf8mb4_whatever_the_database_was(adopted_once):
    # The fixture's database was made with latin1 as its default.
    others = adopted_once.column(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
        " AND table_collation <> 'utf8mb4_unicode_ci'"
    )
    assert others == []
    columns = adopted_once.execute(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = DATABASE()"
        " AND data_type IN ('varchar', 'char') AND collation_name <> 'utf8mb4_unicode_ci'"
    )
    assert columns == (("patient_words", "word", "utf8mb4_bin"),)  # compared letter by letter
    flu = adopted_once.column("SELECT HEX(description) FROM appointments WHERE description LIKE '% flu'")
    assert set(flu) == {"🤧 flu".encode().hex().upper()}


def test_old_tables_in_latin1_are_read_as_they_were_meant(old):
    old.execute(
        "UPDATE patients SET patient_lastname = REPLACE(REPLACE(patient_lastname, 'ễ', 'e'), 'Ś', 'S');"
        "UPDATE patients SET patient_lastname = REPLACE(patient_lastname, 'ą', 'a');"
        "ALTER TABLE patients CONVERT TO CHARACTER SET latin1"
    )
    old.run(scratch.adopt).went_well()
    name = old.value("SELECT HEX(patient_lastname) FROM patients WHERE id = 3")
    assert name == "Díaz Müller".encode().hex().upper()


def test_other_peoples_tables_and_columns_stay_with_the_originals(old):
    old.execute(
        "CREATE TABLE invoices (id INT PRIMARY KEY, appointment_id INT,"
        " FOREIGN KEY (appointment_id) REFERENCES appointments (id)); INSERT INTO invoices VALUES (1, 2);"
        "ALTER TABLE doctors ADD COLUMN room VARCHAR(20) NULL; UPDATE doctors SET room = 'B2'"
    )
    assert "doctors.room is not known here" in old.run(scratch.adopt).went_well().said
    assert set(old.column("SELECT room FROM legacy_doctors")) == {"B2"}
    assert "`legacy_appointments`" in old.execute("SHOW CREATE TABLE invoices")[0][1]
    before = old.execute("SELECT * FROM invoices")
    old.run(scratch.go_back).went_well()
    assert "REFERENCES `appointments`" in old.execute("SHOW CREATE TABLE invoices")[0][1]
    assert old.execute("SELECT * FROM invoices") == before


DATES_THAT_CANNOT_BE = {
    121: "9999-12-31 23:59:59",
    122: "9998-06-01 10:00:00",
    123: "2206-03-02 10:00:00",
    124: "0001-01-01 00:00:00",
    125: "0000-00-00 00:00:00",
}


def test_a_date_that_cannot_be_is_kept_with_its_text_flagged_and_takes_no_time(old):
    for row, text in DATES_THAT_CANNOT_BE.items():
        old.execute(
            f"SET sql_mode = ''; UPDATE appointments SET appointment_datetime = '{text}', status = 'pending'"
            f" WHERE id = {row}"
        )
    old.run(scratch.adopt).went_well()
    keys = ", ".join(map(str, DATES_THAT_CANNOT_BE))
    flagged = old.execute(
        "SELECT appointment_id, detail FROM flags"
        f" WHERE kind = 'date_cannot_be' AND appointment_id IN ({keys})"
    )
    assert dict(flagged) == DATES_THAT_CANNOT_BE
    events = old.execute(
        f"SELECT appointment_id, `before` FROM appointment_events WHERE appointment_id IN ({keys})"
    )
    kept = {row: json.loads(before)["appointment_datetime"] for row, before in events}
    assert kept == DATES_THAT_CANNOT_BE
    assert old.execute(f"SELECT COUNT(*) FROM claims WHERE appointment_id IN ({keys})") == ((0,),)
    assert old.execute(f"SELECT COUNT(*) FROM appointments WHERE id IN ({keys})") == ((5,),)


def test_nobody_is_told_of_the_past(old, settings):
    settings.NOTICE_CHANNELS = ["email"]
    old.run(scratch.adopt).went_well()
    assert old.execute("SELECT COUNT(*) FROM appointments") == ((135,),)
    assert old.execute("SELECT COUNT(*) FROM notices") == ((0,),)
