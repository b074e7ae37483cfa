"""Doctors as pages offer them."""

from typing import Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField

from scheduling.models import Doctor, Specialty
from scheduling.models.statements import Given, Reading

COLUMNS: Final = [field.attname for field in Specialty._meta.concrete_fields]
SPECIALTY: Final = Reading(
    lambda: Specialty.objects.filter(pk=Given("key", BigIntegerField())).values_list(*COLUMNS)
)


def of(specialty: Specialty | None) -> list[Doctor]:
    """The active doctors of a specialty, or all of them, with their specialty: 1 query."""
    rows = Doctor.objects.active().select_related("specialty")
    return list(rows if specialty is None else rows.filter(specialty=specialty))


def with_specialty(doctor: Doctor) -> Doctor:
    """The same, of whom the specialty is read: 1 query."""
    for row in SPECIALTY.rows({"key": doctor.specialty_id}):
        doctor.specialty = Specialty.from_db(DEFAULT_DB_ALIAS, COLUMNS, row)
    return doctor
