"""How a database differs from the expected one; no database."""

import pytest

from scheduling.legacy.schema import EXPECTED, REVISION, VERSION_TABLE, Column, compare
from scheduling.legacy.stopped import AdoptionError

TYPES = {"a whole number": "int", "text": "varchar", "a date and time": "datetime"}


def as_expected():
    found = {
        table: [Column(c.name, TYPES[c.kind], c.may_be_null) for c in columns]
        for table, columns in EXPECTED.items()
    }
    return found | {VERSION_TABLE: [Column("version_num", "varchar", False)]}


def changed(table, name, column):
    found = as_expected()
    found[table] = [column if c.name == name else c for c in found[table]]
    found[table] = [c for c in found[table] if c]
    return found


def test_the_documented_schema_has_no_difference():
    assert compare(as_expected(), [REVISION]) == ([], [])


@pytest.mark.parametrize(
    ("named", "told"),
    [(["abc"], "says abc"), ([], "says nothing"), ([REVISION, "abc"], f"says {REVISION}, abc")],
)
def test_another_revision_is_a_difference(named, told):
    (problem,) = compare(as_expected(), named).problems
    assert told in problem


@pytest.mark.parametrize("table", as_expected())
def test_a_missing_table_is_a_difference(table):
    found = as_expected()
    del found[table]
    assert compare(found, [REVISION]).problems == [f"The table {table} is missing."]


def test_an_extra_column_is_a_difference_only_if_it_is_not_null():
    found = as_expected()
    found["patients"] += [Column("phone", "varchar", True), Column("age", "int", False)]
    assert compare(found, [REVISION]) == (
        ["patients.age is an extra column that is NOT NULL."],
        ["patients.phone is not known here: it stays in the kept original."],
    )


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (None, "The column appointments.description is missing."),
        (
            Column("description", "blob", False),
            "appointments.description is of type blob; it should be text.",
        ),
        (
            Column("description", "varchar", True),
            "appointments.description may be NULL; it should be NOT NULL.",
        ),
    ],
)
def test_a_column_of_another_kind_is_a_difference(column, told):
    assert compare(changed("appointments", "description", column), [REVISION]).problems == [told]


def test_a_long_list_of_reasons_is_cut_and_says_so():
    stopped = AdoptionError("Stop.", [str(n) for n in range(50)])
    assert str(stopped).splitlines()[-1] == "  ... and 30 more."
