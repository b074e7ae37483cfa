"""The report; no database."""

import csv
import io
import stat

import pytest

from scheduling.legacy import report
from tests.legacy.books import identity, plan, visit


def written(made):
    file = io.StringIO()
    count = report.write(file, made)
    rows = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert count == len(rows)
    return rows


def test_every_decision_about_an_appointment_is_a_line():
    made = plan(visit(1, "2027-03-28 02:15:00", patient="souza, ANA", status=None), visit(2, status="xyz"))
    ana = str(made.patients[0].uuid)
    lines = [tuple(row.values())[1:] for row in written(made) if row["table"] == "appointments"]
    assert lines == [
        (identity(1), "patient on record", "souza, ANA", ana, ""),
        (identity(1), "time", "2027-03-28 02:15:00", "2027-03-28T01:15:00+00:00", "time_never_was"),
        (identity(1), "status", "NULL", "pending", ""),
        (identity(1), "schedule", "", "lane 0", ""),
        (identity(2), "patient on record", "Ana Souza", ana, ""),
        (identity(2), "time", "2026-12-01 10:00:00", "2026-12-01T09:00:00+00:00", ""),
        (identity(2), "status", "xyz", "pending", "unknown_status"),
        (identity(2), "schedule", "", "lane 0", ""),
    ]


def test_overlaps_tell_the_lane_and_that_the_patient_is_not_claimed():
    made = plan(visit(1), visit(2))
    (later,) = [row for row in written(made) if row["what"] == "schedule" and row["uuid"] == identity(2)]
    assert later["became"] == "lane 1, patient not claimed"
    assert later["flag"] == "doctor_overlap; patient_overlap"


def test_new_patients_and_bad_addresses_are_lines():
    rows = written(plan(visit(1, patient="Madonna"), email="unknown"))
    assert next((r["original"], r["flag"]) for r in rows if r["table"] == "doctors") == (
        "unknown",
        "bad_email",
    )
    assert [(r["what"], r["original"], r["became"], r["flag"]) for r in rows if r["table"] == "patients"] == [
        ("kept", "Ana | Souza", "Ana | Souza", ""),
        ("new patient", "Madonna", "Madonna | ", "name_not_split"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+34", "-x", "@SUM(A1)"])
def test_no_cell_is_a_formula_for_a_spreadsheet(text):
    rows = written(plan(visit(1, patient=text)))
    assert f"'{text}" in [row["original"] for row in rows]
    assert text not in [cell for row in rows for cell in row.values()]


def test_the_file_is_for_its_owner_only_also_where_it_was_there(tmp_path):
    path = tmp_path / "report.csv"
    path.write_text("old")
    path.chmod(0o666)
    with report.open_private(str(path)) as file:
        report.write(file, plan(visit(1, patient="Zoë Núñez")))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Zoë Núñez" in path.read_text("utf-8")
