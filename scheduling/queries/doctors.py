"""Doctors as pages offer them."""

from typing import Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField

from scheduling.models import Doctor, Specialty, VisitType
from scheduling.models.statements import Given, Reading

COLUMNS: Final = [field.attname for field in Specialty._meta.concrete_fields]
READ: Final = Reading(
    lambda: (
        Doctor.objects.filter(pk=Given("key", BigIntegerField()))
        .order_by()
        .values_list(*(f"specialty__{name}" for name in COLUMNS), "visit_types")
    )
)


def of(specialty: Specialty | None, kind: VisitType | None = None) -> list[Doctor]:
    """The active doctors of a specialty, or all of them, who give this type of visit, with their specialty:
    1 query."""
    rows = Doctor.objects.active().giving(kind).select_related("specialty")
    return list(rows if specialty is None else rows.filter(specialty=specialty))


def if_gives(doctor: Doctor, kind: VisitType | None) -> list[Doctor]:
    """The doctor, where they give this type: 1 query, none without a type."""
    is_given = kind is None or Doctor.objects.giving(kind).filter(pk=doctor.pk).exists()
    return [doctor] if is_given else []


def types_given_by(doctor: Doctor) -> frozenset[int]:
    """The visit types (keys) that a doctor gives, none where it is all of them. Reads the doctor's specialty,
    too. 1 query."""
    given = set()
    for *columns, kind in READ.rows({"key": doctor.pk}):
        doctor.specialty = Specialty.from_db(DEFAULT_DB_ALIAS, COLUMNS, columns)
        given.add(kind)
    return frozenset(given - {None})
