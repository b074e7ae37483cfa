"""The models of the release before write and read their rows in the tables as they are now.

`python -m tests.upgrade` runs that release's own code; this sees the same of each column, in a moment.
"""

import itertools
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, models
from django.db.migrations.executor import MigrationExecutor
from phonenumber_field.modelfields import PhoneNumberField

from scheduling.models.fields import UUIDTextField
from tests.upgrade.released import MIGRATIONS

pytestmark = pytest.mark.django_db

numbers = itertools.count()
VALUES = {
    models.BooleanField: True,
    models.DateField: date(2026, 3, 2),
    models.DateTimeField: datetime(2026, 3, 2, 8, tzinfo=UTC),
    models.JSONField: [],
    models.TextField: "a",
    models.TimeField: time(8),
    UUIDTextField: UUID("6b6f5a50-0d5c-4b0e-9f3a-0e6f2f5d7a11"),
    models.UUIDField: UUID("6b6f5a50-0d5c-4b0e-9f3a-0e6f2f5d7a11"),
    PhoneNumberField: "",
}
# Where the general value breaks a constraint.
OWN = {
    "Flag.doctor": None,  # about exactly one row
    "Flag.patient": None,
    "Appointment.minutes": 30,
    "WorkingHours.ends": time(9),
    "TimeOff.ends_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "ExtraHours.ends_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "VisitType.minutes": 30,
    "WorkingHours.valid_until": date(2026, 3, 3),
}


@pytest.fixture
def released():
    """The models of the release, as its migrations left them."""
    return MigrationExecutor(connection).loader.project_state(MIGRATIONS).apps


def ours(apps):
    return [model for model in apps.get_models() if model._meta.app_label in {"accounts", "scheduling"}]


def value_of(field):
    found = [VALUES[kind] for kind in type(field).__mro__ if kind in VALUES]
    return found[0] if found else field.to_python(f"{next(numbers)}")


def row_of(model, made):
    """A row with a value in each column; rows that it refers to are made first."""
    if model in made:
        return made[model]
    values = {}
    for field in model._meta.concrete_fields:
        if field.primary_key and field.get_internal_type().endswith("AutoField"):
            continue
        name = f"{model.__name__}.{field.name}"
        if name in OWN:
            values[field.name] = OWN[name]
        elif field.is_relation:
            is_itself = field.related_model is model
            # A row about two of a kind needs two.
            others = {} if field.related_model in {type(value) for value in values.values()} else made
            values[field.name] = None if is_itself else row_of(field.related_model, others)
        elif field.choices:
            values[field.name] = field.choices[0][0]
        elif field.has_default():
            values[field.name] = field.get_default()
        else:
            values[field.name] = value_of(field)
    made[model] = model._default_manager.create(**values)
    return made[model]


def test_each_model_of_the_release_before_still_writes_and_reads_its_rows(released):
    made = {}
    for model in ours(released):
        row = row_of(model, made)
        again = model._default_manager.get(pk=row.pk)
        for field in model._meta.concrete_fields:
            assert getattr(again, field.attname) == getattr(row, field.attname), field
        again.save()


@pytest.mark.django_db(transaction=True)
def test_the_trial_finds_a_column_that_got_another_name(released):
    patient = next(model for model in ours(released) if model.__name__ == "Patient")
    rename = "ALTER TABLE patients RENAME COLUMN {} TO {}"
    with connection.cursor() as cursor:
        cursor.execute(rename.format("note", "remark"))
        try:
            with pytest.raises(DatabaseError, match="note"):
                row_of(patient, {})
        finally:
            cursor.execute(rename.format("remark", "note"))
